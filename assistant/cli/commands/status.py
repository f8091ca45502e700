"""`assay status`: the readiness of all criteria."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell


@click.command("status", cls=AssayCommand, short_help="Show the readiness of all criteria.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole state as one JSON object.")
@pass_session
def command(session: Session, as_json: bool) -> None:
    """Show the readiness of all criteria, and what needs a look.

    Every quote that is shown is compared anew with its stored page; the last line says how many stood.
    """
    service = session.service()
    report = service.status()
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    from assistant.cli import tables

    out = console()
    when = f"run {report.run.id}, as of {report.run.today}" if report.run else "not matched yet"
    tell(out, f"{report.site.name}: {report.framework} {report.framework_version}, {when}")
    out.print(tables.readiness(report, out.width))
    tell(out, tables.readiness_line(report))
    tell(out, service.framework().notice)
    counts = report.documents
    tell(
        out,
        f"{counts.total} documents ({counts.read} read, {counts.partly} partly, {counts.unreadable} unreadable), "
        f"{counts.pages:,} pages. Quotes shown {report.quotes_shown}, verified {report.quotes_verified}.",
    )
    if not counts.total:
        tell(out, "There are no documents yet. Next: assay add FOLDER")
    if report.orphaned:
        tell(out, f"{report.orphaned} decisions are on quotes or gaps that are no longer proposed.")
    if report.cost is not None:
        tell(out, report.cost.after)
    if report.disputed:
        tell(out, f"The two judges disagree; look here first: {', '.join(report.disputed)}.", style="yellow")
    if report.promise:
        tell(out, report.promise)
    for problem in report.problems:
        tell(out, problem, style="yellow")
