"""`assay evaluate`: run the real engine over labelled sets and write the figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.cli.session import AssayCommand, Session, pass_session

if TYPE_CHECKING:
    from assistant.config import Settings

EXIT_FELL = 1


@click.command("evaluate", cls=AssayCommand, short_help="Measure the engine on labelled sets.")
@click.option(
    "--set",
    "sets",
    multiple=True,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of an evaluation set. May be repeated.",
)
@click.option("--json", "json_out", type=click.Path(dir_okay=False, path_type=Path), help="File for the figures.")
@click.option("--failures", type=click.Path(file_okay=False, path_type=Path), help="Folder for the worst cases.")
@click.option(
    "--compare",
    "older",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An older result: differences with intervals and permutation tests. Needs --json with another name.",
)
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Stored figures: the exit code is 1 when one has fallen.",
)
@click.option("--make-baseline", type=click.Path(dir_okay=False, path_type=Path), help="Store these figures.")
@click.option(
    "--by",
    "parts",
    multiple=True,
    type=click.Choice(["language", "requirement"]),
    help="Also show the figures of each. May be repeated.",
)
@click.option("--only", multiple=True, metavar="REQUIREMENT", help="Judge these requirements only. May be repeated.")
@click.option("--documents", type=click.IntRange(min=1), help="The first few documents of each set: a quick look.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes. Default: 2 (or ASSAY_WORKERS).")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help="Folder for readings and vectors.")
@pass_session
def command(
    session: Session,
    sets: tuple[Path, ...],
    json_out: Path | None,
    failures: Path | None,
    older: Path | None,
    baseline: Path | None,
    make_baseline: Path | None,
    parts: tuple[str, ...],
    only: tuple[str, ...],
    documents: int | None,
    workers: int | None,
    cache: Path | None,
) -> int:
    """Run the real engine over labelled sets (see docs/method.md for the format) and show the figures.

    Each figure comes with a 95 % bootstrap interval over documents. The embeddings and the reranker are those of the
    settings (docs/settings.md); a language model as judge is not measured.

    \b
    assay evaluate --set evaluation/sample_site --json figures.json
    """
    if older is not None and json_out is None:
        raise click.UsageError("--compare needs --json: the two results are compared pair by pair from their files.")
    # The one place of `assistant` that may know of `evaluation`, and only when it is called.
    from evaluation import baseline as stored
    from evaluation.command import run
    from evaluation.compare import check_shared, compare, unlike
    from evaluation.result import pairs_path, read_measured
    from evaluation.table import breakdown_tables, comparison_table, print_tables, result_tables

    before = None
    if older is not None and json_out is not None:
        read, written = ({path.resolve(), pairs_path(path).resolve()} for path in (older, json_out))
        if read & written:
            raise click.UsageError(
                f"--json would write over what --compare reads ({older}); give the new result another name."
            )
        before = read_measured(older)
        check_shared(before, {folder.resolve().name for folder in sets})
    floors = None
    if baseline is not None:
        if make_baseline is not None and make_baseline.resolve() == baseline.resolve():
            raise click.UsageError(f"--make-baseline would write over what --baseline reads ({baseline}).")
        floors = stored.read_baseline(baseline)
        named = {folder.resolve().name: folder for folder in sets}
        stored.check_sources(floors, named, documents=documents, only=only)
    finished = f"Sets that were finished stand in {json_out}; what" if json_out is not None else "What"
    session.kept = f"Stopped. {finished} was read and embedded is kept, so the same command goes on faster."
    from assistant.service.engines import engine_settings

    settings = session.settings()
    result = run(
        list(sets),
        json_out,
        failures=failures,
        cache=cache,
        only=set(only) or None,
        documents=documents,
        workers=workers or settings.workers,
        settings=engine_settings(settings),
    )
    session.kept = ""
    print_tables(result_tables(result))
    for part in parts:
        print_tables(breakdown_tables(result, part))
    for sentence in _of_settings(settings):
        click.echo(sentence)
    if before is not None and json_out is not None:
        after = read_measured(json_out)
        print_tables([comparison_table(compare(before, after))])
        for sentence in unlike(before, after):
            click.echo(sentence)
    if make_baseline is not None:
        stored.write_baseline(stored.make_baseline(result), make_baseline)
    if floors is None:
        return 0
    fallen = stored.falls(result, floors)
    for sentence in stored.not_checked(floors, result["sets"]):
        click.echo(sentence)
    for sentence in [*fallen, *(stored.changed_since(result, floors) if fallen else ())]:
        click.secho(sentence, fg="red", err=True)
    return EXIT_FELL if fallen else 0


def _of_settings(settings: Settings) -> list[str]:
    """One sentence each for what the settings change in the figures, and for what of them was not measured."""
    from assistant.engine import EngineSettings
    from assistant.service.engines import engine_settings
    from assistant.service.parts import EXTRACTIVE

    ours, shipped = engine_settings(settings).model_dump(), EngineSettings().model_dump()
    other = [f"{name} = {value or 'none'}" for name, value in ours.items() if value != shipped[name]]
    sentences = [f"Measured with other settings than the shipped ones: {', '.join(other)}."] if other else []
    if settings.judge != EXTRACTIVE:
        sentences.append(f"The judge {settings.judge} was not asked: the figures are without a language model.")
    return sentences
