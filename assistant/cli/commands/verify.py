"""`assay verify`: check the record, every quote and the originals."""

from __future__ import annotations

import click

from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell

EXIT_PROBLEMS = 1


@click.command("verify", cls=AssayCommand, short_help="Check the record, every quote and the originals.")
@click.option("--json", "as_json", is_flag=True, help="Print what was checked as JSON.")
@pass_session
def command(session: Session, as_json: bool) -> int:
    """Check the hash chain, every quote against its stored page, the originals against their hashes, and the index.

    The exit code is 1 when something is wrong. Note the last hash somewhere else: comparing it later shows that nothing
    was taken off the end.
    """
    from assistant.cli.working import waiting

    service = session.service()
    with waiting("Checking", quiet=as_json):
        report = service.verify()
    code = 0 if report.ok else EXIT_PROBLEMS
    if as_json:
        print_json(report.model_dump(mode="json"))
        return code
    out = console()
    tell(
        out,
        f"Events in the chain: {report.events}. Quotes {report.quotes}, verified {report.quotes_verified}. "
        f"Readings: {report.readings}. Runs: {report.runs}. Originals: {report.originals}.",
    )
    tell(out, f"Last hash: {report.head}")
    for problem in report.problems:
        tell(out, problem, style="red")
    if report.ok:
        tell(out, "Nothing is wrong.", style="green")
    else:
        tell(out, f"{len(report.problems)} problems.", style="red")
    return code
