"""Workbooks: each level-one heading begins a sheet; dates are dates and numbers are numbers."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from evaluation.sample_site.series import series
from evaluation.sample_site.source import ContentError, Source
from evaluation.sample_site.writers.archive import fixed_time, repack

WIDEST = 60


def write_xlsx(source: Source) -> bytes:
    """The workbook as bytes."""
    front = source.front
    book = Workbook()
    del book[book.sheetnames[0]]
    book.properties.title, book.properties.creator = front["title"], front.get("author", "")
    book.properties.created = fixed_time(front["date"])
    sheet: Any = None
    for block in source.blocks:
        if block.kind == "h1":
            sheet = book.create_sheet(block.text[:31])
            continue
        if sheet is None:
            raise ContentError(f"{source.path.name}: a workbook begins with a heading, the name of its first sheet.")
        if block.kind in ("table", "series"):
            _rows(sheet, block.rows if block.kind == "table" else series(block.text))
        elif block.kind in ("p", "h2", "bullet", "box"):
            row = (sheet.max_row if sheet.max_row > 1 or sheet["A1"].value is not None else 0) + 1
            cell = sheet.cell(row, 1, block.text)
            cell.font = Font(bold=block.kind == "h2", size=13 if block.kind == "h2" else 11)
        else:
            raise ContentError(f"{source.path.name}: a workbook has no block of kind {block.kind!r}.")
    out = io.BytesIO()
    book.save(out)
    return repack(out.getvalue(), front["date"])


def _rows(sheet: Any, rows: Any) -> None:
    first = (sheet.max_row if sheet.max_row > 1 or sheet["A1"].value is not None else -1) + 2
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            cell = sheet.cell(first + down, across + 1, _value(text))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
            if down == 0:
                cell.font = Font(bold=True, color="FFFFFF")
                cell.fill = PatternFill("solid", fgColor="8A3B12")
    for across in range(max(len(row) for row in rows)):
        longest = max(len(row[across]) for row in rows if across < len(row))
        letter = get_column_letter(across + 1)
        width = max(11, min(WIDEST, longest + 2))
        sheet.column_dimensions[letter].width = max(width, sheet.column_dimensions[letter].width or 0)


def _value(text: str) -> str | float | int | date:
    """A cell's value: ISO dates become dates, plain numbers become numbers."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return date.fromisoformat(text)
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return text
