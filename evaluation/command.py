"""The evaluation as one call, for the command line: sets in, figures, rows and failures out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cache import cache_folder
from assistant.errors import EvaluationError
from assistant.progress import Progress
from evaluation.engines import EngineFactory, open_engine
from evaluation.failures import write_failures, write_passage_failures
from evaluation.kinds import PassageJudge, is_kinds_set, load_passages, run_kinds
from evaluation.progress import Estimate
from evaluation.result import FORM, pair_rows, write_result
from evaluation.runner import EVALUATION_DAY, Workers, run_set
from evaluation.sets import EvaluationSet, digest_of, load_set, narrowed
from evaluation.summary import summarise
from ingestion.models import DocumentRead

if TYPE_CHECKING:
    from assistant.engine import EngineSettings


def run(
    sets: Sequence[Path],
    json_out: Path | None = None,
    *,
    failures: Path | None = None,
    cache: Path | None = None,
    only: Collection[str] | None = None,
    documents: int | None = None,
    workers: int = 2,
    today: date = EVALUATION_DAY,
    settings: EngineSettings | None = None,
    factory: EngineFactory | None = None,
    reader: Callable[[Path], DocumentRead] | None = None,
    practice: PassageJudge | None = None,
    progress: Callable[[str], Progress] = Estimate,
) -> dict[str, Any]:
    """Run the engine over sets and give the result; write it to `json_out` and the worst cases to `failures`.

    Both are written after each set, so what is finished stays when the rest is stopped (`unfinished` names it).

    `only` keeps some requirements, `documents` the first few documents of each set (scope document): for a quick look.
    `settings` are the engine's (without them the shipped models are measured), `factory` opens another engine.
    `progress` makes a progress for each set from its name. All sets are loaded and checked before the first one runs.
    Raises `EvaluationError`.
    """
    loaded = _load(sets, only, documents)
    if factory is None:
        factory, settings = _product(settings)
    folder = cache or cache_folder("evaluation")
    result: dict[str, Any] = {
        "form": FORM,
        "today": today.isoformat(),
        "partial": bool(only or documents),
        "only": sorted(only or ()),
        "documents": documents,
        "settings": settings.model_dump() if settings is not None else None,
        "unfinished": list(loaded),
        "sets": {},
    }
    rows: dict[str, list[dict[str, Any]]] = {}
    with Workers(workers) as pool:
        for name, chosen in loaded.items():
            if isinstance(chosen, Path):
                block, rows[name] = run_kinds(chosen, practice)
                block["set_digest"] = digest_of(chosen)
                if failures is not None:
                    chances = [row["strength"] for row in rows[name]]
                    write_passage_failures(failures, name, load_passages(chosen), chances)
            else:
                done = run_set(
                    chosen, factory, cache=folder, workers=pool, today=today, progress=progress(name), reader=reader
                )
                block = {
                    **summarise(done),
                    "engine": done.engine,
                    "framework_digest": chosen.framework.digest(),
                    "set_digest": digest_of(chosen.folder),
                }
                rows[name] = list(pair_rows(done.rows))
                if failures is not None:
                    write_failures(failures, chosen, done.rows)
            result["sets"][name] = block
            result["unfinished"].remove(name)
            if json_out is not None:
                write_result(json_out, result, rows)
    return result


def _product(settings: EngineSettings | None) -> tuple[EngineFactory, EngineSettings]:
    """How the product's engine is opened with these settings, or with its own."""
    from assistant.engine import EngineSettings  # heavy, and not needed for floors and scripted engines

    chosen = settings or EngineSettings()
    return partial(open_engine, settings=chosen), chosen


def _load(sets: Sequence[Path], only: Collection[str] | None, documents: int | None) -> dict[str, EvaluationSet | Path]:
    if not sets:
        raise EvaluationError("Give at least one evaluation set: a folder with labels.jsonl or passages.jsonl.")
    loaded: dict[str, EvaluationSet | Path] = {}
    for folder in map(Path, sets):
        name = folder.resolve().name
        if name in loaded:
            raise EvaluationError(f"Two sets are called {name}; rename the folder {folder}.")
        if is_kinds_set(folder):
            if only:
                raise EvaluationError(
                    f"{name} is a set of single passages, which have no requirements: leave out the set or --only."
                )
            load_passages(folder)  # what is wrong is said before the first set runs
            loaded[name] = folder
        else:
            loaded[name] = narrowed(load_set(folder), only, documents)
    return loaded
