"""Train from labelled sets: all that may train the weights, but those that are left out by name.

`python -m evaluation.training --data DIR [--out DIR] [--leave-out NAME] [--folds DIR] [--left-out DIR]`
"""

from __future__ import annotations

from pathlib import Path

import click

from assistant.errors import AssayError
from evaluation.training.build import build


@click.command(help=__doc__)
@click.option(
    "--data", type=click.Path(exists=True, path_type=Path), required=True, help="Folder of the evaluation sets."
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Folder of the weights; default: the package's."
)
@click.option("--leave-out", multiple=True, help="Sets that must not be trained on (leave-one-framework-out).")
@click.option(
    "--folds",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder for weights that saw all but one fold of the documents, to measure on that fold.",
)
@click.option(
    "--left-out",
    type=click.Path(path_type=Path),
    default=None,
    help="Folder for weights that saw nothing of one framework, to measure on it.",
)
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, help="Part of the judged pairs to train on."
)
def main(
    data: Path, out: Path | None, leave_out: tuple[str, ...], folds: Path | None, share: float, left_out: Path | None
) -> None:
    """Train and report."""
    try:
        build(data, out, leave_out, click.echo, share, folds, left_out)
    except AssayError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
