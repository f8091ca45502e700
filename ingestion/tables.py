"""Rows of a table as lines that can be quoted alone: `Permit: Water use | Expires: 2027-03-31`."""

from __future__ import annotations

from collections.abc import Sequence

SEPARATOR = " | "
HEADER_WITHIN = 15
"""Rows in which the header row is looked for; above it stand titles and notes."""
LONGEST_HEADER = 60
FEWEST_CELLS = 2
WIDTH_SHARE = 0.6
"""A header fills at least this share of the widest of the first rows."""
LOOK_AHEAD = 30


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line per row that is not empty. Cells stand under the header found above them; empty cells are left out."""
    tidy = [[" ".join(cell.split()) for cell in row] for row in rows]
    header_at = _header(tidy)
    lines = []
    for index, row in enumerate(tidy):
        if header_at is not None and index > header_at:
            line = _with_header(tidy[header_at], row)
        else:
            line = SEPARATOR.join(cell for cell in row if cell)
        if line:
            lines.append(line)
    return lines


def _with_header(header: Sequence[str], row: Sequence[str]) -> str:
    filled = [(header[at] if at < len(header) else "", cell) for at, cell in enumerate(row) if cell]
    if len(filled) == 1 and filled[0][0] != "" and len(row) > 1 and row[0]:
        # A row with nothing but its first cell is a title between rows, not a value.
        return filled[0][1]
    return SEPARATOR.join(f"{name.rstrip(':')}: {cell}" if name else cell for name, cell in filled)


def _header(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the header row: the first well-filled row of short words over another well-filled row."""
    widest = max((sum(map(bool, row)) for row in rows[:LOOK_AHEAD]), default=0)
    if widest < FEWEST_CELLS:
        return None
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        filled = [cell for cell in row if cell]
        if len(filled) < max(FEWEST_CELLS, WIDTH_SHARE * widest):
            continue
        below = next((other for other in rows[index + 1 :] if any(other)), None)
        if below is None or sum(map(bool, below)) < FEWEST_CELLS:
            return None
        return index if all(_is_name(cell) for cell in filled) and len(set(filled)) == len(filled) else None
    return None


def _is_name(cell: str) -> bool:
    return len(cell) <= LONGEST_HEADER and any(char.isalpha() for char in cell) and cell[-1] not in ".;"
