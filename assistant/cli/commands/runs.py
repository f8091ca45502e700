"""`assay runs`: every matching with what it started from."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell


@click.command("runs", cls=AssayCommand, short_help="List the matchings with what each started from.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list with hashes, models, prompts and settings.")
@pass_session
def command(session: Session, as_json: bool) -> None:
    """List the runs, oldest first. The digest stands for inputs and findings: equal inputs give an equal digest."""
    recorded = session.service().runs()
    if as_json:
        print_json([run.model_dump(mode="json") for run in recorded])
        return
    from assistant.cli import tables

    out = console()
    if recorded:
        out.print(tables.runs(recorded))
    else:
        tell(out, "Nothing has been matched yet. Next: assay match")
