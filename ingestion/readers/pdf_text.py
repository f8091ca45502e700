"""The text of one PDF page with geometry: lines as pdfium orders them, paragraphs told apart, headings by type size.

pdfium writes a hyphen that a line break put into a word as U+FFFE and swallows the break; `join_words` decides with
the words of the whole document whether the hyphen belongs to the word.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from ..models import Heading
from .decoding import clean

SOFT_HYPHEN = "\ufffe"
PARAGRAPH_GAP = 1.45
"""A step to the next line larger than this many usual steps opens a paragraph."""
GAP_INSIDE = 2.1
"""The same where the line goes on in lower case: formulas and superscripts push lines apart."""
SIZE_STEP = 0.15
"""Relative difference in type size that separates two lines."""
HEADING_SIZE = 1.12
BOLD = 600
"""Font weight (100 to 900) from which text counts as bold."""
LONGEST_HEADING = 140
MOST_HEADING_LINES = 3
LOWEST_LEVEL = 6

FEWEST_EMS = 24
"""Width, in heights of its type, from which a line may run over two columns."""
HOLE_EMS = 1.1
"""Gap, in heights of type, that no blank between two words of prose has."""

WORD = re.compile(r"[^\W\d_]+")
TAIL_WORD = re.compile(r"[^\W\d_]+$")


@dataclass(slots=True)
class Line:
    """One physical line of a page; coordinates in points from the lower left corner, `size` the height of its type."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    weight: int
    join: str | None = None
    """What joins the line's last word to the next line where a hyphen broke it: "" or "-"; None for a line break."""
    holes: tuple[int, ...] = ()
    """Offsets in `text` after which a wide gap follows: cells of a row, or two columns drawn as one line."""


def page_lines(text_page: Any, hidden: Iterable[int] = (), *, split_holes: bool = False) -> list[Line]:
    """The lines of a page in pdfium's order; `hidden` are indexes of characters to leave out.

    With `split_holes` a line is cut where a wide gap runs through it.
    """
    text = text_page.get_text_range()
    if not text:
        return []
    same = len(text) == text_page.count_chars()
    dropped = set(hidden)
    lines: list[Line] = []
    position = 0
    for part in re.split(rf"(\r\n|\n|\r|{SOFT_HYPHEN})", text):
        if part in ("\r\n", "\n", "\r", SOFT_HYPHEN, ""):
            if part == SOFT_HYPHEN and lines:
                lines[-1].join = ""
            position += len(part)
            continue
        indexes = range(position, position + len(part))
        if not same:
            indexes = [pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, index) for index in indexes]  # type: ignore[assignment]
        for first, last in _cuts(text_page, part, indexes) if split_holes else ((0, len(part)),):
            line = _line(text_page, part[first:last], indexes[first:last], dropped)
            if line is not None:
                lines.append(line)
        position += len(part)
    return lines


def _line(text_page: Any, text: str, indexes: Sequence[int], dropped: set[int]) -> Line | None:
    if dropped:
        kept = [(char, index) for char, index in zip(text, indexes, strict=True) if index not in dropped]
        text = "".join(char for char, _ in kept)
        indexes = [index for _, index in kept]
    visible = [offset for offset, char in enumerate(text) if not char.isspace()]
    if not visible:
        return None
    first, last = indexes[visible[0]], indexes[visible[-1]]
    left, bottom, _right, top = char_box(text_page, first)
    right = char_box(text_page, last)[2]
    weight = pdfium.FPDFText_GetFontWeight(text_page, first)
    if weight >= BOLD:
        weight = min(weight, pdfium.FPDFText_GetFontWeight(text_page, last))
    line = Line(clean(text).strip(), left, right, bottom, round(top - bottom, 1), weight)
    if right - left > FEWEST_EMS * line.size:
        line.holes = _holes(text_page, text, indexes, line.size)
    return line


def _holes(text_page: Any, text: str, indexes: Sequence[int], size: float) -> tuple[int, ...]:
    """Offsets of blanks in `text` with a gap around them that no justified line has."""
    found = []
    for offset, char in enumerate(text):
        if char == " " and 0 < offset < len(text) - 1 and not text[offset + 1].isspace():
            before = char_box(text_page, indexes[offset - 1])
            after = char_box(text_page, indexes[offset + 1])
            if after[0] - before[2] > HOLE_EMS * size:
                found.append(offset)
    return tuple(found)


