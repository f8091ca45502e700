"""Reading order of PDF lines: two columns that the file draws row by row are put column by column.

Most files draw column after column, and pdfium's order is then left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from ..columns import Box, column_order
from .pdf_text import Line, page_lines

FEWEST_WIDE = 6
"""Wide lines with a hole in them from which a page may be two columns drawn row by row."""
STEPS_BACK = 0.4
"""Share of lines that stand above the one before them: a page drawn column by column has a handful."""


def in_reading_order(lines: Sequence[Line], text_page: Any, hidden: Iterable[int] = ()) -> list[Line]:
    """`lines` in the order a person reads them; lines that run over the gap between columns are cut in two."""
    if len(lines) < 2 * FEWEST_WIDE or any(line.join is not None for line in lines):
        # A word broken over two lines was followed by pdfium, so the order is that of reading.
        return list(lines)
    holed = sum(bool(line.holes) for line in lines)
    cut = lines
    if holed >= FEWEST_WIDE:
        cut = page_lines(text_page, hidden, split_holes=True)
    elif not _goes_back_and_forth(lines):
        return list(lines)
    boxes = [
        Box(line.left, line.right, line.bottom, line.bottom + line.size, len(line.text), index)
        for index, line in enumerate(cut)
    ]
    order = column_order(boxes)
    return [cut[index] for index in order] if order is not None else list(lines)


def _goes_back_and_forth(lines: Sequence[Line]) -> bool:
    """Whether lines keep jumping to the right on the same height and back: two columns row by row."""
    jumps = sum(
        abs(one.bottom - other.bottom) < 0.6 * max(one.size, other.size) and other.left > one.right
        for one, other in pairwise(lines)
    )
    return jumps >= FEWEST_WIDE and jumps >= STEPS_BACK * len(lines) / 2
