"""PDF: text and geometry by pdfium, what the file is and does by pypdf, pages without words by OCR."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ..errors import DamagedFileError, EmptyFileError, EncryptedFileError, OcrError
from ..limits import Limits
from ..models import Page, Suspicion
from ..ocr import Recognised, engine_for
from ..sandbox_child import alive
from .base import OutlineEntry, RawDocument
from .columns import in_reading_order
from .pdf_hidden import Run, hidden_runs, picture_boxes
from .pdf_structure import Structure, read_structure
from .pdf_text import Line, compose, find_headings, join_words, page_lines

FEW_LETTERS = 25
"""Letters below which a page with a picture may be a scan with a stamp or a page number on it."""
SOME_LETTERS = 150
"""The same for a page that a picture covers for the most part."""
DRAWN_PATHS = 60
"""Paths on a page without letters from which its words may be drawn as outlines."""
UNREADABLE_SHARE = 0.3
"""Share of characters without meaning (private use, replacement) from which the text layer is useless."""
OCR_DPI = 220
LONGEST_SIDE = 3600
"""Pixels of the longer side of a page picture for OCR: A3 at 220 dpi."""
POINTS_PER_INCH = 72
DRAWN_ANNOTATIONS = {pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP}
MOST_ANNOTATIONS = 2000
LONGEST_QUOTE = 300
DIGITS = re.compile(r"\d+")
MOST_MESSAGES = 40


class PdfReader:
    """`.pdf`."""

    name = "pdf"
    media_types = ("application/pdf",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """One page for each page of the file; pages without words go through OCR."""
        document = _open(path)
        with contextlib.closing(document):
            structure = read_structure(path)
            return _Reading(document, limits, structure).result()


def _open(path: Path) -> Any:
    try:
        document = pdfium.PdfDocument(path)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise EncryptedFileError(
                "is protected by a password: save a copy without the password and add that."
            ) from error
        raise DamagedFileError(
            "is damaged and cannot be opened as a PDF: get a fresh copy, or print it to PDF again."
        ) from error
    if count == 0:
        document.close()
        raise DamagedFileError("has no pages that can be found: get a fresh copy, or print it to PDF again.")
    return document


def _with_forms(document: Any, index: int) -> Any:
    """The page, with the values of form fields and free-text notes drawn into it as a reader sees them."""
    page = document[index]
    shown = False
    for number in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), MOST_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
        if annotation:
            shown = shown or pdfium_c.FPDFAnnot_GetSubtype(annotation) in DRAWN_ANNOTATIONS
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    if not shown or pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[index]


class _Reading:
    """One pass over a document."""

    def __init__(self, document: Any, limits: Limits, structure: Structure) -> None:
        self.document = document
        self.limits = limits
        self.structure = structure
        self.lines: dict[int, list[Line]] = {}
        self.recognised: dict[int, Recognised] = {}
        self.sizes: dict[int, tuple[float, float]] = {}
        self.broken: list[int] = []
        self.pictures_only: list[int] = []
        self.not_recognised: list[int] = []
        self.no_engine = ""
        self.hidden: dict[tuple[str, str], tuple[str, list[int]]] = {}

    def result(self) -> RawDocument:
        total = len(self.document)
        count = min(total, self.limits.pages)
        for index in range(count):
            try:
                self._page(index)
            except (pdfium.PdfiumError, ValueError):  # ValueError: a page box that cannot be drawn
                self.broken.append(index + 1)
                self.lines.setdefault(index, [])
            if index % 20 == 0:
                alive()
        pages = self._pages(count)
        if not any(page.text.strip() for page in pages):
            raise self._empty(count)
        left_out = []
        if count < total:
            left_out.append(f"only the first {count} of {total} pages were read")
        if self.broken:
            left_out.append(f"{_numbers(self.broken)} damaged")
        if self.not_recognised:
            left_out.append(f"{_numbers(self.not_recognised)} pictures whose words were not read ({self.no_engine})")
        return RawDocument(
            pages=pages,
            metadata=_metadata(self.document),
            suspicions=[*self.structure.suspicions, *self._hidden_text()][:MOST_MESSAGES],
            outline=_outline(self.document),
            left_out=left_out,
        )

    def _page(self, index: int) -> None:
        page = _with_forms(self.document, index)
        try:
            self.sizes[index] = page.get_size()
            text_page = page.get_textpage()
            try:
                pictures = picture_boxes(page)
                hidden = hidden_runs(page, text_page, pictures)
                self._report_hidden(index, text_page, hidden)
                dropped = [char for run in hidden for char in range(run.first, run.last + 1)]
                lines = in_reading_order(page_lines(text_page, dropped), text_page, dropped)
            finally:
                text_page.close()
            if self._needs_ocr(page, lines, pictures):
                self._recognise(page, index, lines)
            self.lines[index] = lines
        finally:
            page.close()

    def _report_hidden(self, index: int, text_page: Any, hidden: list[Run]) -> None:
        by_reason: dict[str, list[str]] = defaultdict(list)
        for run in hidden:
            words = text_page.get_text_range(run.first, run.last - run.first + 1)
            by_reason[run.reason].append(words)
        for reason, parts in by_reason.items():
            quote = " ".join("".join(parts).split())
            if sum(char.isalnum() for char in quote) >= 2:
                form = DIGITS.sub("#", quote)
                self.hidden.setdefault((reason, form), (quote, []))[1].append(index + 1)

    def _hidden_text(self) -> list[Suspicion]:
        """Hidden text, once for what comes back on many pages (printers' marks outside the trimmed page)."""
        return [
            Suspicion(
                kind="hidden text",
                message=f"{_hold(pages)} text that a reader cannot see ({reason}); it is not read as evidence.",
                quote=quote[:LONGEST_QUOTE],
                page=pages[0],
            )
            for (reason, _), (quote, pages) in self.hidden.items()
        ]

    def _needs_ocr(self, page: Any, lines: list[Line], pictures: list[tuple[float, float, float, float]]) -> bool:
        text = "".join(line.text for line in lines)
        letters = sum(char.isalpha() for char in text)
        odd = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)
        if text and odd > UNREADABLE_SHARE * len(text):
            return True
        if letters >= SOME_LETTERS:
            return False
        width, height = page.get_size()
        area = max(1.0, width * height)
        covered = sum((right - left) * (top - bottom) for left, bottom, right, top in pictures) / area
        if letters >= FEW_LETTERS:
            return bool(covered > 0.6)
        if pictures:
            return bool(covered > 0.02)
        if letters:
            return False
        # Words drawn as outlines, or in a font that does not say which letters its shapes are.
        return pdfium_c.FPDFPage_CountObjects(page) >= DRAWN_PATHS or any(
            page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=2)
        )

    def _recognise(self, page: Any, index: int, lines: list[Line]) -> None:
        if len(self.recognised) >= self.limits.ocr_pages:
            self.no_engine = f"more than {self.limits.ocr_pages} pictures"
            self.not_recognised.append(index + 1)
            return
        width, height = page.get_size()
        scale = min(OCR_DPI / POINTS_PER_INCH, LONGEST_SIDE / max(width, height, 1.0))
        try:
            engine = engine_for(self.limits)
            picture = page.render(scale=scale, rev_byteorder=True).to_pil()
            found = engine.recognise(picture)
        except OcrError as error:
            self.no_engine = str(error)
            self.not_recognised.append(index + 1)
            return
        alive()
        layer = sum(char.isalnum() for line in lines for char in line.text)
        if sum(char.isalnum() for char in found.text) > layer:
            self.recognised[index] = found
        elif not layer:
            self.pictures_only.append(index + 1)

    def _pages(self, count: int) -> list[Page]:
        ordered = [self.lines.get(index, []) for index in range(count)]
        join_words(ordered)
        composed = [compose(lines) for lines in ordered]
        headings = find_headings([(lines, ranges) for lines, (_, ranges) in zip(ordered, composed, strict=True)])
        pages = []
        for index in range(count):
            width, height = self.sizes.get(index, (0.0, 0.0))
            recognised = self.recognised.get(index)
            pages.append(
                Page(
                    number=index + 1,
                    text=recognised.text if recognised else composed[index][0],
                    label=self.document.get_page_label(index),
                    width=round(width, 2),
                    height=round(height, 2),
                    source="ocr" if recognised else "text",
                    headings=() if recognised else headings[index],
                )
            )
        return pages

    def _empty(self, count: int) -> Exception:
        where = "its only page" if count == 1 else f"its {count} pages"
        if self.broken:
            return DamagedFileError(f"is damaged ({_numbers(self.broken)} unreadable): get a fresh copy.")
        if self.hidden:
            return EmptyFileError(f"holds no text that a reader can see on {where}: get a copy with visible text.")
        if self.not_recognised:
            return EmptyFileError(
                f"is a scan whose words were not read ({self.no_engine}): add a copy with a text layer."
            )
        if self.pictures_only:
            return EmptyFileError(
                f"shows pictures without readable words on {where}: add a clearer scan or a copy with text."
            )
        return EmptyFileError(f"has no text on {where}: check that it is the right file, or add a copy with text.")


