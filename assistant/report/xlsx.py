"""The working paper as a workbook: frozen headers, filters, wrapped text, coloured states, ready to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assistant.report.cells import plain, put
from assistant.report.models import Report
from assistant.report.sheets import Column, Sheet, sheets

_HEADER = PatternFill("solid", fgColor="1F3A4D")
_COLOURS = {
    "supported": "D6EFD8", "fully meets": "D6EFD8", "confirmed": "D6EFD8", "read": "D6EFD8",
    "partly": "FBEFC5", "partially meets": "FBEFC5",
    "needs a person": "DCE6F7", "open": "DCE6F7", "not rated": "EEEEEE", "not matched": "EEEEEE",
    "gap": "F9DCC4", "does not meet": "F4C7C3", "rejected": "F4C7C3", "unreadable": "F4C7C3", "contradicted": "F4C7C3",
    "not applicable": "EEEEEE", "withdrawn": "EEEEEE", "skipped": "EEEEEE",
}  # fmt: skip
"""Fill of a cell by the state it shows; the state is also written out, so that nothing rests on colour alone."""
_THIN = Side(style="thin", color="D9D9D9")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_LINE_POINTS = 13.0
_FILTER_BUTTON = 3
_LONGEST_ROW = 20
"""Lines of text a row shows at most; the rest is in the cell."""
_PAPER_A4 = 9


def workbook(report: Report) -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = plain(f"Working paper {report.site.name}")
    book.properties.creator = "Assay"
    book.properties.created = report.made.replace(tzinfo=None)
    looks = _looks(book)
    for sheet in sheets(report):
        _fill(book.create_sheet(sheet.title), sheet, report, looks)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(target: Worksheet, sheet: Sheet[Any], report: Report, looks: Mapping[str, str]) -> None:
    widths = [_width(column) for column in sheet.columns]
    for index, column in enumerate(sheet.columns, start=1):
        cell = _cell(target, 1, index)
        put(cell, column.heading)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEADER
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.border = _BORDER
        target.column_dimensions[get_column_letter(index)].width = _width(column)
    target.row_dimensions[1].height = _LINE_POINTS * 2.6
    for number, values in enumerate(sheet.values(), start=2):
        lines = 1
        for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=1):
            cell = _cell(target, number, index)
            colour = ""
            if isinstance(value, str):
                lines = max(lines, sum(ceil((len(part) + 1) / widths[index - 1]) for part in value.split("\n")))
                colour = _COLOURS.get(value.split(" (")[0], "") if column.coloured else ""
            cell.style = looks[colour]
            put(cell, value)
        target.row_dimensions[number].height = _LINE_POINTS * min(lines, _LONGEST_ROW) + 3
    last = len(sheet.rows) + 1
    right = get_column_letter(len(sheet.columns))
    target.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}2"
    target.auto_filter.ref = f"A1:{right}{max(last, 2)}"
    for offset, line in enumerate(sheet.lines, start=2):
        cell = _cell(target, last + offset, 1)
        put(cell, line)
        cell.font = Font(italic=True, color="555555")
    _print(target, sheet, report)


def _looks(book: Workbook) -> dict[str, str]:
    """The named style of cells for each fill (empty for none), made once: openpyxl is slow to style cell by cell."""
    names = {}
    for colour in ("", *dict.fromkeys(_COLOURS.values())):
        style = NamedStyle(
            f"Assay {colour}".strip(), alignment=Alignment(wrap_text=True, vertical="top"), border=_BORDER
        )
        if colour:
            style.fill = PatternFill("solid", fgColor=colour)
        book.add_named_style(style)
        names[colour] = style.name
    return names


def _print(target: Worksheet, sheet: Sheet[Any], report: Report) -> None:
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = _PAPER_A4
    target.page_setup.fitToWidth = 1
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.page_margins.left = target.page_margins.right = 0.4
    target.page_margins.top = target.page_margins.bottom = 0.6
    target.print_title_rows = "1:1"
    # An ampersand begins a code in headers and footers.
    site = plain(report.site.name).replace("&", "&&")[:80]
    header, footer = target.oddHeader, target.oddFooter
    if header is not None and footer is not None:
        header.left.text = f"{site}: {sheet.title}"
        footer.left.text = plain(report.notice).replace("&", "&&")[:120]
        footer.right.text = "Page &P of &N"


def _width(column: Column[Any]) -> float:
    """The column's width, at least that of the longest word of its heading beside the button of the filter."""
    return max(column.width, max(len(word) for word in column.heading.split()) * 1.1 + _FILTER_BUTTON)


def _cell(target: Worksheet, row: int, column: int) -> Cell:
    cell = target.cell(row=row, column=column)
    assert isinstance(cell, Cell)  # nothing is merged here
    return cell
