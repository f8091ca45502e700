"""The same asked in other words: what it costs, and which weights are right for it.

`python -m evaluation.other_words --data DIR --folds DIR [--set NAME]`

The labels of a set are measured under criteria of ours in `wordings/`, which ask the same in other words, documents
held out: by the usual weights, and by those for frameworks that nothing learnt from. `copper-docs-dev.json` is by a
language model that had seen no catalogue, the others are by us; nobody looked at a result before they were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant import catalogue
from assistant.cache import cache_folder
from assistant.errors import AssayError, EvaluationError
from evaluation.engines import MatchingEngine, open_engine
from evaluation.held_out import fold_weights, run_held_out
from evaluation.runner import Workers
from evaluation.sets import asked_by, load_set
from evaluation.summary import summarise
from evaluation.table import print_tables, result_tables

if TYPE_CHECKING:
    from assistant.engine import Engine

WORDINGS = Path(__file__).parent / "wordings"
USUAL, UNKNOWN = "usual", "unknown"
"""The weights: as for frameworks that were learnt from, and as for those that nothing learnt from."""


def wordings() -> dict[str, Path]:
    """The criteria in other words by the set whose labels they are for."""
    return {path.stem: path for path in sorted(WORDINGS.glob("*.json"))}


def open_as(cache: Path, folder: Path, weights: str) -> MatchingEngine:
    """The engine with a fold's weights, whatever the framework is like. Raises `EvaluationError`."""
    engine: Engine = open_engine(cache, weights=folder)  # type: ignore[assignment]
    model = engine.model
    own = model.elsewhere if weights == UNKNOWN else replace(model, elsewhere=None)
    if own is None:
        raise EvaluationError(f"{folder} holds no weights for unknown frameworks; train again with --folds.")
    return engine.with_model(own)


def measure(data: Path, folds: Path, names: Sequence[str], cache: Path, workers: int = 2) -> dict[str, Any]:
    """Blocks of figures by set and weights ("aims-au, usual"). Raises `EvaluationError`."""
    blocks: dict[str, Any] = {}
    folders = fold_weights(folds)
    sets = data / "sets" if (data / "sets").is_dir() else data
    with Workers(workers) as pool:
        for name in names:
            asked = asked_by(load_set(sets / name), catalogue.load(wordings()[name]))
            for weights in (USUAL, UNKNOWN):
                factories = [partial(open_as, folder=folder, weights=weights) for folder in folders]
                blocks[f"{name}, {weights}"] = summarise(run_held_out(asked, factories, cache, pool))
    return blocks


@click.command(help=__doc__)
@click.option(
    "--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the evaluation sets."
)
@click.option(
    "--folds", type=click.Path(exists=True, path_type=Path), required=True, help="Weights that held out each fold."
)
@click.option("--set", "names", multiple=True, type=click.Choice(list(wordings())), help="These alone.")
def main(data: Path, folds: Path, names: tuple[str, ...]) -> None:
    """Measure and print."""
    names = names or tuple(wordings())
    cache = cache_folder("evaluation")
    try:
        blocks = measure(data, folds, names, cache)
        shipped: Engine = open_engine(cache)  # type: ignore[assignment]
        near = {name: shipped.nearness(catalogue.load(wordings()[name])) for name in names}
    except AssayError as error:
        raise click.ClickException(str(error)) from error
    print_tables(result_tables({"sets": blocks}))
    for name, block in blocks.items():
        click.echo(f"{name}: calibration error of findings {block['calibration']['ece_finding']['value']:.3f}")
    for name, cosine in near.items():
        click.echo(f"{name}: half of the requirements are at least {cosine:.2f} like some that were learnt from")


if __name__ == "__main__":
    main()
