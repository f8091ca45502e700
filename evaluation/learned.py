"""What confirmed quotes are worth as queries: the labelled quotes of some documents, searched for in the others.

`python -m evaluation.learned --data DIR --left-out WEIGHTS [--set NAME]`
`python -m evaluation.learned --pages 10000`

The documents of a set are drawn into two halves. The gold quotes of one stand for what people confirmed (the engine
takes the last few a requirement), the other half is measured without and with them, and the other way round. Sets in
training are measured with the weights that were trained without them, so that a requirement's words are all that is
known of it before somebody confirms a quote. With `--pages` matching a made site of so many is timed instead, without
confirmed quotes, with some for every second requirement and with some for each, three rounds of all side by side.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click

from assistant.cache import cache_folder
from assistant.errors import AssayError, EvaluationError
from evaluation.benchmark import compare_learned
from evaluation.compare import Difference, compare_rows
from evaluation.engines import MatchingEngine, open_engine
from evaluation.progress import Estimate
from evaluation.result import pair_rows
from evaluation.rows import Rows
from evaluation.runner import Workers, run_set
from evaluation.sets import EvaluationSet, load_set
from evaluation.table import comparison_table, print_tables
from evaluation.weights import trained_sets

if TYPE_CHECKING:
    from assistant.engine import Engine
    from assistant.retrieve import Confirmed

HALVES = (0, 1)


def half_of(document: str) -> int:
    """The half a document falls into, by its name."""
    return hashlib.sha256(f"half {document}".encode()).digest()[0] % len(HALVES)


def confirmed(eval_set: EvaluationSet, half: int) -> dict[str, tuple[Confirmed, ...]]:
    """The gold quotes of the documents in the other half by requirement, in an order that is no document's own.

    A document's name stands for its SHA-256: no site that is measured holds it.
    """
    from assistant.retrieve import Confirmed

    found: dict[str, list[Confirmed]] = defaultdict(list)
    drawn = sorted(
        eval_set.labels, key=lambda one: hashlib.sha256(f"{one.document} {one.requirement}".encode()).digest()
    )
    for label in drawn:
        if half_of(label.document) != half and label.quotes:
            for requirement in eval_set.targets[label.requirement]:
                found[requirement].append(Confirmed(label.document, label.quotes[0]))
    return {requirement: tuple(quotes) for requirement, quotes in found.items()}


def open_learned(cache: Path, weights: Path | None, learned: Mapping[str, Sequence[Confirmed]]) -> MatchingEngine:
    """The product's engine with these weights (default: the shipped ones), searching by these quotes as well."""
    engine: Engine = open_engine(cache, weights=weights)  # type: ignore[assignment]
    return engine.with_learned(learned)


def measure(eval_set: EvaluationSet, weights: Path | None, cache: Path, workers: Workers) -> list[Difference]:
    """What the quotes change, by metric, over the documents of both halves. Raises `EvaluationError`."""
    if eval_set.options.scope != "document":
        raise EvaluationError(f"{eval_set.name}: one site cannot be parted into documents that are measured alone.")
    rows: dict[bool, Rows] = {False: Rows(), True: Rows()}
    for with_quotes, found in rows.items():
        for half in HALVES:
            labels = tuple(label for label in eval_set.labels if half_of(label.document) == half)
            factory = partial(open_learned, weights=weights, learned=confirmed(eval_set, half) if with_quotes else {})
            part = eval_set.model_copy(update={"labels": labels})
            progress = Estimate(f"{eval_set.name}, half {half + 1}, {'with' if with_quotes else 'without'} quotes")
            found.add(run_set(part, factory, cache=cache, workers=workers, progress=progress).rows)
    before, after = (
        [{**row, "set": eval_set.name} for row in pair_rows(rows[with_quotes])] for with_quotes in (False, True)
    )
    return compare_rows(before, after, {eval_set.name: "document"})


def seconds(pages: int) -> None:
    """Time matching a made site of so many pages without and with confirmed quotes, and print medians and ratios."""
    timed = compare_learned(lambda folder, known: open_learned(folder, None, known), pages=pages)
    without = timed[0].seconds
    for one in timed:
        ratios = [taken / base for taken, base in zip(one.seconds, without, strict=True)]
        click.echo(
            f"{one.share:.0%} of the requirements with confirmed quotes: {median(one.seconds):.0f} s "
            f"({min(one.seconds):.0f} to {max(one.seconds):.0f}), "
            f"{median(ratios):.2f} times without ({min(ratios):.2f} to {max(ratios):.2f})"
        )


@click.command(help=__doc__)
@click.option("--data", type=click.Path(exists=True, path_type=Path), help="Folder of the evaluation sets.")
@click.option("--left-out", type=click.Path(exists=True, path_type=Path), help="Weights without a set, by its name.")
@click.option("--set", "names", multiple=True, help="These alone.")
@click.option("--pages", type=click.IntRange(min=1), help="Time a made site of so many pages instead.")
def main(data: Path | None, left_out: Path | None, names: tuple[str, ...], pages: int | None) -> None:
    """Measure and print."""
    if pages is not None:
        seconds(pages)
        return
    if data is None or left_out is None:
        raise click.UsageError("Name --data and --left-out to measure sets, or --pages to time matching.")
    sets = data / "sets" if (data / "sets").is_dir() else data
    cache = cache_folder("evaluation")
    try:
        loaded = [load_set(sets / name) for name in names or sorted(path.name for path in left_out.iterdir())]
        differences: list[Difference] = []
        with Workers(2) as workers:
            for one in loaded:
                weights = left_out / one.name if (left_out / one.name).is_dir() else None
                if weights is None and one.name in trained_sets():
                    raise EvaluationError(
                        f"{left_out} holds no weights without {one.name}, which trained the shipped ones."
                    )
                differences += measure(one, weights, cache, workers)
    except AssayError as error:
        raise click.ClickException(str(error)) from error
    print_tables([comparison_table(differences)])


if __name__ == "__main__":
    main()
