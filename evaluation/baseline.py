"""Stored figures that later versions may not fall under: `python -m evaluation.baseline` writes and checks them.

A baseline names for each set its metrics with value and tolerance, and what they were measured on: other documents or
labels, or another number of them, are refused. Engine and built-in catalogue may differ, for they are what is guarded;
which ones gave the stored figures is said after a fall. For metrics where less is better (calibration error,
abstentions, false gaps) a rise counts as a fall. `golden.json` guards the sample site and the set of nine languages
everywhere, `dev.json` small development sets where the data folder is there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Self

import click
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.errors import AssayError, EvaluationError
from evaluation.kinds import is_kinds_set
from evaluation.sets import digest_of, load_set, narrowed

BASELINES = Path(__file__).parent / "baselines"

WATCHED: tuple[str, ...] = (
    "evidence.hit@1",
    "evidence.recall@5",
    "evidence.recall@10",
    "evidence.map",
    "evidence_passages.recall@5",
    "evidence_passages.recall@10",
    "evidence_passages.map",
    "evidence_paragraphs.ndcg@10",
    "gap.f1",
    "gap.balanced_accuracy",
    "gap.auroc",
    "supported.precision",
    "supported.recall",
    "contradicted.f1",
    "pairs.f1",
    "kinds.macro_f1",
    "calibration.ece",
    "calibration.ece_finding",
)
"""What a stored baseline holds, where the set has it."""

LESS_IS_BETTER = frozenset({"calibration.ece", "calibration.ece_finding", "gap.abstained", "gap.false_gap_rate"})

TOLERANCE = 0.02
"""How far a metric may fall: above the noise of ties broken otherwise, below any change worth explaining. In a set with
fewer than fifty judged pairs one of them weighs more, so there one pair may fall, but never more than this:"""

MOST_TOLERANCE = 0.05

GUARDS: dict[str, dict[str, int | None]] = {
    "golden": {"sample_site": None, "languages": None},
    "dev": {"udhr-es": None, "udhr-pl": None, "udhr-zh": None, "diras": None, "contractnli-dev": 4},
}
"""The sets of each stored baseline with how many of their documents (all: none): small enough for every change."""

SAMPLE_SITE = Path(__file__).parent / "sample_site"
OURS = {folder.name: folder for folder in (SAMPLE_SITE, SAMPLE_SITE.with_name("languages"))}
"""The sets that stand beside the code."""


class Floor(BaseModel):
    """A stored figure and how far later ones may fall below it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    tolerance: float


class Source(BaseModel):
    """What the figures of a set were measured on, and by what: `engine` and `framework_digest` where recorded.

    `documents` is how many were measured; a set of single passages has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    set_digest: str
    documents: int | None = None
    framework_digest: str = ""
    engine: str = ""


class Baseline(BaseModel):
    """Stored figures by set and metric, and the source of each set.

    `documents` says of which sets only the first few were measured, `only` to which requirements all were narrowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: dict[str, dict[str, Floor]]
    sources: dict[str, Source]
    documents: dict[str, int] = {}
    only: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _each_has_a_source(self) -> Self:
        if missing := sorted(set(self.sets) - set(self.sources)):
            raise ValueError(f"it does not say on what {missing[0]} was measured, store it again")
        return self


def make_baseline(
    result: dict[str, Any], tolerance: float = TOLERANCE, documents: Mapping[str, int] | None = None
) -> Baseline:
    """A baseline from the figures of a result; `documents` says of which sets it holds the first few only.

    Without it, what the result itself says of `--documents` counts.
    """
    sets: dict[str, dict[str, Floor]] = {}
    for name, block in result["sets"].items():
        found = {metric: _value(block, metric) for metric in WATCHED}
        sets[name] = {
            metric: Floor(value=value, tolerance=max(tolerance, min(MOST_TOLERANCE, _one_pair(block, metric))))
            for metric, value in found.items()
            if value is not None
        }
    if documents is None:
        few = result.get("documents")
        documents = {name: few for name in sets if few and result["sets"][name].get("scope") == "document"}
    return Baseline(
        sets=sets,
        sources={name: _source(block) for name, block in result["sets"].items()},
        documents=dict(documents),
        only=tuple(result.get("only", ())),
    )


