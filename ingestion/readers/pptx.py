"""PPTX: one page per slide with its title as heading, texts from top to bottom, tables, charts, and marked notes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml.etree import LxmlError
from pptx import Presentation
from pptx.exc import PythonPptxError

from ..archive import core_properties, package
from ..errors import DamagedFileError, EmptyFileError
from ..limits import Limits
from ..models import Heading, Page, Suspicion
from ..tables import table_lines
from .base import OutlineEntry, RawDocument
from .decoding import clean

PARSE_ERRORS = (PythonPptxError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError,
                NotImplementedError, OSError, LxmlError, EOFError)  # fmt: skip
NOTES = "Notes of the speaker:"
MOST_DEPTH = 8
MOST_POINTS = 60


class PptxReader:
    """`.pptx`, `.pptm`."""

    name = "pptx"
    media_types = ("application/vnd.openxmlformats-officedocument.presentationml.presentation",)

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """One page per slide, hidden slides included and reported."""
        with package(path, limits) as archive:
            metadata = core_properties(archive)
            macros = any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())
        raw = RawDocument(pages=[], metadata=metadata)
        if macros:
            message = "The presentation holds macros; nothing of them was run."
            raw.suspicions.append(Suspicion(kind="active content", message=message))
        try:
            slides = list(Presentation(str(path)).slides)
        except PARSE_ERRORS as error:
            raise DamagedFileError(
                "is damaged or no presentation that can be opened: save it again as PPTX or PDF."
            ) from error
        damaged = []
        for number, slide in enumerate(slides, 1):
            try:
                _add(raw, number, slide)
            except PARSE_ERRORS:
                damaged.append(number)
                raw.pages.append(Page(number=number, text="", label=f"Slide {number}"))
        if damaged:
            raw.left_out.append(f"slides {', '.join(map(str, damaged))} are damaged")
        if not any(page.text for page in raw.pages):
            raise EmptyFileError("holds no text on its slides: if they are pictures, save it as PDF and add that.")
        return raw


def _add(raw: RawDocument, number: int, slide: Any) -> None:
    title_shape = slide.shapes.title
    title = _tidy(title_shape.text_frame.text).replace("\n", " ") if title_shape is not None else ""
    blocks = [title] if title else []
    for shape in _ordered(slide.shapes):
        if title_shape is None or shape.shape_id != title_shape.shape_id:
            blocks += _words(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = _tidy(slide.notes_slide.notes_text_frame.text)
        if notes:
            blocks.append(f"{NOTES} {notes}")
    headings = (Heading(start=0, end=len(title), level=1),) if title else ()
    raw.pages.append(Page(number=number, text="\n\n".join(blocks), label=f"Slide {number}", headings=headings))
    if title:
        raw.outline.append(OutlineEntry(title, 1, number))
    if slide._element.get("show") in {"0", "false"}:
        message = f"Slide {number} is hidden in the show; it was read all the same."
        raw.suspicions.append(Suspicion(kind="hidden text", message=message, page=number))


def _ordered(shapes: Any) -> list[Any]:
    """Shapes from top to bottom and left to right; those without a place of their own keep their order first."""
    listed = list(shapes)
    return sorted(listed, key=lambda shape: (shape.top or 0, shape.left or 0))


def _words(shape: Any, depth: int = 0) -> Iterator[str]:
    if depth < MOST_DEPTH and getattr(shape, "shapes", None) is not None and not shape.has_text_frame:
        for inner in _ordered(shape.shapes):
            yield from _words(inner, depth + 1)
    elif getattr(shape, "has_table", False):
        rows = [[_tidy(cell.text).replace("\n", " ") for cell in row.cells] for row in shape.table.rows]
        yield "\n".join(table_lines(rows))
    elif getattr(shape, "has_chart", False):
        yield from filter(None, [_chart(shape.chart)])
    elif shape.has_text_frame:
        words = _paragraphs(shape.text_frame)
        if words:
            yield words


def _paragraphs(frame: Any) -> str:
    lines = []
    for paragraph in frame.paragraphs:
        line = _tidy("".join(run.text for run in paragraph.runs) or paragraph.text)
        if line:
            lines.append(f"• {line}" if len(frame.paragraphs) > 1 else line)
    return "\n".join(lines)


def _chart(chart: Any) -> str:
    """A chart's title and figures as lines."""
    lines = []
    if chart.has_title and chart.chart_title.has_text_frame:
        lines.append(_tidy(chart.chart_title.text_frame.text))
    try:
        plots = list(chart.plots)
    except ValueError:  # three-dimensional charts are not known to python-pptx
        plots = []
    for plot in plots:
        categories = [str(category) for category in plot.categories]
        for series in plot.series:
            points = [
                f"{name}: {value:.15g}"
                for name, value in zip(categories, series.values, strict=False)
                if value is not None
            ]
            if points:
                lines.append(f"{series.name}: {' | '.join(points[:MOST_POINTS])}")
    return "\n".join(lines)


def _tidy(text: str) -> str:
    return clean(text.replace("\v", "\n")).replace("\f", " ").strip()
