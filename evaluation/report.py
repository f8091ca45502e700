"""`python -m evaluation.report --data DIR --into evaluation/results`: fill the whole table of aims.

Measures every labelled set of DIR with the shipped model and, for each `--without NAME=WEIGHTS`, the set NAME with
weights that `python -m evaluation.training --data DIR --leave-out NAME --out WEIGHTS` trained without it; then the
removal test and the site of 10,000 pages. With `--folds FOLDS`, which `python -m evaluation.training --folds FOLDS`
wrote, each document of the sets that trained the model is measured with the weights that did not see it, in the
removal test too. Writes aims.json and aims.md: figures, aims, intervals, what made them, no text of any set and no
path. Each part is kept in the cache until code, weights or data change, so the command can be stopped and goes on where
it was.
`--keep-left-out aims.json` takes the figures of weights that are no longer at hand from an earlier report; the page
says from when they are.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import click

import assistant
import ingestion
from assistant.cache import cache_folder
from assistant.errors import AssayError, EvaluationError
from evaluation.aims import OWN_SITE, Measured, family_of, fill, seen_of
from evaluation.aims_page import aims_page
from evaluation.benchmark import PAGES, run_benchmark
from evaluation.engines import EngineFactory, open_engine
from evaluation.held_out import can_be_held_out, fold_weights, run_held_out
from evaluation.kinds import is_kinds_set, run_kinds
from evaluation.progress import Estimate
from evaluation.removal import CASES, run_removal, run_removal_held_out
from evaluation.runner import EVALUATION_DAY, Workers, run_set
from evaluation.sets import load_set
from evaluation.summary import summarise
from evaluation.weights import kinds_out_of_fold, trained_sets

FORM = 1
"""Version of the form of aims.json."""

SAMPLE_SITE = Path(__file__).parent / OWN_SITE
REMOVAL_SETS: tuple[str, ...] = (OWN_SITE, "copper-docs-dev", "aims-au", "gdpr-dpa-dev")
"""The golden site, copper-docs, and two sets where every passage was judged: one in training, one never seen."""

PARTS: tuple[str, ...] = ("sets", "removal", "benchmark")
_LEFT_OUT_OF_BLOCKS = frozenset({"by_requirement", "engine", "framework_digest"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: `sets` by name, weights `without` a set by its name, and how much of the rest."""

    sets: Mapping[str, Path]
    without: Mapping[str, Path]
    parts: Collection[str] = PARTS
    removal_sets: Sequence[str] = REMOVAL_SETS
    cases: int = CASES
    pages: int = PAGES
    folds: Path | None = None
    cache: Path | None = None
    workers: int = 2
    fresh: bool = False
    earlier: Mapping[str, Any] = field(default_factory=dict)
    """An earlier report, whose figures of left-out weights stay for sets without new weights."""


def plan_sets(data: Path, names: Collection[str] = ()) -> dict[str, Path]:
    """The sample site and the sets of a data folder (or those of these names). Raises `EvaluationError`."""
    folder = data / "sets" if (data / "sets").is_dir() else data
    found = {SAMPLE_SITE.name: SAMPLE_SITE}
    found |= {
        path.name: path
        for path in sorted(folder.iterdir())
        if (path / "labels.jsonl").is_file() or (path.is_dir() and is_kinds_set(path))
    }
    if unknown := sorted(set(names) - set(found)):
        raise EvaluationError(f"There is no set {unknown[0]} in {folder}. Sets there: {', '.join(found)}.")
    return {name: path for name, path in found.items() if not names or name in names}


def open_with(weights: Path | None) -> EngineFactory:
    """Opens the product's engine with the shipped weights, or with those of a folder."""
    return partial(open_engine, weights=weights)


