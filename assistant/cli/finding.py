"""One finding on the terminal: statement, quotes with their places, the gap with its proof, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from assistant.cli.tables import short
from assistant.cli.terminal import plain, status_text
from assistant.models import Gap, SearchRecord, Stance

if TYPE_CHECKING:
    from rich.console import RenderableType

    from assistant.models import Decision
    from assistant.service.views import EvidenceView, FindingView

_INDENT = 2
_QUOTE_INDENT = 13
_BLANKS = re.compile(r"\s+")


def finding(view: FindingView) -> Iterator[RenderableType]:
    """Everything the record says on one requirement, top to bottom."""
    found = view.finding
    head = Text.assemble((found.requirement_id, "bold"), "  ", status_text(found.status))
    if view.requirement.critical:
        head.append("  critical", style="bold")
    yield head
    yield _indented(plain(view.requirement.text))
    for note in found.notes:
        yield _indented(plain(note), style="dim")
    for item in view.evidence:
        yield from _evidence(item)
    if found.gap is not None:
        yield from _gap(found.gap, view)
    if found.search is not None:
        # What was searched for is the proof behind a gap; where evidence was found, how much was searched is enough.
        yield _indented(_search(found.search, queries=found.gap is not None), style="dim")
    if found.quotes_failed:
        yield _indented(f"{found.quotes_failed} quotes did not stand in their page and are not shown.", style="yellow")
    for decision in view.orphaned:
        yield _indented(f"No longer proposed: {_decision(decision)}", style="yellow")
    yield Text()


def as_json(view: FindingView) -> dict[str, Any]:
    """The finding as a program reads it; each quote with the key that `assay decide` takes."""
    plain_view = view.model_dump(mode="json")
    for item, dumped in zip(view.evidence, plain_view["evidence"], strict=True):
        dumped["key"] = item.evidence.key
    if view.best is not None:
        plain_view["best"]["key"] = view.best.evidence.key
    return plain_view


def _evidence(item: EvidenceView) -> Iterator[RenderableType]:
    quoted = item.evidence
    line = Text.assemble(
        (f"[{short(quoted.key)}]", "bold"),
        f" {quoted.kind.value}, {quoted.strength:.0%}",
        ", speaks against it" if quoted.stance is Stance.CONTRADICTS else "",
        f", {plain(quoted.document)}, page {quoted.page}",
        f", {plain(' > '.join(quoted.heading))}" if quoted.heading else "",
    )
    yield Padding(line, (0, 0, 0, _INDENT))
    before, judged, after = (_BLANKS.sub(" ", plain(part)) for part in quoted.in_parts)
    words = Text.assemble("“", (before, "dim"), judged, (after, "dim"), "”", style="italic")
    yield Padding(words, (0, 0, 0, _QUOTE_INDENT))
    caveats = [caveat.value for caveat in quoted.caveats]
    if caveats or quoted.caveat_notes:
        said = "; ".join([", ".join(caveats), *(plain(note) for note in quoted.caveat_notes)]).strip("; ")
        yield _quote_note(f"Caveat: {said}", "yellow")
    if quoted.reason:
        yield _quote_note(plain(quoted.reason), "dim")
    if item.decision is not None:
        again = " The requirement has been reworded since; look again." if item.reworded else ""
        yield _quote_note(_decision(item.decision) + again, "bold")


def _gap(gap: Gap, view: FindingView) -> Iterator[RenderableType]:
    reasons = ", ".join(reason.value for reason in gap.reasons)
    yield _indented(Text.assemble((f"Open ({reasons}): ", "bold"), plain(gap.explanation)))
    if view.best is not None:
        above = view.best.evidence.key in {item.evidence.key for item in view.evidence}
        where = f" [{short(view.best.evidence.key)}] above." if above else ""
        yield _indented(f"Best found, and not enough:{where} {plain(gap.best_why_not)}")
        if not above:
            yield from _evidence(view.best)
    for closing in gap.would_close:
        yield _indented(f"Would close it: {plain(closing)}")
    if view.gap_decision is not None:
        yield _indented(_decision(view.gap_decision), style="bold")
    else:
        yield _indented(f"Decide: assay decide --gap {view.requirement.id} confirm", style="dim")


def _search(search: SearchRecord, *, queries: bool) -> str:
    languages = f" in {', '.join(search.languages)}" if search.languages else ""
    text = (
        f"Searched{languages}: {search.documents} documents, {search.pages:,} pages, {search.passages:,} passages; "
        f"{search.candidates:,} looked at closely."
    )
    if queries:
        asked = (*search.queries, *(f"{query} (confirmed here)" for query in search.confirmed))
        text += f" Searched for: {plain(' | '.join(asked))}."
    if search.unread:
        text += f" Could not be read: {plain(', '.join(search.unread))}."
    return text


def _decision(decision: Decision) -> str:
    reason = f": {plain(decision.reason)}" if decision.reason else ""
    return (
        f"{decision.verdict.value.capitalize()} by {plain(decision.person)} on {decision.at:%Y-%m-%d %H:%M} UTC"
        f" (decision {decision.id}){reason}"
    )


def _indented(content: str | Text, style: str = "") -> Padding:
    text = content if isinstance(content, Text) else Text(content, style=style)
    return Padding(text, (0, 0, 0, _INDENT))


def _quote_note(content: str, style: str) -> Padding:
    return Padding(Text(content, style=style), (0, 0, 0, _QUOTE_INDENT))
