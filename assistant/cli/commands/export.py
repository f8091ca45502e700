"""`assay export`: the working paper as a file."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say

FORMATS = ("xlsx", "json")
"""Those of `assistant.report`, named here so that `--help` need not load it."""


@click.command("export", cls=AssayCommand, short_help="Write the working paper: XLSX or JSON.")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: what the name of the file ends with.")
@pass_session
def command(session: Session, path: Path, form: str | None) -> None:
    """Write the working paper to PATH: every finding with quotes, places, gaps, decisions, ratings and the run.

    \b
    assay export report.xlsx
    """
    chosen = form or path.suffix.lstrip(".").casefold()
    if chosen not in FORMATS:
        raise click.UsageError(f"{path.name}: name a file that ends in .{', .'.join(FORMATS)}, or give --format.")
    from assistant.cli.working import waiting

    with waiting("Writing the report"):
        written = session.service().export(path, chosen)
    say(f"{written} is written.")
