"""Text that a suspicion covers is taken out before a language model reads a passage, and can never be quoted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.quotes import locate
from assistant.retrieve.prepared import PassageRef
from ingestion.models import Suspicion

Suspicions = Mapping[str, Sequence[Suspicion]]
"""The suspicions of each document, by its SHA-256."""

WITHHELD = " […] "
"""Stands where text was taken out: no letter or digit, so no quote can bridge the hole unseen."""
_HASH_DIGITS = 6
_SENTENCE_END = re.compile(r"[.!?。！？\n]")


def clean_ranges(passage: PassageRef, suspicions: Suspicions) -> tuple[tuple[int, int], ...]:
    """The stretches of `passage.text` that no suspicion covers, as offsets into it, in order.

    An instruction takes the whole of the sentences it stands in with it; other suspicions only their own words.
    """
    ranges: list[tuple[int, int]] = []
    at = 0
    for start, end in sorted(_covered(passage, suspicions)):
        if start > at:
            ranges.append((at, start))
        at = max(at, end)
    if at < len(passage.text):
        ranges.append((at, len(passage.text)))
    return tuple((a, b) for a, b in ranges if any(char.isalnum() for char in passage.text[a:b]))


def redact(passage: PassageRef, suspicions: Suspicions) -> str:
    """The passage's text without what its document's suspicions cover."""
    ranges = clean_ranges(passage, suspicions)
    if ranges == ((0, len(passage.text)),):
        return passage.text
    return WITHHELD.join(passage.text[start:end].strip() for start, end in ranges)


def clean_headings(passage: PassageRef, suspicions: Suspicions) -> tuple[str, ...]:
    """The passage's headings without those that hold, or stand in, suspicious words."""
    quotes = [suspicion.quote for suspicion in suspicions.get(passage.sha256, ()) if suspicion.quote]
    return tuple(
        heading
        for heading in passage.heading
        if not any(locate(quote, heading) or locate(heading, quote) for quote in quotes)
    )


def clean_name(passage: PassageRef, suspicions: Suspicions) -> str:
    """The name of the passage's document; where that holds suspicious words, "document" and the start of its hash."""
    quotes = [suspicion.quote for suspicion in suspicions.get(passage.sha256, ()) if suspicion.quote]
    if any(locate(quote, passage.document) for quote in quotes):
        return f"document {passage.sha256[:_HASH_DIGITS]}"
    return passage.document


def is_covered(sha256: str, page: int, start: int, end: int, suspicions: Suspicions) -> bool:
    """Whether a suspicion covers any of the page's characters `[start, end)`."""
    return any(
        suspicion.page == page and suspicion.start < end and start < suspicion.end
        for suspicion in suspicions.get(sha256, ())
    )


def _covered(passage: PassageRef, suspicions: Suspicions) -> list[tuple[int, int]]:
    covered: list[tuple[int, int]] = []
    for suspicion in suspicions.get(passage.sha256, ()):
        if suspicion.page not in (0, passage.page):
            continue
        start, end = suspicion.start - passage.start, suspicion.end - passage.start
        if suspicion.page == 0 or suspicion.end <= suspicion.start:
            # No offsets: the words themselves are looked for.
            start, end = locate(suspicion.quote, passage.text) or (0, 0)
        start, end = max(0, start), min(len(passage.text), end)
        if start >= end:
            continue
        covered.append(_widened(passage.text, start, end) if suspicion.kind == "instruction" else (start, end))
    return covered


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    before = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
    after = _SENTENCE_END.search(text, max(start, end - 1))
    return (before[-1] if before else 0), (after.end() if after else len(text))