def _cuts(text_page: Any, text: str, indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Parts of a line between its holes."""
    box = char_box(text_page, indexes[0])
    size = max(1.0, box[3] - box[1])
    edges = [0, *_holes(text_page, text, indexes, size), len(text)]
    return list(pairwise(edges))


def char_box(text_page: Any, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the character's cell, in points."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box)):
        return (0.0, 0.0, 0.0, 0.0)
    return (box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top))


def compose(lines: Sequence[Line]) -> tuple[str, list[tuple[int, int]]]:
    """The page's text and each line's offsets in it."""
    steps = [
        above.bottom - below.bottom
        for above, below in pairwise(lines)
        if above.bottom > below.bottom and abs(above.size - below.size) < SIZE_STEP * max(above.size, 1)
    ]
    parts: list[str] = []
    ranges = []
    position = 0
    for index, line in enumerate(lines):
        if index:
            between = _between(lines[index - 1], line, steps)
            parts.append(between)
            position += len(between)
        parts.append(line.text)
        ranges.append((position, position + len(line.text)))
        position += len(line.text)
    return "".join(parts), ranges


def _between(above: Line, below: Line, steps: Sequence[float]) -> str:
    if above.join is not None:
        return above.join
    goes_on = below.text[:1].islower() and not above.text.endswith((".", ":", ";", "!", "?"))
    larger = max(above.size, below.size, 0.1)
    step = above.bottom - below.bottom
    if abs(step) < 0.5 * larger:
        return "\n"
    if abs(above.size - below.size) > SIZE_STEP * larger:
        return "\n" if goes_on else "\n\n"
    if step < 0:
        return "\n" if goes_on or not above.text.endswith((".", ":", "!", "?")) else "\n\n"
    if (above.weight >= BOLD) != (below.weight >= BOLD) and not goes_on and not below.text[:1].isdigit():
        return "\n\n"
    usual = median(steps) if steps else 1.2 * larger
    usual = min(max(usual, 0.8 * larger), 2.6 * larger)
    return "\n\n" if step > (GAP_INSIDE if goes_on else PARAGRAPH_GAP) * usual else "\n"


def body_size(pages: Iterable[Sequence[Line]]) -> tuple[float, bool]:
    """The type size of most letters of a document (to half a point), and whether most of them are bold."""
    sizes: Counter[float] = Counter()
    bold = total = 0
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
            total += len(line.text)
            bold += len(line.text) if line.weight >= BOLD else 0
    return (sizes.most_common(1)[0][0] if sizes else 0.0), total > 0 and bold > total / 2


def find_headings(
    pages: Sequence[tuple[Sequence[Line], Sequence[tuple[int, int]]]],
) -> list[tuple[Heading, ...]]:
    """Headings of each page: lines in larger type than the body, or bold on lines of their own."""
    body, all_bold = body_size([lines for lines, _ in pages])
    if not body:
        return [() for _ in pages]
    found = [_page_headings(lines, ranges, body, all_bold) for lines, ranges in pages]
    sizes = sorted({size for page in found for _, _, size in page}, reverse=True)
    levels = {size: min(LOWEST_LEVEL, rank) for rank, size in enumerate(sizes, 1)}
    return [
        tuple(Heading(start=start, end=end, level=levels[size]) for start, end, size in page) for page in found
    ]  # fmt: skip


def _page_headings(
    lines: Sequence[Line], ranges: Sequence[tuple[int, int]], body: float, all_bold: bool
) -> list[tuple[int, int, float]]:
    result: list[tuple[int, int, float]] = []
    count = 0
    previous: Line | None = None
    for line, (start, end) in zip(lines, ranges, strict=True):
        large = line.size >= HEADING_SIZE * body
        bold = line.weight >= BOLD and not all_bold and line.size >= 0.92 * body
        size = round(line.size) if large else round(body) - 0.5
        if not (large or bold) or not _can_head(line.text):
            previous = None
            continue
        goes_on = (
            result and previous is not None and result[-1][2] == size and count < MOST_HEADING_LINES
            and abs(previous.bottom - line.bottom) < 1.8 * line.size and end - result[-1][0] <= LONGEST_HEADING
        )  # fmt: skip
        if goes_on:
            result[-1] = (result[-1][0], end, size)
            count += 1
        else:
            result.append((start, end, size))
            count = 1
        previous = line
    return result


def _can_head(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return (
        letters >= 3
        and len(text) <= LONGEST_HEADING
        and letters > 0.5 * len(text)
        and not text.endswith((".", ";", ","))
    )


def join_words(pages: Sequence[Sequence[Line]]) -> None:
    """Set `Line.join` of lines that break a word: the hyphen stays where the document's other words speak for it."""
    broken = [(line, below) for lines in pages for line, below in pairwise(lines) if line.join is not None]
    if not broken:
        return
    texts = [line.text for lines in pages for line in lines]
    words = Counter(word.lower() for text in texts for word in WORD.findall(text))
    hyphened = Counter(found.lower() for text in texts for found in re.findall(r"[^\W\d_]+-[^\W\d_]+", text))
    for line, below in broken:
        line.join = "-" if _keeps_hyphen(line.text, below.text, words, hyphened) else ""


def _keeps_hyphen(above: str, below: str, words: Counter[str], hyphened: Counter[str]) -> bool:
    if not below[:1].islower():
        return True
    before, after = TAIL_WORD.search(above), WORD.match(below)
    if before is None or after is None:
        return True
    first, second = before[0].lower(), after[0].lower()
    whole = words[first + second]
    if whole or hyphened[f"{first}-{second}"]:
        return hyphened[f"{first}-{second}"] > whole
    # The broken halves themselves count once each; real words of their own come more often.
    return words[first] > 1 and words[second] > 1 and len(first) > 2 and len(second) > 3
