"""`assay decide`: confirm or reject a proposed quote or gap, or take a decision back."""

from __future__ import annotations

import click

from assistant.cli.completion import complete_requirement
from assistant.cli.session import AssayCommand, Session, pass_session
from assistant.cli.terminal import say

VERDICTS = {"confirm": "confirmed", "reject": "rejected"}
_USAGE = (
    "Say what is decided: assay decide KEY confirm|reject, assay decide --gap 19.c confirm|reject, "
    "or assay decide --undo ID."
)


@click.command("decide", cls=AssayCommand, short_help="Confirm or reject a proposal, or take a decision back.")
@click.argument("words", nargs=-1, metavar="[KEY] [confirm|reject]")
@click.option("--gap", metavar="REQUIREMENT", shell_complete=complete_requirement, help="Decide on its gap.")
@click.option("--undo", metavar="ID", type=int, help="Take the decision with this number back.")
@click.option("--reason", default="", help="Why; a rejection needs one.")
@pass_session
def command(session: Session, words: tuple[str, ...], gap: str | None, undo: int | None, reason: str) -> None:
    """Confirm or reject a proposal. It is signed with --person (or ASSAY_PERSON) and never erased.

    KEY is the key that `assay show` prints before a quote; its first characters are enough.

    \b
    assay decide 3f2a9c1e confirm
    assay decide 3f2a9c1e reject --reason "speaks of the sister site"
    assay decide --gap 19.c confirm
    assay decide --undo 12 --reason "read it again"
    """
    expected = 0 if undo is not None else 1 if gap is not None else 2
    if len(words) != expected or (gap is not None and undo is not None):
        raise click.UsageError(_USAGE)
    service = session.service()
    if undo is not None:
        decision = service.undo(undo, reason)
        say(f"Decision {undo} on {decision.requirement_id} is withdrawn (decision {decision.id}).")
        return
    verdict = VERDICTS.get(words[-1])
    if verdict is None:
        raise click.UsageError(f"'{words[-1]}' is no decision; write confirm or reject.")
    from assistant.cli import choosing

    if gap is not None:
        requirement = choosing.requirement(service.framework(), gap)
        decision = service.decide("gap", requirement.id, requirement.id, verdict, reason)
        what = f"the gap of {requirement.id}"
    else:
        shown = choosing.evidence(service.findings(), words[0]).evidence
        decision = service.decide("evidence", shown.key, shown.requirement_id, verdict, reason, quote=shown.quote)
        what = f"for {shown.requirement_id}, {shown.document}, page {shown.page}"
    say(
        f"{decision.verdict.value.capitalize()} by {decision.person}: {what} (decision {decision.id}; "
        f"`assay decide --undo {decision.id}` takes it back)."
    )