def measure(plan: Plan, opens: Callable[[Path | None], EngineFactory] = open_with) -> dict[str, Any]:
    """Run what the plan says and give the report. Raises `EvaluationError`, also for weights that saw their set."""
    trained = trained_sets()
    _check_without(plan)
    cache = plan.cache or cache_folder("evaluation")
    blocks: dict[str, dict[str, Any]] = {}
    left_out: dict[str, dict[str, Any]] = {}
    removal: dict[str, dict[str, Any]] = {}
    removal_left_out: dict[str, dict[str, Any]] = {}
    held_out: dict[str, dict[str, Any]] = {}
    removal_held_out: dict[str, dict[str, Any]] = {}
    folds = fold_weights(plan.folds) if plan.folds else []
    with Workers(plan.workers) as workers:
        for weights, names in _by_weights(plan):
            opened = opens(weights)
            for name in names:
                folder = plan.sets[name]
                key = [_digest_of(folder), _digest_of(weights) if weights else ""]
                if "sets" in plan.parts:
                    block = _kept(plan, cache, ["set", *key], partial(_set_block, folder, opened, cache, workers))
                    (left_out if weights else blocks)[name] = block
                if "removal" in plan.parts and name in plan.removal_sets:
                    compute = partial(_removal_block, folder, opened, cache, workers, plan.cases)
                    block = _kept(plan, cache, ["removal", str(plan.cases), *key], compute)
                    (removal_left_out if weights else removal)[name] = block
        for name in _held_out_sets(plan, trained):
            folder, factories = plan.sets[name], [opens(one) for one in folds]
            key = [_digest_of(folder), *map(_digest_of, folds)]
            if "sets" in plan.parts:
                compute = partial(_held_out_block, folder, factories, cache, workers)
                held_out[name] = _kept(plan, cache, ["held-out", *key], compute)
            if "removal" in plan.parts and name in plan.removal_sets:
                compute = partial(_removal_held_out_block, folder, factories, cache, workers, plan.cases)
                block = _kept(plan, cache, ["removal-held-out", str(plan.cases), *key], compute)
                removal_held_out[name] = block
    benchmark: dict[str, Any] = {}
    if "benchmark" in plan.parts:
        compute = partial(run_benchmark, opens(None), pages=plan.pages, progress=Estimate("benchmark"))
        benchmark = _kept(plan, cache, ["benchmark", str(plan.pages)], compute)
    made = {name: {"trained_on": list(trained_sets(path))} for name, path in plan.without.items()}
    for name, origin in plan.earlier.get("left_out", {}).items():
        if name in plan.sets and name not in made:
            made[name] = {"date": plan.earlier["date"], **origin}
            for part, kept in (("sets_left_out", left_out), ("removal_left_out", removal_left_out)):
                kept |= {name: plan.earlier[part][name]} if name in plan.earlier[part] else {}
    measured = Measured(
        blocks, left_out, removal, removal_left_out, held_out, benchmark, trained,
        kinds_held_out=kinds_out_of_fold(), removal_held_out=removal_held_out,
    )  # fmt: skip
    return {
        "form": FORM,
        "date": date.today().isoformat(),
        "judged_as_of": EVALUATION_DAY.isoformat(),
        "cores": os.cpu_count(),
        "engine": _engine(blocks, benchmark),
        "trained_on": list(trained),
        "left_out": made,
        "aims": fill(measured),
        "sets": {name: {"seen": seen_of(name, trained), **_shortened(block)} for name, block in blocks.items()},
        "sets_left_out": {name: _shortened(block) for name, block in left_out.items()},
        "sets_held_out": {name: _shortened(block) for name, block in held_out.items()},
        "removal": removal,
        "removal_left_out": removal_left_out,
        "removal_held_out": removal_held_out,
        "benchmark": benchmark,
    }


def write_report(report: dict[str, Any], into: Path) -> None:
    """Write aims.json and aims.md. Raises `EvaluationError` when the folder cannot be written."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        (into / "aims.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (into / "aims.md").write_text(aims_page(report), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The report cannot be written to {into}: {error.strerror}.") from error


def _check_without(plan: Plan) -> None:
    for name, folder in plan.without.items():
        if name not in plan.sets:
            raise EvaluationError(f"--without {name}: there is no set of that name among those measured.")
        if kin := [other for other in trained_sets(folder) if family_of(other) == family_of(name)]:
            raise EvaluationError(
                f"--without {name}: the weights in {folder} were trained on {', '.join(kin)}, of the same framework; "
                "train again with --leave-out for each of them."
            )


def _by_weights(plan: Plan) -> list[tuple[Path | None, list[str]]]:
    """The shipped weights with all sets first, then each other folder with its sets: engines are opened once each."""
    order: dict[Path | None, list[str]] = {None: list(plan.sets)}
    for name, folder in plan.without.items():
        order.setdefault(folder, []).append(name)
    return list(order.items())


def _set_block(folder: Path, factory: EngineFactory, cache: Path, workers: Workers) -> dict[str, Any]:
    if is_kinds_set(folder):
        return run_kinds(folder)[0]
    done = run_set(load_set(folder), factory, cache=cache, workers=workers, progress=Estimate(folder.name))
    return {**summarise(done), "engine": done.engine}


def _held_out_sets(plan: Plan, trained: Sequence[str]) -> list[str]:
    """The sets that trained the model and have documents that can be held out."""
    if plan.folds is None:
        return []
    return [name for name in trained if name in plan.sets and can_be_held_out(plan.sets[name])]


def _held_out_block(folder: Path, factories: Sequence[EngineFactory], cache: Path, workers: Workers) -> dict[str, Any]:
    done = run_held_out(load_set(folder), factories, cache, workers)
    return {**summarise(done), "engine": done.engine}


def _removal_block(folder: Path, factory: EngineFactory, cache: Path, workers: Workers, cases: int) -> dict[str, Any]:
    progress = Estimate(f"{folder.name}, removal")
    return run_removal(load_set(folder), factory, cache=cache, cases=cases, workers=workers, progress=progress)[0]


def _removal_held_out_block(
    folder: Path, factories: Sequence[EngineFactory], cache: Path, workers: Workers, cases: int
) -> dict[str, Any]:
    return run_removal_held_out(load_set(folder), factories, cache=cache, cases=cases, workers=workers)[0]


def _kept(plan: Plan, cache: Path, key: Sequence[str], compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What an earlier call computed from the same code, weights and data, or what `compute` gives."""
    digest = hashlib.sha256("\n".join([_code(), *key]).encode()).hexdigest()[:24]
    path = cache / "report" / f"{key[0]}-{digest}.json"
    if path.is_file() and not plan.fresh:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
    made = compute()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
    return made


