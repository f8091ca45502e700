"""From scored units to quotes: the best contiguous sentences, at most 600 characters, none overlapping.

A sentence alone is often half of what is said ("It was inspected in May."), so a short quote is given with the
sentences around it in its paragraph. Those are context: only the sentences that were judged decide anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve.prepared import MAX_QUOTE, Prepared

EXTEND_SHARE = 0.5
"""A neighbour joins a quote when it is at least this probable, relative to the quote's best sentence."""
EXTEND_FLOOR = 0.15
"""… and at least this probable in itself; measured on the development sets."""
CONTEXT = 300
"""Characters up to which a quote takes in the sentences around it: two or three sentences, read at a glance. Which they
are hangs on the page and on what stronger quotes hold of it, not on how probable the neighbours are."""
_ENDS = re.compile(r"[.!?。！？]['\"”’)\]]*\s*$")
_ROW = re.compile(r"\S \| \S")
"""How reading writes the cells of a table's row."""
_BLANK_LINE = re.compile(r"\n\s*\n")
_GOES_ON = re.compile(r"^\s*(?:[a-zà-ÿß-öø-ÿ]|\(?[a-zA-Z0-9]{1,4}\)\s*[a-z])")


@dataclass(frozen=True, slots=True)
class Span:
    """A quote: units `first` to `last` (inclusive) of one passage; `best` is the unit with the highest probability.

    Units `judged_first` to `judged_last` are what was judged, the others their context.
    """

    first: int
    last: int
    best: int
    strength: float
    judged_first: int
    judged_last: int


def build_spans(
    prepared: Prepared,
    rows: NDArray[np.int64],
    probabilities: NDArray[np.float32],
    depth: int,
    *,
    own: float,
    taken: Collection[int] = (),
) -> list[Span]:
    """Up to `depth` quotes, best first. `probabilities` belong to the units `rows`; units `taken` join no quote.

    A unit of stop words alone ("and") opens no quote. A quote whose sentence was cut at its clauses or items is made
    whole within its paragraph, where that fits. What is at least as probable as `own` is context of no other quote.
    """
    scores = np.zeros(len(prepared.units), dtype=np.float32)
    scores[rows] = probabilities
    used = np.zeros(len(prepared.units), dtype=bool)
    used[list(taken)] = True
    order = rows[np.argsort(-probabilities, kind="stable")]
    strong = int((probabilities >= own).sum())
    opened = [span for best in order[:strong] if (span := _opened(prepared, int(best), scores, used))][:depth]
    spans = [_in_context(prepared, span, used) for span in opened]
    for best in order[strong:]:
        if len(spans) == depth:
            break
        if span := _opened(prepared, int(best), scores, used):
            spans.append(_in_context(prepared, span, used))
    return spans


def _opened(prepared: Prepared, best: int, scores: NDArray[np.float32], used: NDArray[np.bool_]) -> Span | None:
    """The judged sentences around a unit, which they use up; nothing where it is used or says nothing."""
    if used[best] or not prepared.unit_words[best]:
        return None
    first, last = _whole(prepared, *_grow(prepared, best, scores, used), used)
    used[first : last + 1] = True
    return Span(first, last, best, float(scores[best]), first, last)


def _in_context(prepared: Prepared, span: Span, used: NDArray[np.bool_]) -> Span:
    """The quote with the free sentences after and before it in its paragraph, in turn, until it is long enough."""
    first, last = span.first, span.last
    grown = True
    while grown:
        grown = False
        for neighbour, edge in ((last + 1, last), (first - 1, first)):
            if prepared.units[last].end - prepared.units[first].start >= CONTEXT:
                break
            if _may_join(prepared, neighbour, first, last, used) and _go_together(prepared, edge, neighbour):
                first, last, grown = min(first, neighbour), max(last, neighbour), True
    used[first : last + 1] = True
    return replace(span, first=first, last=last)


def _grow(prepared: Prepared, best: int, scores: NDArray[np.float32], used: NDArray[np.bool_]) -> tuple[int, int]:
    first = last = best
    bar = max(EXTEND_FLOOR, EXTEND_SHARE * float(scores[best]))
    while True:
        options = [
            (float(scores[i]), i)
            for i in (first - 1, last + 1)
            if _may_join(prepared, i, first, last, used) and scores[i] >= bar and not _apart(prepared, i, first, last)
        ]
        if not options:
            return first, last
        _, chosen = max(options)
        first, last = min(first, chosen), max(last, chosen)


def _apart(prepared: Prepared, unit: int, first: int, last: int) -> bool:
    """Whether a blank line and the end of a sentence part a unit from the quote `first` to `last`: two paragraphs.

    A blank line alone parts nothing: pages break sentences, and a heading goes with what it heads.
    """
    one, other = (unit, first) if unit < first else (last, unit)
    return bool(_ENDS.search(prepared.units[one].text) and _BLANK_LINE.search(_between(prepared, one, other)))


def _whole(prepared: Prepared, first: int, last: int, used: NDArray[np.bool_]) -> tuple[int, int]:
    """The quote with the rest of the sentence that it begins or ends in, as far as that fits."""
    while _cut_between(prepared, first - 1, first) and _may_join(prepared, first - 1, first, last, used):
        first -= 1
    while _cut_between(prepared, last, last + 1) and _may_join(prepared, last + 1, first, last, used):
        last += 1
    return first, last


def _go_together(prepared: Prepared, one: int, other: int) -> bool:
    """Whether two neighbours stand in one paragraph. A row of a table is a record of its own."""
    if any(_ROW.search(prepared.units[unit].text) for unit in (one, other)):
        return False
    return not _BLANK_LINE.search(_between(prepared, min(one, other), max(one, other)))


def _cut_between(prepared: Prepared, one: int, other: int) -> bool:
    """Whether two neighbours are parts of one sentence of one paragraph: the first is not ended, the second goes on."""
    units = prepared.units
    if one < 0 or other >= len(units) or _ENDS.search(units[one].text) or not _GOES_ON.match(units[other].text):
        return False
    return not _BLANK_LINE.search(_between(prepared, one, other))


def _may_join(prepared: Prepared, unit: int, first: int, last: int, used: NDArray[np.bool_]) -> bool:
    """Whether a neighbouring unit may join the quote `first` to `last`: free, of its passage, and short enough."""
    units = prepared.units
    if not 0 <= unit < len(units) or used[unit] or units[unit].passage != units[first].passage:
        return False
    length = max(units[unit].end, units[last].end) - min(units[unit].start, units[first].start)
    if units[unit].page != units[first].page or length > MAX_QUOTE:
        return False
    return _adjoin(prepared, unit, first if unit < first else last)


def _adjoin(prepared: Prepared, one: int, other: int) -> bool:
    """Whether no word stands between two neighbouring units: text that was set aside is never quoted along."""
    return not any(char.isalnum() for char in _between(prepared, min(one, other), max(one, other)))


def _between(prepared: Prepared, one: int, other: int) -> str:
    """What stands on the page between two units of the same page, the earlier one first."""
    a, b = prepared.units[one], prepared.units[other]
    page = next(page.text for page in prepared.documents[a.document].pages if page.number == a.page)
    return page[a.end : b.start]
