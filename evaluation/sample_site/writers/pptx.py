"""Presentations: each level-one heading begins a slide; bullets, tables and speaker's notes (`@notes`)."""

from __future__ import annotations

import io
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Cm, Pt

from evaluation.sample_site.series import series
from evaluation.sample_site.source import Block, ContentError, Source
from evaluation.sample_site.writers.archive import fixed_time, repack

TITLE_SLIDE, TITLE_ONLY = 0, 5


def write_pptx(source: Source) -> bytes:
    """The presentation as bytes."""
    front = source.front
    show = Presentation()
    properties = show.core_properties
    properties.title, properties.author, properties.last_modified_by = front["title"], front.get("author", ""), ""
    properties.created = properties.modified = fixed_time(front["date"])
    cover = show.slides.add_slide(show.slide_layouts[TITLE_SLIDE])
    cover.shapes.title.text, cover.placeholders[1].text = front["title"], front.get("subtitle", "")
    slide: Any = cover
    texts: list[Block] = []
    for block in [*source.blocks, Block("h1", "")]:
        if block.kind == "h1":
            _text_box(slide, texts)
            texts = []
            if block.text:
                slide = show.slides.add_slide(show.slide_layouts[TITLE_ONLY])
                slide.shapes.title.text = block.text
                slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(30)
        elif block.kind in ("p", "bullet"):
            texts.append(block)
        elif block.kind in ("table", "series"):
            _table(slide, block.rows if block.kind == "table" else series(block.text))
        elif block.kind == "notes":
            slide.notes_slide.notes_text_frame.text = block.text
        else:
            raise ContentError(f"{source.path.name}: a presentation has no block of kind {block.kind!r}.")
    out = io.BytesIO()
    show.save(out)
    return repack(out.getvalue(), front["date"])


def _text_box(slide: Any, blocks: list[Block]) -> None:
    if not blocks:
        return
    tables = any(shape.has_table for shape in slide.shapes)
    box = slide.shapes.add_textbox(Cm(1.6), Cm(13.2 if tables else 4.2), Cm(22), Cm(5 if tables else 13))
    frame = box.text_frame
    frame.word_wrap = True
    for number, block in enumerate(blocks):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = ("• " if block.kind == "bullet" else "") + block.text
        paragraph.font.size = Pt(14 if tables else 17)
        paragraph.space_after = Pt(7)


def _table(slide: Any, rows: Any) -> None:
    rows = list(rows)
    shape = slide.shapes.add_table(len(rows), len(rows[0]), Cm(1.6), Cm(4), Cm(22), Cm(0.9 * len(rows)))
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            cell = shape.table.cell(down, across)
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(12)
            if down == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor(0x8A, 0x3B, 0x12)