def guarded_sets(guard: str, data: Path | None) -> dict[str, Path]:
    """The folders of a guard's sets that are here: the sample site, and those of a data folder."""
    folders = {name: OURS.get(name) or (data and data / name) for name in GUARDS[guard]}
    return {name: folder for name, folder in folders.items() if folder and (folder / "labels.jsonl").is_file()}


def measure_guarded(folders: Mapping[str, Path], documents: Mapping[str, int], **options: Any) -> dict[str, Any]:
    """One result over sets of which some are measured by their first few documents only.

    `options` go to `evaluation.command.run`.
    """
    from evaluation.command import run

    blocks: dict[str, Any] = {}
    for count in sorted({documents.get(name, 0) for name in folders}):
        chosen = [folder for name, folder in folders.items() if documents.get(name, 0) == count]
        blocks |= run(chosen, documents=count or None, **options)["sets"]
    return {"sets": blocks}


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Store a baseline."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(baseline.model_dump(), indent=1) + "\n", encoding="utf-8")


def read_baseline(path: Path) -> Baseline:
    """Read a stored baseline. Raises `EvaluationError` when it is missing or wrong."""
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvaluationError(f"The baseline {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"The baseline {path} is wrong: it is not UTF-8 text.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise EvaluationError(f"The baseline {path} is wrong: {f'{where}: ' if where else ''}{message}.") from error


def check_sources(
    baseline: Baseline,
    folders: Mapping[str, Path],
    *,
    documents: Mapping[str, int] | int | None = None,
    only: Collection[str] = (),
) -> None:
    """Whether these sets, narrowed like this, are what the baseline was measured on: asked before they are measured.

    Raises `EvaluationError` in one sentence where they are not.
    """
    _check_shared(baseline, folders)
    _check_only(baseline, only)
    for name, folder in folders.items():
        if name in baseline.sets:
            few = documents.get(name) if isinstance(documents, Mapping) else documents
            count = None if is_kinds_set(folder) else len(narrowed(load_set(folder), only, few).measured)
            _check_source(name, baseline.sources[name], digest_of(folder), count)


def not_checked(baseline: Baseline, measured: Collection[str]) -> list[str]:
    """One sentence for the guarded sets that were not measured, and one for measured sets that are not guarded."""
    absent = [name for name in baseline.sets if name not in measured]
    beside = [name for name in measured if name not in baseline.sets]
    sentences = [f"Not checked, for it was not measured: {', '.join(absent)}."] if absent else []
    return sentences + ([f"Not checked, for the baseline has no figures of it: {', '.join(beside)}."] if beside else [])


def falls(result: dict[str, Any], baseline: Baseline) -> list[str]:
    """One sentence for each figure that fell by more than its tolerance, and for each set with unverified quotes.

    Sets that only one of the two has are left out (`not_checked` names them). Raises `EvaluationError` when they share
    none, or when what was measured is not what the baseline was measured on.
    """
    _check_shared(baseline, result["sets"])
    _check_only(baseline, result.get("only", ()))
    sentences = []
    for name in [name for name in baseline.sets if name in result["sets"]]:
        block = result["sets"][name]
        now = _source(block)
        _check_source(name, baseline.sources[name], now.set_digest, now.documents)
        quotes = block.get("quotes")
        if quotes is not None and quotes["verified"] != quotes["shown"]:
            sentences.append(f"{name}: {quotes['shown']} quotes are shown but {quotes['verified']} verified.")
        for metric, floor in baseline.sets[name].items():
            value = _value(block, metric)
            if value is None:
                sentences.append(f"{name}: {metric} was {floor.value:.3f} and is not measured any more.")
                continue
            loss = value - floor.value if metric in LESS_IS_BETTER else floor.value - value
            if loss > floor.tolerance:
                sentences.append(f"{name}: {metric} went from {floor.value:.3f} to {value:.3f}.")
    return sentences


def changed_since(result: dict[str, Any], baseline: Baseline) -> list[str]:
    """What of the product is not as it was when the figures were stored, to be said after a fall."""
    sentences = []
    for name, before in baseline.sources.items():
        if name in result["sets"]:
            now = _source(result["sets"][name])
            if before.engine and before.engine != now.engine:
                sentences.append(f"{name}: the stored figures are of {before.engine}, the new ones of {now.engine}.")
            if before.framework_digest and before.framework_digest != now.framework_digest:
                sentences.append(f"{name}: the criteria have changed since its figures were stored.")
    return sentences


def _source(block: Mapping[str, Any]) -> Source:
    return Source(
        set_digest=block.get("set_digest", ""),
        documents=block.get("cost", {}).get("documents"),
        framework_digest=block.get("framework_digest", ""),
        engine=block.get("engine", {}).get("name", ""),
    )


def _check_shared(baseline: Baseline, names: Collection[str]) -> None:
    if not set(baseline.sets) & set(names):
        raise EvaluationError("The result and the baseline share no set, so nothing could be checked.")


def _check_only(baseline: Baseline, only: Collection[str]) -> None:
    if set(baseline.only) != set(only):
        stored, given = (", ".join(sorted(some)) or "all requirements" for some in (baseline.only, only))
        raise EvaluationError(f"The baseline is of {stored}, not of {given}: give the same --only, or store it again.")


def _check_source(name: str, source: Source, set_digest: str, documents: int | None) -> None:
    if source.documents != documents:
        raise EvaluationError(
            f"{name}: the baseline is of {source.documents} documents, not of {documents}: "
            "give the same --documents, or store it again."
        )
    if source.set_digest != set_digest:
        raise EvaluationError(
            f"{name}: the baseline was measured on other documents, labels or criteria: store it again."
        )


def _one_pair(block: dict[str, Any], metric: str) -> float:
    """What one judged pair weighs in the metric's mean, rounded up at the third decimal."""
    pairs = block.get(metric.partition(".")[0], {}).get("pairs")
    return round(1 / pairs + 0.0005, 3) if pairs else 0.0


def _value(block: dict[str, Any], metric: str) -> float | None:
    part, _, name = metric.partition(".")
    stored = block.get(part, {}).get(name)
    value = stored["value"] if isinstance(stored, dict) else stored
    return None if value is None else float(value)


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the sets.")
@click.option(
    "--guard", "guards", multiple=True, type=click.Choice(sorted(GUARDS)), help="Only this one. Default: all."
)
@click.option("--store", is_flag=True, help="Store the figures measured now, in place of what was stored.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Folder for readings and vectors.")
def main(data: Path | None, guards: tuple[str, ...], store: bool, workers: int, cache: Path | None) -> None:
    """Check the engine against the stored figures, or store new ones (`--store`). The exit code is 1 after a fall."""
    from evaluation.removal_guard import guard_removals

    sets = data / "sets" if data and (data / "sets").is_dir() else data
    fallen: list[str] = []
    try:
        for guard in guards or sorted(GUARDS):
            path, folders = BASELINES / f"{guard}.json", guarded_sets(guard, sets)
            if SAMPLE_SITE.name in folders:
                fallen += guard_removals(folders[SAMPLE_SITE.name], BASELINES, store, workers=workers, cache=cache)
            if store and (missing := sorted(set(GUARDS[guard]) - set(folders))):
                raise EvaluationError(f"The baseline {guard} needs the set {missing[0]}: give its folder with --data.")
            if not folders or not (store or path.exists()):
                click.echo(f"{guard}: nothing is stored, or none of its sets is here.")
                continue
            stored = None if store else read_baseline(path)
            documents = stored.documents if stored else _documents(guard)
            if stored:
                check_sources(stored, folders, documents=documents)
            result = measure_guarded(folders, documents, workers=workers, cache=cache)
            if stored is None:
                write_baseline(make_baseline(result, documents=documents), path)
                click.echo(f"{guard}: stored figures of {', '.join(folders)}.")
            else:
                found = falls(result, stored)
                click.echo(" ".join([f"{guard}: {len(found)} figures fell.", *not_checked(stored, result["sets"])]))
                fallen += [*found, *(changed_since(result, stored) if found else ())]
    except AssayError as error:
        raise click.ClickException(str(error)) from error
    for sentence in fallen:
        click.secho(sentence, fg="red", err=True)
    raise SystemExit(int(bool(fallen)))


def _documents(guard: str) -> dict[str, int]:
    return {name: count for name, count in GUARDS[guard].items() if count}


if __name__ == "__main__":
    main()
