"""From scored units to quotes: the best contiguous sentences, at most 600 characters, none overlapping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve.prepared import MAX_QUOTE, Prepared

EXTEND_SHARE = 0.5
"""A neighbour joins a quote when it is at least this probable, relative to the quote's best sentence."""
EXTEND_FLOOR = 0.15
"""… and at least this probable in itself; measured on the development sets."""


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
    """Up to `depth` quotes, best first. `probabilities` belong to the units `rows`."""
    scores = np.zeros(len(prepared.units), dtype=np.float32)
    scores[rows] = probabilities
    used = np.zeros(len(prepared.units), dtype=bool)
    spans: list[Span] = []
    for best in rows[np.argsort(-probabilities, kind="stable")]:
        if used[best]:
            continue
        first, last = _grow(prepared, int(best), scores, used)
        used[first : last + 1] = True
        spans.append(Span(first, last, int(best), float(scores[best])))
        if len(spans) == depth:
            break
    return spans


def _grow(prepared: Prepared, best: int, scores: NDArray[np.float32], used: NDArray[np.bool_]) -> tuple[int, int]:
    units = prepared.units
    first = last = best
    bar = max(EXTEND_FLOOR, EXTEND_SHARE * float(scores[best]))
    while True:
        options = [
            (float(scores[i]), i)
            for i in (first - 1, last + 1)
            if 0 <= i < len(units)
            and not used[i]
            and units[i].passage == units[best].passage
            and units[i].page == units[best].page
            and scores[i] >= bar
            and _adjoin(prepared, i, first if i < first else last)
            and max(units[i].end, units[last].end) - min(units[i].start, units[first].start) <= MAX_QUOTE
        ]
        if not options:
            return first, last
        _, chosen = max(options)
        first, last = min(first, chosen), max(last, chosen)


def _adjoin(prepared: Prepared, one: int, other: int) -> bool:
    """Whether no word stands between two neighbouring units: text that was set aside is never quoted along."""
    a, b = prepared.units[min(one, other)], prepared.units[max(one, other)]
    page = next(page.text for page in prepared.documents[a.document].pages if page.number == a.page)
    return not any(char.isalnum() for char in page[a.end : b.start])
