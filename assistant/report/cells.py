"""Text into spreadsheet cells so that none of it can act: always a string, never a formula, a link or a code."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from openpyxl.cell import Cell

LONGEST = 32_767
"""Characters a cell can hold."""
_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_ILLEGAL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""Control characters, half surrogates and non-characters, which break the file, and marks that turn text around."""

Value = str | int | float | bool | datetime | None


def plain(text: str) -> str:
    """The text without characters a workbook cannot hold, cut to what a cell can hold."""
    kept = _ILLEGAL.sub("", text.replace("\r\n", "\n"))
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def put(cell: Cell, value: Value) -> None:
    """Put a value into a cell: text as a string whatever it looks like, moments as dates in UTC, `None` as nothing.

    Text that a spreadsheet program would take for a formula is marked as text (quote prefix) as well, so that it stays
    text when somebody edits the cell.
    """
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, datetime):
        cell.value = value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        cell.number_format = "yyyy-mm-dd hh:mm"
        return
    if not isinstance(value, str):
        cell.value = value
        return
    text = plain(value)
    if not text:
        return
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_ACTS):
        cell.quotePrefix = True
