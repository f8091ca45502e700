"""`assay add`: read files and folders into the workspace."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from assistant.cli import working
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, fields, print_json, tell

REPORTED = ("name", "sha256", "status", "reason", "pages", "passages", "seconds", "suspicions", "warnings")
"""The fields of one file's line with --json."""


@click.command("add", cls=AssayCommand, short_help="Read files and folders into the workspace.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line, as soon as it is read.")
@pass_session
def command(session: Session, paths: tuple[Path, ...], as_json: bool) -> None:
    """Read files and folders into the workspace.

    Each file is kept as soon as it is read; what is there already is not read again, so an interrupted call is simply
    repeated. A file that cannot be read stays in the list with the reason.
    """
    service = session.service()
    from ingestion import expand

    total = len(expand(paths))
    counts: Counter[str] = Counter()
    out = console()
    again = "assay add " + " ".join(str(path) for path in paths)
    with working.working("Reading", quiet=as_json) as progress:
        progress(0, total, "")
        for done, result in enumerate(service.add(paths), start=1):
            counts[result.status.value] += 1
            session.kept = f"Stopped. {done} of {total} files are in the workspace; `{again}` goes on with the rest."
            progress(done, total, result.name)
            if as_json:
                print_json(fields(result, REPORTED))
            else:
                from assistant.cli import tables

                out.print(tables.added(result))
    session.kept = ""
    if not as_json:
        summary = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "no files found"
        tell(out, f"{sum(counts.values())} files: {summary}. Next: assay match")
