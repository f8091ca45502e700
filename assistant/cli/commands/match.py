"""`assay match`: propose evidence and name gaps for every requirement."""

from __future__ import annotations

import click

from assistant.cli import working
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import console, print_json, tell


@click.command("match", cls=AssayCommand, short_help="Propose evidence and name gaps for every requirement.")
@click.option("--estimate", "only_estimate", is_flag=True, help="Say what a language model would cost, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary of the run as JSON.")
@pass_session
def command(session: Session, only_estimate: bool, as_json: bool) -> None:
    """Match all documents against all requirements.

    Each finding is kept as soon as it is made; an interrupted run goes on where it stopped. Decisions and ratings are
    never touched; quotes that were confirmed are searched for in other documents. With a language model as
    judge, what it will cost is said before and what it cost afterwards; --estimate only says it.
    """
    service = session.service()
    with working.working("Estimating", quiet=as_json) as progress:
        expected = service.estimate(progress)
    if only_estimate:
        if as_json:
            print_json(expected.model_dump(mode="json") if expected else None)
        else:
            tell(
                console(), expected.before if expected else "No language model is set (judge): matching costs nothing."
            )
        return
    if expected is not None and not as_json:
        tell(console(), expected.before)
    session.kept = "Stopped. The findings made so far are kept; `assay match` goes on where it stopped."
    with working.working("Matching", quiet=as_json) as progress:
        summary = service.match(progress)
    session.kept = ""
    if as_json:
        print_json(summary.model_dump(mode="json"))
        return
    out = console()
    counts = summary.counts
    resumed = " (resumed)" if summary.resumed else ""
    tell(
        out,
        f"Run {summary.run.id}{resumed}: {summary.findings} requirements in {summary.seconds:.0f} s: "
        f"{counts.supported} supported, {counts.partly} partly, {counts.needs_a_person} need a person, "
        f"{counts.gap} gaps, {counts.contradicted} contradicted, {counts.not_applicable} not applicable. "
        f"{summary.quotes_shown} quotes proposed, {summary.quotes_failed} refused. Next: assay status",
    )
    if summary.learned:
        tell(out, summary.learned)
    tell(out, summary.run.promise)
    if summary.cost is not None:
        tell(out, summary.cost.after)
    if summary.unasked:
        reason = f"{summary.stopped} " if summary.stopped else ""
        tell(out, f"{reason}{summary.unasked} requirements were judged without the language model.", style="yellow")
    if summary.disputed:
        tell(out, f"The two judges disagree; look here first: {', '.join(summary.disputed)}.", style="yellow")
