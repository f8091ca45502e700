"""A language model's quotes, each looked up in the passage it names; what does not stand there is dropped."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.judge.llm.data import plain
from assistant.judge.llm.schema import Answer, QuotedWords
from assistant.judge.llm.task import Shown, Task
from assistant.judge.protocol import Proposal
from assistant.models import EvidenceKind, Stance
from assistant.quotes import locate
from assistant.retrieve.prepared import MAX_QUOTE

MOST_QUOTES = 10
"""More than this is not a choice of the most telling words but a copy of the passages; the rest is not read."""
LEAST_LETTERS = 12
"""Letters and digits: a shorter quote ("the site", "ISO 14001") stands almost anywhere and shows nothing."""
_IDEOGRAPH_WEIGHT = 3
"""A Chinese or Japanese character carries about as much as three letters."""
REASON_CHARACTERS = 300
_SHOWN_IN_PROBLEM = 160
_CLOSING = frozenset(".!?;:,)]}\"'”’»。！？；：，）」』%")
_FIRST_IDEOGRAPH = "\u2e80"


@dataclass(frozen=True, slots=True)
class Checked:
    """The quotes that stand where they should (their strength still to be weighed), and one sentence for each other."""

    proposals: tuple[Proposal, ...]
    problems: tuple[str, ...]


def check(answer: Answer, task: Task) -> Checked:
    """Look every quote up. Offsets of a proposal are into the text of the page."""
    proposals: dict[tuple[str, int, int, int], Proposal] = {}
    problems: list[str] = []
    for quoted in answer.quotes[:MOST_QUOTES]:
        found = _find(quoted, task)
        if isinstance(found, str):
            problems.append(found)
        else:
            proposals.setdefault((found.sha256, found.page, found.start, len(found.quote)), found)
    return Checked(tuple(proposals.values()), tuple(problems))


def _find(quoted: QuotedWords, task: Task) -> Proposal | str:
    """The proposal, or the sentence that says what is wrong with the quote."""
    words = " ".join(quoted.quote.split())
    shown_words = words if len(words) <= _SHOWN_IN_PROBLEM else words[:_SHOWN_IN_PROBLEM] + "…"
    item = task.shown.get(quoted.passage)
    if item is None:
        return f"There is no passage {quoted.passage}; the passages are {', '.join(map(str, task.shown))}."
    if len(quoted.quote) > MAX_QUOTE:
        return f"The quote {shown_words!r} is longer than {MAX_QUOTE} characters; give its most telling sentences."
    if _weight(words) < LEAST_LETTERS:
        return f"The quote {shown_words!r} is too short to show anything; give the whole sentence."
    place = _locate(words, item)
    if place is None:
        return f"The quote {shown_words!r} does not stand in passage {quoted.passage}."
    start, end = place
    passage = item.passage
    return Proposal(
        sha256=passage.sha256,
        page=passage.page,
        quote=passage.text[start:end],
        strength=0.0,
        start=passage.start + start,
        kind=EvidenceKind(quoted.kind) if quoted.kind else None,
        stance=Stance(quoted.stance),
        reason=plain(quoted.reason, REASON_CHARACTERS),
    )


def _locate(words: str, item: Shown) -> tuple[int, int] | None:
    """Offsets into the passage's text. Each piece is searched alone: a quote must not bridge withheld text."""
    for first, last in item.pieces:
        place = locate(words, item.passage.text[first:last])
        if place is not None:
            start, end = first + place[0], first + place[1]
            limit = min(last, start + MAX_QUOTE)
            while end < limit and item.passage.text[end] in _CLOSING:
                end += 1
            return (start, end) if end - start <= MAX_QUOTE else None
    return None


def _weight(words: str) -> int:
    return sum(_IDEOGRAPH_WEIGHT if char >= _FIRST_IDEOGRAPH else 1 for char in words if char.isalnum())
