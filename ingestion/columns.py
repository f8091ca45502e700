"""Reading order of boxes on a page: prose in two or more columns is read column by column, tables row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST_LINES = 6
"""Lines each column must have; fewer are captions or cells."""
MOST_CROSSING = 0.34
"""Share of lines that may run over both columns (titles, wide paragraphs)."""
FULL = 0.75
"""A prose line fills at least this share of its column's width …"""
FULL_SHARE = 0.55
"""… and at least this share of a column's lines do so; cells of a table do not."""
NARROWEST_GAP = 6.0
"""Points between two columns."""
FEWEST_CHARS = 14
"""Median characters of a line of prose; figures in a table have fewer."""
MOST_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A line's place; `top` and `bottom` grow upwards as in PDF, `chars` is its length, `index` names it."""

    left: float
    right: float
    bottom: float
    top: float
    chars: int
    index: int


def column_order(boxes: Sequence[Box], depth: int = 0) -> list[int] | None:
    """Indexes of `boxes` in reading order when they stand in columns of prose, else None."""
    gutter = _gutter(boxes) if depth < MOST_DEPTH else None
    if gutter is None:
        return None
    order: list[int] = []
    left: list[Box] = []
    right: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.top):
        if box.right <= gutter + 1:
            left.append(box)
        elif box.left >= gutter - 1:
            right.append(box)
        else:
            order += _columns(left, right, depth)
            left, right = [], []
            order.append(box.index)
    return order + _columns(left, right, depth)


def _columns(left: list[Box], right: list[Box], depth: int) -> list[int]:
    order: list[int] = []
    for side in (left, right):
        order += column_order(side, depth + 1) or [box.index for box in side]
    return order


def _gutter(boxes: Sequence[Box]) -> float | None:
    """The x between two columns of prose that the fewest lines cross, or None."""
    if len(boxes) < 2 * FEWEST_LINES:
        return None
    start, end = min(box.left for box in boxes), max(box.right for box in boxes)
    low, high = start + 0.2 * (end - start), start + 0.8 * (end - start)
    best: tuple[int, float] | None = None
    for x in sorted({box.left - 1 for box in boxes if low <= box.left - 1 <= high}):
        crossing = sum(box.left < x < box.right for box in boxes)
        if best is None or crossing < best[0]:
            best = (crossing, x)
    if best is None or best[0] > MOST_CROSSING * len(boxes):
        return None
    x = best[1]
    left = [box for box in boxes if box.right <= x + 1]
    right = [box for box in boxes if box.left >= x - 1]
    if min(len(left), len(right)) < FEWEST_LINES or not (_prose(left) and _prose(right)):
        return None
    if min(box.left for box in right) - max(box.right for box in left) < NARROWEST_GAP:
        return None
    together = min(max(box.top for box in left), max(box.top for box in right)) - max(
        min(box.bottom for box in left), min(box.bottom for box in right)
    )
    return x if together > 0 else None


def _prose(side: Sequence[Box]) -> bool:
    width = max(box.right for box in side) - min(box.left for box in side)
    # Three columns look like one full column and a wide one: lines then fill half of it.
    wide = [box for box in side if box.right - box.left >= FULL * width]
    half = [box for box in side if box.right - box.left >= FULL * width * 0.45]
    filled = len(wide) >= FULL_SHARE * len(side) or len(half) >= 0.8 * len(side)
    return filled and median(box.chars for box in side) >= FEWEST_CHARS
