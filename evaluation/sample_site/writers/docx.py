"""Word documents with headings, tables, a block of document facts, header and footer."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from evaluation.sample_site.series import series
from evaluation.sample_site.source import Block, ContentError, Source
from evaluation.sample_site.writers.archive import fixed_time, repack

STYLES = {"bullet": "List Bullet", "box": "Intense Quote", "number": "Normal", "p": "Normal", "caption": "Caption"}


def write_docx(source: Source) -> bytes:
    """The document as bytes."""
    front = source.front
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = front.get("font", "Calibri"), Pt(11)
    if front.get("east_asian_font"):
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), front["east_asian_font"])
    properties = document.core_properties
    properties.title, properties.author = front["title"], front.get("author", "")
    properties.subject, properties.language = front.get("subject", ""), front.get("language", "en")
    properties.created = properties.modified = fixed_time(front["date"])
    properties.last_modified_by, properties.revision, properties.comments = front.get("author", ""), 3, ""
    section = document.sections[0]
    section.header.paragraphs[0].text = str(front.get("header", "")).replace(" // ", "\t\t")
    section.footer.paragraphs[0].text = str(front.get("footer", ""))
    document.add_heading(front["title"], 0)
    if front.get("subtitle"):
        document.add_paragraph(front["subtitle"])
    rows = [(str(label), str(value)) for label, value in (front.get("block") or {}).items()]
    if rows:
        _table(document, rows, head=False)
    for block in source.blocks:
        _add(document, block, source)
    out = io.BytesIO()
    document.save(out)
    return repack(out.getvalue(), front["date"])


def _add(document: Any, block: Block, source: Source) -> None:
    if block.kind in ("h1", "h2", "h3"):
        document.add_heading(block.text, int(block.kind[1]))
    elif block.kind in STYLES:
        document.add_paragraph(block.text, style=STYLES[block.kind])
    elif block.kind == "table":
        _table(document, block.rows, head=True)
    elif block.kind == "series":
        _table(document, series(block.text), head=True)
    elif block.kind == "pagebreak":
        document.add_page_break()
    else:
        raise ContentError(f"{source.path.name}: a Word document has no block of kind {block.kind!r}.")


def _table(document: Any, rows: Any, head: bool) -> None:
    rows = list(rows)
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    table.style = "Light Grid Accent 1" if head else "Table Grid"
    for number, row in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(9.5)
            if head and number == 0:
                run.font.bold, run.font.color.rgb = True, RGBColor(0x8A, 0x3B, 0x12)
    document.add_paragraph()