@lru_cache(maxsize=1)
def _code() -> str:
    """A digest of everything that makes the figures: code, catalogues and shipped weights."""
    packages = [Path(module.__file__ or "").parent for module in (assistant, ingestion)]
    files = [path for package in packages for path in package.rglob("*") if path.suffix in _CODE]
    files += [path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith(("aims", "report"))]
    files.append(Path(__file__).parent / "training" / "dataset.py")  # the folds
    return _digest(files, Path(__file__).parent.parent)


_CODE = frozenset({".py", ".npz", ".yaml", ".json"})


def _digest_of(folder: Path) -> str:
    return _digest([path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts], folder)


def _digest(files: Sequence[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _engine(blocks: Mapping[str, Mapping[str, Any]], benchmark: Mapping[str, Any]) -> dict[str, Any]:
    for block in (*blocks.values(), benchmark):
        if block.get("engine"):
            return dict(block["engine"])
    return {}


def _shortened(block: Mapping[str, Any]) -> dict[str, Any]:
    """The block without what is long, and without what names files."""
    short = {name: part for name, part in block.items() if name not in _LEFT_OUT_OF_BLOCKS}
    unreadable = short.get("cost", {}).get("unreadable")
    if unreadable is not None and not isinstance(unreadable, int):  # a block of an earlier report is short already
        short["cost"] = {**short["cost"], "unreadable": len(unreadable)}
    return short


def read_report(path: Path) -> dict[str, Any]:
    """An earlier report (aims.json). Raises `EvaluationError` when the file is not one of this form."""
    try:
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path.name} cannot be read as a report; name an aims.json of this command.") from error
    if not isinstance(report, dict) or report.get("form") != FORM:
        raise EvaluationError(f"{path.name} is no report of this form; name an aims.json of this command.")
    return report


def _without_option(values: Sequence[str]) -> dict[str, Path]:
    chosen = {}
    for value in values:
        name, equals, folder = value.partition("=")
        if not equals or not Path(folder).is_dir():
            raise click.UsageError(f"--without {value}: give NAME=FOLDER with the folder of the weights.")
        chosen[name] = Path(folder)
    return chosen


@click.command(help=__doc__)
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder of the evaluation sets.",
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the report.")
@click.option("--without", multiple=True, metavar="NAME=WEIGHTS", help="Weights trained without the set NAME.")
@click.option(
    "--folds",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Weights that saw all but one fold of the documents each.",
)
@click.option(
    "--keep-left-out",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An earlier aims.json: keep its figures of left-out weights for sets without --without.",
)
@click.option("--set", "names", multiple=True, metavar="NAME", help="Only these sets. May be repeated.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only these parts. Default: all.")
@click.option(
    "--cases", type=click.IntRange(min=1), default=CASES, show_default=True, help="Removals tried in each set."
)
@click.option(
    "--pages", type=click.IntRange(min=1), default=PAGES, show_default=True, help="Pages of the benchmark's site."
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Folder for readings and vectors.")
@click.option("--fresh", is_flag=True, help="Measure again what an earlier call kept.")
def main(
    data: Path,
    into: Path,
    without: tuple[str, ...],
    folds: Path | None,
    earlier: Path | None,
    names: tuple[str, ...],
    parts: tuple[str, ...],
    cases: int,
    pages: int,
    workers: int,
    cache: Path | None,
    fresh: bool,
) -> None:
    """Measure and write the report."""
    try:
        plan = Plan(
            plan_sets(data, names), _without_option(without), parts or PARTS,
            cases=cases, pages=pages, folds=folds, cache=cache, workers=workers, fresh=fresh,
            earlier=read_report(earlier) if earlier else {},
        )  # fmt: skip
        report = measure(plan)
        write_report(report, into)
    except AssayError as error:
        raise click.ClickException(str(error)) from error
    click.echo(aims_page(report))


if __name__ == "__main__":
    main()