def _hold(pages: list[int]) -> str:
    if len(pages) == 1:
        return f"Page {pages[0]} holds"
    return f"Pages {', '.join(map(str, pages[:10]))}{' and others' if len(pages) > 10 else ''} hold"


def _numbers(pages: list[int]) -> str:
    if len(pages) == 1:
        return f"page {pages[0]} is"
    shown = ", ".join(map(str, pages[:10]))
    return f"pages {shown}{' and others' if len(pages) > 10 else ''} are"


def _metadata(document: Any) -> dict[str, str]:
    try:
        found = document.get_metadata_dict(skip_empty=True)
    except pdfium.PdfiumError:
        return {}
    names = {"Title": "title", "Author": "author", "Subject": "subject", "CreationDate": "created",
             "ModDate": "modified", "Keywords": "keywords"}  # fmt: skip
    return {names[key]: value.strip() for key, value in found.items() if key in names and value.strip()}


def _outline(document: Any) -> list[OutlineEntry]:
    entries = []
    try:
        for item in document.get_toc(max_depth=6):
            title = " ".join(item.get_title().split())
            target = item.get_dest()
            page = target.get_index() if target else None
            if title:
                entries.append(OutlineEntry(title, item.level + 1, 0 if page is None else page + 1))
            if len(entries) >= 2000:
                break
    except (pdfium.PdfiumError, RecursionError):
        return entries
    return entries
