"""From scored units to quotes: the best contiguous sentences, at most 600 characters, none overlapping."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve.prepared import MAX_QUOTE, Prepared

EXTEND_SHARE = 0.5
"""A neighbour joins a quote when it is at least this probable, relative to the quote's best sentence."""
EXTEND_FLOOR = 0.15
"""… and at least this probable in itself; measured on the development sets."""
_ENDS = re.compile(r"[.!?。！？]['\"”’)\]]*\s*$")
_BLANK_LINE = re.compile(r"\n\s*\n")
_GOES_ON = re.compile(r"^\s*(?:[a-zà-ÿß-öø-ÿ]|\(?[a-zA-Z0-9]{1,4}\)\s*[a-z])")


@dataclass(frozen=True, slots=True)
class Span:
    """A quote: units `first` to `last` (inclusive) of one passage; `best` is the unit with the highest probability."""

    first: int
    last: int
    best: int
    strength: float


def build_spans(
    prepared: Prepared, rows: NDArray[np.int64], probabilities: NDArray[np.float32], depth: int
) -> list[Span]:
    """Up to `depth` quotes, best first. `probabilities` belong to the units `rows`.

    A unit of stop words alone ("and") opens no quote. A quote whose sentence was cut at its clauses or items is made
    whole within its paragraph, where that fits.
    """
    scores = np.zeros(len(prepared.units), dtype=np.float32)
    scores[rows] = probabilities
    used = np.zeros(len(prepared.units), dtype=bool)
    spans: list[Span] = []
    for best in rows[np.argsort(-probabilities, kind="stable")]:
        if used[best] or not prepared.unit_words[best]:
            continue
        first, last = _whole(prepared, *_grow(prepared, int(best), scores, used), used)
        used[first : last + 1] = True
        spans.append(Span(first, last, int(best), float(scores[best])))
        if len(spans) == depth:
            break
    return spans


def _grow(prepared: Prepared, best: int, scores: NDArray[np.float32], used: NDArray[np.bool_]) -> tuple[int, int]:
    first = last = best
    bar = max(EXTEND_FLOOR, EXTEND_SHARE * float(scores[best]))
    while True:
        options = [
            (float(scores[i]), i)
            for i in (first - 1, last + 1)
            if _may_join(prepared, i, first, last, used) and scores[i] >= bar
        ]
        if not options:
            return first, last
        _, chosen = max(options)
        first, last = min(first, chosen), max(last, chosen)


def _whole(prepared: Prepared, first: int, last: int, used: NDArray[np.bool_]) -> tuple[int, int]:
    """The quote with the rest of the sentence that it begins or ends in, as far as that fits."""
    while _cut_between(prepared, first - 1, first) and _may_join(prepared, first - 1, first, last, used):
        first -= 1
    while _cut_between(prepared, last, last + 1) and _may_join(prepared, last + 1, first, last, used):
        last += 1
    return first, last


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
