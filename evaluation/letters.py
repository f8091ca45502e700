"""Texts as streams of letters and digits, and which spans of a document find which gold quotes.

Gold quotes and proposals are compared on what `assistant.models.letters_and_digits` keeps (NFKC, case folded, letters
and digits), so blanks, line breaks, hyphens and punctuation never decide. A document is one stream over all of its
pages; a span of a page becomes a half-open range of the stream. A span *finds* a gold quote when it covers at least
half of its letters, in any of its occurrences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from assistant.models import letters_and_digits
from ingestion.models import Page

COVERED_SHARE = 0.5
"""Share of a gold quote's letters that a proposal has to cover to find it (the protocol of the evaluation sets)."""

PIECE_LETTERS = 20
"""Length of the pieces by which a gold quote is located that does not stand in the text in one run of letters (a page
break, a footnote or a running head in between): long enough to be rare, short enough to survive a break."""

_ASCII = re.compile(r"[\x00-\x7f]+")
_OTHER_ASCII = re.compile(r"[^A-Za-z0-9]+")

Spans = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@lru_cache(maxsize=65536)
def _fold(cluster: str) -> str:
    return letters_and_digits(cluster)


def _extends(char: str) -> bool:
    """Whether NFKC may join `char` with the character before it (accents, Hangul jamo, half-width voicing marks)."""
    return unicodedata.combining(char) != 0 or "\u1160" <= char <= "\u11ff" or "\uff9e" <= char <= "\uffdc"


def letter_stream(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """The letters of `text`, and for each character offset (0 to `len(text)`) how many letters stand before it."""
    before = np.zeros(len(text) + 1, dtype=np.int64)
    pieces: list[str] = []
    total = 0
    index = 0
    while index < len(text):
        end = _ascii_end(text, index)
        if end > index:
            stream, counts = _ascii_stream(text[index:end])
            before[index + 1 : end + 1] = total + counts
            pieces.append(stream)
            total += len(stream)
        else:
            end = index + 1
            while end < len(text) and not text[end].isascii() and _extends(text[end]):
                end += 1
            piece = _fold(text[index:end])
            pieces.append(piece)
            before[index + 1 : end] = total
            total += len(piece)
            before[end] = total
        index = end
    return "".join(pieces), before


def letters_of(text: str) -> str:
    """The letters of `text` without their places."""
    return _OTHER_ASCII.sub("", text).lower() if text.isascii() else letter_stream(text)[0]


def _ascii_end(text: str, start: int) -> int:
    """Where the run of plain ASCII from `start` ends; a character that accents follow is no part of it."""
    run = _ASCII.match(text, start)
    end = run.end() if run else start
    return end - 1 if start < end < len(text) and _extends(text[end]) else end


def _ascii_stream(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """The letters of plain ASCII, and after each of its characters how many letters there were."""
    codes = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    folded = codes | 0x20
    kept = ((folded >= ord("a")) & (folded <= ord("z"))) | ((codes >= ord("0")) & (codes <= ord("9")))
    return codes[kept].tobytes().decode("ascii").lower(), np.cumsum(kept, dtype=np.int64)


class DocumentLetters:
    """All pages of one document as one stream of letters.

    >>> letters = DocumentLetters([Page(number=1, text="Ore - and water.")])
    >>> letters.stream, letters.span(1, 4, 9)
    ('oreandwater', (3, 6))
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        streams: list[str] = []
        self._pages: dict[int, tuple[int, npt.NDArray[np.int64]]] = {}
        total = 0
        for page in pages:
            stream, before = letter_stream(page.text)
            self._pages[page.number] = (total, before)
            streams.append(stream)
            total += len(stream)
        self.stream = "".join(streams)

    def span(self, page: int, start: int, end: int) -> tuple[int, int]:
        """Half-open range of the stream for characters `start` to `end` of `page`; empty when there is no such page."""
        if page not in self._pages:
            return (0, 0)
        offset, before = self._pages[page]
        last = len(before) - 1
        first, past = min(max(start, 0), last), min(max(end, 0), last)
        return offset + int(before[first]), offset + int(before[max(first, past)])

    def occurrences(self, letters: str) -> list[tuple[int, int]]:
        """Every place where `letters` stands in the stream; overlapping places count too."""
        found: list[tuple[int, int]] = []
        at = self.stream.find(letters) if letters else -1
        while at >= 0:
            found.append((at, at + len(letters)))
            at = self.stream.find(letters, at + 1)
        return found


class GoldQuote:
    """One gold quote placed in its document; `located` says whether it stands there in one run of letters."""

    def __init__(self, quote: str, document: DocumentLetters) -> None:
        letters = letters_and_digits(quote)
        self.size = len(letters)
        places = document.occurrences(letters)
        self.located = bool(places)
        self._pieces: list[tuple[int, Spans]] = []
        if self.located:
            self._pieces.append((self.size, np.array(places, dtype=np.int64)))
            return
        for at in range(0, self.size, PIECE_LETTERS):
            piece = letters[at : at + PIECE_LETTERS]
            places = document.occurrences(piece) if len(piece) == PIECE_LETTERS else []
            if places:
                self._pieces.append((len(piece), np.array(places, dtype=np.int64)))

    def found_by(self, spans: Spans) -> Flags:
        """For each of the spans (shape n x 2, ranges of the document's stream): does it find this quote?"""
        if not self._pieces or len(spans) == 0:
            return np.zeros(len(spans), dtype=np.bool_)
        covered = np.zeros(len(spans), dtype=np.int64)
        for size, places in self._pieces:
            overlap = np.minimum(spans[:, 1:2], places[:, 1]) - np.maximum(spans[:, 0:1], places[:, 0])
            covered += np.clip(overlap.max(axis=1), 0, size)
        found: Flags = covered >= COVERED_SHARE * self.size
        return found


def find_matrix(spans: Sequence[tuple[int, int]], golds: Sequence[GoldQuote]) -> Flags:
    """Which span finds which gold quote: shape (spans, golds)."""
    ranges = np.array(spans, dtype=np.int64).reshape(-1, 2)
    if not golds:
        return np.zeros((len(ranges), 0), dtype=np.bool_)
    return np.stack([gold.found_by(ranges) for gold in golds], axis=1)
