"""Passages: about 120 words of one page, with whole sentences and list items, under their headings.

Words are counted as the evaluation counts them: two CJK characters make one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .headings import text_headings
from .language import detect_language
from .models import Heading, Page, Passage
from .running import running_lines
from .sentences import sentences

WORDS = 120
MOST_WORDS = 150
"""A passage may grow so far to take in the sentence at hand."""
TAIL_WORDS = 25
"""A last piece shorter than this joins the passage before it."""
SCRAP_WORDS = 12
"""A section shorter than this does not make a passage of its own: labels of a chart, entries of a cover page."""

COUNTED = re.compile(r"[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+")


@dataclass(slots=True)
class _Piece:
    """A sentence with its words and, for a heading, its level."""

    start: int
    end: int
    words: float
    level: int = 0


def count_words(text: str) -> float:
    """Words in `text`; a CJK character counts as half a word."""
    return sum(0.5 if found >= "\u2e80" else 1.0 for found in COUNTED.findall(text))


def split_passages(pages: Sequence[Page], languages: Mapping[str, float] | None = None) -> tuple[Passage, ...]:
    """The passages of a document, in order. `languages` are its languages with their shares (a prior)."""
    running = running_lines(pages)
    main = next(iter(languages), "") if languages else ""
    given = any(page.headings for page in pages)
    path: list[tuple[int, str]] = []
    passages: list[Passage] = []
    for page in pages:
        skipped = running.get(page.number, ())
        text = _without(page.text, skipped)
        ranges = sentences(text, main)
        headings = page.headings if given else text_headings(text, ranges)
        for group in _groups(_pieces(text, ranges, headings)):
            passages.append(_passage(page, text, group, path, languages))
    return tuple(passages)


def _without(text: str, skipped: Sequence[tuple[int, int]]) -> str:
    """`text` with the skipped ranges blanked; same length, and a cut there does not open a new paragraph."""
    for start, end in skipped:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _pieces(text: str, ranges: Sequence[tuple[int, int]], headings: Sequence[Heading]) -> list[_Piece]:
    """Sentences as pieces, cut so that no heading shares a piece with what follows it."""
    pieces: list[_Piece] = []
    waiting = sorted(headings, key=lambda heading: heading.start)
    for start, end in ranges:
        position = start
        while waiting and waiting[0].start < end:
            heading = waiting.pop(0)
            if heading.end <= position:
                continue
            first = max(position, heading.start)
            pieces += _piece(text, position, first, 0)
            pieces += _piece(text, first, min(end, heading.end), heading.level)
            if heading.end > end:
                waiting.insert(0, heading)
                position = end
                break
            position = heading.end
        pieces += _piece(text, position, end, 0)
    return pieces


def _piece(text: str, start: int, end: int, level: int) -> list[_Piece]:
    part = text[start:end]
    stripped = part.strip()
    if not stripped:
        return []
    start += part.index(stripped[0])
    return [_Piece(start, start + len(stripped), count_words(stripped), level)]


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces of one page gathered into passages."""
    sections: list[list[_Piece]] = []
    for piece in pieces:
        opens = piece.level and not (sections and all(earlier.level for earlier in sections[-1]))
        if opens or not sections:
            sections.append([])
        sections[-1].append(piece)
    groups: list[list[_Piece]] = []
    for section in sections:
        for group in _fill(section):
            scrap = groups and _words(groups[-1]) < SCRAP_WORDS and _words(groups[-1]) + _words(group) <= WORDS
            if scrap:
                groups[-1] += group
            else:
                groups.append(group)
    if len(groups) > 1 and _words(groups[-1]) < SCRAP_WORDS and _words(groups[-2]) < MOST_WORDS:
        _join_last(groups)
    return groups


def _fill(section: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """One section cut into groups of about `WORDS` words, the tail not too short."""
    groups: list[list[_Piece]] = [[]]
    size = 0.0
    for piece in section:
        too_much = size + piece.words > MOST_WORDS or (size >= WORDS and piece.words > 0)
        nearer_without = size + piece.words - WORDS > WORDS - size
        if groups[-1] and size > 0 and (too_much or (size + piece.words > WORDS and nearer_without)):
            groups.append([])
            size = 0.0
        groups[-1].append(piece)
        size += piece.words
    if len(groups) > 1 and _words(groups[-1]) < TAIL_WORDS:
        _join_last(groups)
    yield from groups


def _join_last(groups: list[list[_Piece]]) -> None:
    tail = groups.pop()
    groups[-1] += tail


def _words(group: Sequence[_Piece]) -> float:
    return sum(piece.words for piece in group)


def _passage(
    page: Page, text: str, group: Sequence[_Piece], path: list[tuple[int, str]], languages: Mapping[str, float] | None
) -> Passage:
    """The passage of a group; `path` is the headings in force and is carried on. Its heading is that at its start."""
    start, end = group[0].start, group[-1].end
    at_start: tuple[str, ...] | None = None
    for piece in group:
        if piece.level:
            while path and path[-1][0] >= piece.level:
                path.pop()
            path.append((piece.level, " ".join(page.text[piece.start : piece.end].split())))
        elif at_start is None:
            at_start = tuple(title for _, title in path)
    if at_start is None:
        at_start = tuple(title for _, title in path)
    code, _confidence = detect_language(text[start:end], languages)
    return Passage(
        page=page.number,
        start=start,
        end=end,
        text=page.text[start:end],
        heading=at_start,
        language=code or (next(iter(languages), "") if languages else ""),
        sentences=tuple((piece.start, piece.end) for piece in group),
    )
