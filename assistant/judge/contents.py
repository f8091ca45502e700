"""Tables of contents: they name topics with page numbers and are never evidence for any of them.

Recognised by form, in any language: dotted leaders, or short entries that end in page numbers that do not fall. A
heading such as "Contents" or 目录 lowers the number of entries that is asked for, and admits lists without numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve import Prepared

Range = tuple[int, int]

_HEADING = re.compile(
    r"^\W*(?:table\ of\ contents|contents|índice(?:\ (?:general|de\ contenidos?))?|indice(?:\ general)?|contenidos?"
    r"|tabla\ de\ contenidos?|sum[áa]rio|conteúdo|spis\ treści|inhalt(?:sverzeichnis|sübersicht)?|sommaire"
    r"|table\ des\ matières|目\s*录|目\s*次|目錄|daftar\ isi)\s*(?=$|[:：.])",
    re.IGNORECASE | re.VERBOSE,
)
_HEADING_INSIDE = re.compile(
    r"(?:^|(?<=[.\s]))(?:contents|[íi]ndice(?: general)?|inhalt|spis treści|sommaire|目录|目次)\s?[:：]", re.IGNORECASE
)
_PIECE = re.compile(r"[^\n;；]+")
_LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:…\s?){2,}|(?:·\s?){4,}|\t\.+")
_PAGED = re.compile(
    r"(?P<before>.*[^\W\d_][^\d]*?)[\s,.…·]\s*(?:p(?:p|ág|age|g)?\.?\s*|s\.\s*|第?)?"
    r"(?P<page>\d{1,3})(?:\s?[-\u2013]\s?\d{1,3})?\s?(?:页|頁|ページ)?[\s).;,]*$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_A_PAGE = re.compile(
    r"[)%°$€£/=<>≤≥|]\s*$|\d\s*$|\b(?:kt|Mt|kg|t|h|ha|km|m3|no|nr|n[.º°]|art\w*)\.?\s*$", re.IGNORECASE
)
"""What stands before a number that is a figure, a unit's or a reference, and no page number."""
_SENTENCE = re.compile(r"[^\W\d_]{2,}[.!?。]\s+[A-ZÀ-ÞŚŻŁ\u3400-\u9fff]")

_LONGEST = 110
"""Characters of an entry; longer ones are sentences."""
_FEWEST = {"leaders": 2, "headed": 3, "bare": 5}
"""Entries that make a table of contents: with dotted leaders, below a heading, and by their page numbers alone."""
_DISTINCT = 4
"""Different page numbers where there is no heading: a column of ranks or counts can rise by chance."""
_UNPAGED = 4
"""Entries without page numbers that make one, in a line after a heading."""
_MAJORITY = 0.5


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    text: str
    heading: bool
    leader: bool
    page: int | None

    @property
    def entry(self) -> bool:
        return self.leader or self.page is not None

    @property
    def short(self) -> bool:
        return len(self.text) <= _LONGEST and not _SENTENCE.search(self.text)


def in_contents(passage_text: str, start: int, end: int) -> bool:
    """Whether most of `passage_text[start:end]` lies in a table of contents; a title above it does not."""
    ranges = contents_ranges(passage_text)
    if not ranges:
        return False
    shared = sum(_letters(passage_text[max(start, first) : min(end, last)]) for first, last in ranges)
    return shared > _MAJORITY * max(1, _letters(passage_text[start:end]))


@lru_cache(maxsize=4096)
def contents_ranges(passage_text: str) -> tuple[Range, ...]:
    """The parts of a passage that are tables of contents, as offsets into it."""
    pieces = _pieces(passage_text)
    found: list[Range] = []
    at = 0
    while at < len(pieces):
        run = _run(pieces, at)
        if run:
            found.append((run[0].start, run[-1].end))
            at += len(run)
        else:
            at += 1
    return tuple(found)


class Contents:
    """Which units stand in a table of contents, found out when asked for."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._listed = np.zeros(len(prepared.units), dtype=bool)
        self._known = np.zeros(len(prepared.units), dtype=bool)

    def holds(self, units: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of these units does, shape (len(units),)."""
        for number in units[~self._known[units]]:
            unit = self._prepared.units[number]
            passage = self._prepared.passages[unit.passage]
            self._listed[number] = in_contents(passage.text, unit.start - passage.start, unit.end - passage.start)
            self._known[number] = True
        return self._listed[units]


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(text):
        start, end = match.span()
        # "Title. Contents: first entry; second entry": the heading may stand inside a line.
        inside = _HEADING_INSIDE.search(match[0])
        cuts = [start, start + inside.start(), start + inside.end(), end] if inside else [start, end]
        for first, last in pairwise(cuts):
            piece = text[first:last].strip()
            if piece:
                pieces.append(_piece(first, last, piece))
    return pieces


def _piece(start: int, end: int, text: str) -> _Piece:
    leader = bool(_LEADER.search(text))
    text = _LEADER.sub(" ", text)
    paged = _PAGED.match(text) if len(text) <= _LONGEST else None
    page = int(paged["page"]) if paged and not _NOT_A_PAGE.search(paged["before"]) else None
    return _Piece(start, end, text, bool(_HEADING.match(text)), leader, page)


def _run(pieces: Sequence[_Piece], at: int) -> Sequence[_Piece]:
    """The table of contents that begins at a piece, or nothing."""
    headed = pieces[at].heading
    first = at + 1 if headed else at
    last = first
    missed = 0
    while last < len(pieces) and missed <= 1 and pieces[last].short:
        missed = 0 if pieces[last].entry else missed + 1
        last += 1
    while last > first and not pieces[last - 1].entry:
        last -= 1
    entries = [piece for piece in pieces[first:last] if piece.entry]
    if entries and not headed and not pieces[first].entry:
        return ()
    if sum(piece.leader for piece in entries) >= _FEWEST["leaders"]:
        return pieces[at:last]
    pages = [piece.page for piece in entries if piece.page is not None]
    if _rising(pages, headed):
        return pieces[at:last]
    if headed:
        last = first
        while last < len(pieces) and pieces[last].short:
            last += 1
        if last - first >= _UNPAGED:
            return pieces[at:last]
    return ()


def _rising(pages: Sequence[int], headed: bool) -> bool:
    """Whether numbers at line ends are page numbers: they never fall, and do not merely count the lines."""
    if not all(a <= b for a, b in pairwise(pages)):
        return False
    if headed:
        return len(pages) >= _FEWEST["headed"] and len(set(pages)) > 1
    counting = all(b - a == 1 for a, b in pairwise(pages))
    return len(pages) >= _FEWEST["bare"] and len(set(pages)) >= _DISTINCT and not counting


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
