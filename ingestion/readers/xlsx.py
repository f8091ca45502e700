"""XLSX: one page per sheet, one line per row with its column headers; stored values, never formulas."""

from __future__ import annotations

import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from ..archive import core_properties, local, main_part, package, read_xml, relationships
from ..errors import DamagedFileError, EmptyFileError
from ..limits import Limits
from ..models import Heading, Page, Suspicion
from ..tables import table_lines
from .base import OutlineEntry, RawDocument
from .decoding import clean

MOST_ROWS = 50_000
MOST_COLUMNS = 300
MOST_EMPTY_ROWS = 20_000
"""So many empty rows on end are the end of a sheet, whatever a stray cell further down says."""
ACTING = re.compile(
    rb"<f[^>]*>([^<]{0,300}?(?:WEBSERVICE|HYPERLINK\s*\(\s*&quot;(?:javascript|file)|FILTERXML|IMPORTXML|IMPORTDATA|DDE|CALL\s*\("
    rb"|EXEC\s*\(|REGISTER|cmd\s*\||powershell|mshta|rundll)[^<]{0,200})</f>",
    re.IGNORECASE,
)
"""Formulas that load, run or send something. Plain references and sums are nobody's business."""
UNSTORED = re.compile(rb"<c [^>]*>\s*<f[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
DECIMALS = re.compile(r"(?:#,##)?0(?:\.(0+))?(%?)")
LONGEST_QUOTE = 300


class XlsxReader:
    """`.xlsx`, `.xlsm`."""

    name = "xlsx"
    media_types = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """Every sheet with words or figures in it; the page's label and first line are the sheet's name."""
        with package(path, limits) as archive:
            suspicions, unstored = _inspect(archive)
            metadata = core_properties(archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                book = openpyxl.load_workbook(path, data_only=True, read_only=True, keep_links=False)
                raw = _sheets(book)
            except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
                    IndexError, ParseError, SyntaxError, OSError, EOFError) as error:  # fmt: skip
                raise DamagedFileError(
                    "is damaged or no workbook that can be opened: save it again as XLSX from a spreadsheet program."
                ) from error
        raw.metadata = metadata
        raw.suspicions = [*suspicions, *raw.suspicions]
        if unstored:
            what = "a cell holds a formula" if unstored == 1 else f"{unstored} cells hold formulas"
            raw.left_out.append(
                f"{what} without a stored value (open the file in a spreadsheet program and save it once)"
            )
        if not raw.pages:
            raise EmptyFileError("holds no cell with a value: check that it is the right file.")
        return raw


def _sheets(book: Any) -> RawDocument:
    raw = RawDocument(pages=[])
    for sheet in book.worksheets:
        rows, cut = _rows(sheet)
        if cut:
            raw.left_out.append(f"of sheet {sheet.title} only the first {MOST_ROWS} rows were read")
        lines = table_lines(rows)
        if not lines:
            continue
        title = clean(sheet.title)
        hidden = getattr(sheet, "sheet_state", "visible") != "visible"
        number = len(raw.pages) + 1
        raw.pages.append(
            Page(
                number=number,
                text="\n".join([title, "", *lines]),
                label=f"Sheet: {title}{' (hidden)' if hidden else ''}",
                headings=(Heading(start=0, end=len(title), level=1),),
            )
        )
        raw.outline.append(OutlineEntry(title, 1, number))
        if hidden:
            message = f"Sheet {title} is hidden in the workbook; it was read all the same."
            raw.suspicions.append(
                Suspicion(kind="hidden text", message=message, quote=lines[0][:LONGEST_QUOTE], page=number)
            )
    book.close()
    return raw


def _rows(sheet: Any) -> tuple[list[list[str]], bool]:
    rows: list[list[str]] = []
    empty_rows = 0
    sheet.reset_dimensions()  # what the file says about its size may be wrong
    for row in sheet.iter_rows():
        cells = [_shown(cell) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        empty_rows = 0 if cells else empty_rows + 1
        if len(rows) >= MOST_ROWS:
            return rows, True
        if empty_rows > MOST_EMPTY_ROWS:
            break
        if cells:
            rows.append(cells)
    empty = min((next(at for at, cell in enumerate(row) if cell) for row in rows), default=0)
    return [row[empty:] for row in rows], False


def _shown(cell: Any) -> str:
    """The cell as the spreadsheet shows it, near enough to be found by a reader."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (int, float)):
        return _number(value, str(getattr(cell, "number_format", "") or ""))
    return clean(str(value)).replace("\f", " ").strip()


def _number(value: float, number_format: str) -> str:
    found = DECIMALS.fullmatch(number_format.split(";")[0])
    if found and (found[1] or found[2] or isinstance(value, float)):
        decimals = len(found[1] or "")
        return f"{value * 100:.{decimals}f}%" if found[2] else f"{value:.{decimals}f}"
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _inspect(archive: zipfile.ZipFile) -> tuple[list[Suspicion], int]:
    """Formulas that act, macros, links to other files, and the number of formulas without a stored value."""
    found: list[Suspicion] = []
    unstored = 0
    for name in archive.namelist():
        if name.lower().startswith("xl/worksheets/") and name.endswith(".xml"):
            try:
                data = archive.read(name)
            except (zipfile.BadZipFile, zipfile.zlib.error, EOFError) as error:  # type: ignore[attr-defined]
                raise DamagedFileError(
                    "is damaged (a sheet cannot be unpacked): get a fresh copy of the file."
                ) from error
            unstored += len(UNSTORED.findall(data))
            for formula in ACTING.finditer(data):
                words = formula[1].decode("utf-8", "replace").replace("&quot;", '"').replace("&amp;", "&")
                message = "A cell holds a formula that loads or runs something; only its stored value was read."
                found.append(Suspicion(kind="formula", message=message, quote=f"={words}"[:LONGEST_QUOTE]))
        elif name.lower().endswith("vbaproject.bin"):
            found.append(
                Suspicion(kind="active content", message="The workbook holds macros; nothing of them was run.")
            )
    found += _comments(archive)
    links = relationships(archive, main_part(archive, "xl/workbook.xml")).values()
    if any(kind == "externalLink" for kind, _, _ in links):
        message = "The workbook takes values from other files; the values stored in it were read."
        found.append(Suspicion(kind="link", message=message))
    return found, unstored


def _comments(archive: zipfile.ZipFile) -> list[Suspicion]:
    """Notes at cells and threads of comments, as one suspicion with their words."""
    texts: list[str] = []
    for name in archive.namelist():
        if name.lower().startswith(("xl/comments", "xl/threadedcomments")) and name.endswith(".xml"):
            root = read_xml(archive, name)
            for note in root.iter() if root is not None else ():
                if local(note) in {"comment", "threadedComment"}:
                    words = "".join(part.text or "" for part in note.iter() if local(part) in {"t", "text"})
                    texts.append(" ".join(words.split()))
    if not texts:
        return []
    message = "The workbook holds cell comments; comments are not read as evidence."
    return [Suspicion(kind="hidden text", message=message, quote=" / ".join(filter(None, texts))[:LONGEST_QUOTE])]
