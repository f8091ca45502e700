"""Headings known from the text alone: numbered lines, lines in capitals, short lines over a paragraph.

Used where a format gives no headings of its own (plain text, PDFs in one type size).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .models import Heading
from .sentences import CJK_KEYWORD, KEYWORD

LONGEST = 100
MOST_WORDS = 14
FEWEST_CAPITALS = 4
LOWEST_LEVEL = 9
PLAIN_LEVEL = 4
"""Level of a short line that has neither number nor capitals: below all that have."""
PARAGRAPH_WORDS = 10
"""Words in what follows a plain short line for it to be a heading rather than one label among others."""

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?[ \t]+[^\W\d_]")
NO_HEADING = re.compile(r"[.!?;,:…。；，！？]$|[|\t]|\.{4,}|…{2,}|@|https?://|^\W*\d[\d\s.,/%-]*$|:\s")
FIRST_LETTER = re.compile(r"[^\W\d_]")


def text_headings(text: str, ranges: Sequence[tuple[int, int]]) -> tuple[Heading, ...]:
    """Headings among the sentence `ranges` of a page."""
    found = []
    for index, (start, end) in enumerate(ranges):
        following = text[slice(*ranges[index + 1])] if index + 1 < len(ranges) else ""
        level = _level(text[start:end], following)
        if level and _stands_alone(text, start, end):
            found.append(Heading(start=start, end=end, level=level))
    return tuple(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands on the range's first and last line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)]
    return not before.strip() and not after.strip()


def _level(line: str, following: str) -> int:
    if len(line) > LONGEST or len(line.split()) > MOST_WORDS or NO_HEADING.search(line) or line.count("\n") > 1:
        return 0
    letter = FIRST_LETTER.search(line)
    if letter is None:
        return 0
    numbered = NUMBERED.match(line)
    if numbered:
        if not letter[0].isupper() and not _cjk(letter[0]):
            return 0
        return min(LOWEST_LEVEL, numbered[1].count(".") + 1)
    letters = [char for char in line if char.isalpha()]
    if len(letters) >= FEWEST_CAPITALS and all(char.isupper() for char in letters):
        return 1
    if CJK_KEYWORD.match(line) or KEYWORD.match(line):
        return 2
    if line[0].islower() or not (line[0].isalpha() or line[0] in '¿¡"“«'):
        return 0
    if len(following.split()) >= PARAGRAPH_WORDS or (_cjk(letter[0]) and len(following) >= 2 * PARAGRAPH_WORDS):
        return PLAIN_LEVEL
    return 0


def _cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\uffef"
