"""Text PDFs with covers, contents pages, running headers and footers, one or two columns, and tables."""

from __future__ import annotations

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from evaluation.sample_site.series import series
from evaluation.sample_site.source import Block, ContentError, Source
from evaluation.sample_site.writers.pdf_style import House, house, styles

WIDTH, HEIGHT = A4
MARGIN = 25 * mm
GUTTER = 7 * mm
CONTENTS = {"es": "Contenido", "pl": "Spis treści", "de": "Inhalt"}


class Whole(Paragraph):  # type: ignore[misc]
    """A paragraph that never breaks over two pages, so that a quote always stands on one page."""

    def split(self, available_width: float, available_height: float) -> list[Any]:
        """No parts: the paragraph moves to the next page as a whole."""
        return []


class Bookmarked(BaseDocTemplate):  # type: ignore[misc]
    """A document that tells its contents page and its outline where the headings are."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab calls it by this name
        """Register headings of level one and two."""
        name = getattr(getattr(flowable, "style", None), "name", "")
        if name not in ("h1", "h2"):
            return
        text, level = flowable.getPlainText(), int(name[1]) - 1
        key = f"h{self.seq.nextf('outline')}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level=0, closed=True)
        self.notify("TOCEntry", (level, text, self.page, key))


def write_pdf(source: Source) -> bytes:
    """The PDF as bytes; built twice, since the footer tells the number of pages."""
    pages = 0
    for _ in range(2):
        content, pages = _build(source, pages)
    return content


def _build(source: Source, pages: int) -> tuple[bytes, int]:
    front, look = source.front, house(str(source.front.get("house", "corporate")))
    narrow = front.get("columns") == 2
    out = io.BytesIO()
    document = Bookmarked(
        out,
        pagesize=A4,
        invariant=1,
        title=front.get("title", ""),
        author=front.get("author", ""),
        subject=front.get("subject", ""),
        lang=front.get("language", "en"),
        pageCompression=1,
    )

    def dress(canvas: Any, _document: Any) -> None:
        _running_lines(canvas, source, look, pages)

    top, bottom = (27 * mm, 22 * mm)
    frame_height = HEIGHT - top - bottom
    full = Frame(MARGIN, bottom, WIDTH - 2 * MARGIN, frame_height, 0, 0, 0, 0, id="full")
    column = (WIDTH - 2 * MARGIN - GUTTER) / 2
    pair = [Frame(MARGIN + side * (column + GUTTER), bottom, column, frame_height, 0, 0, 0, 0) for side in (0, 1)]
    plain = Frame(MARGIN, bottom, WIDTH - 2 * MARGIN, HEIGHT - 2 * bottom - 20 * mm, 0, 0, 0, 0)
    body = PageTemplate("body", pair if narrow else [full], onPage=dress)
    cover = PageTemplate("cover", [plain], onPage=lambda canvas, _: _cover_art(canvas, look))
    templates = [PageTemplate("full", [full], onPage=dress), body]
    document.addPageTemplates([cover, *templates] if front.get("cover") else templates)
    document.multiBuild(_story(source, look, narrow, column if narrow else WIDTH - 2 * MARGIN))
    return out.getvalue(), document.page


def _story(source: Source, look: House, narrow: bool, width: float) -> list[Flowable]:
    """Cover or title block, contents page, then the blocks."""
    front, sheet = source.front, styles(look, narrow)
    wide = styles(look, False)
    story: list[Flowable] = []
    title = [Paragraph(escape(front["title"]), wide["title" if front.get("cover") else "heading"])]
    if front.get("subtitle"):
        title.append(Paragraph(escape(front["subtitle"]), wide["subtitle"] if front.get("cover") else wide["p"]))
    rows = [(str(label), str(value)) for label, value in (front.get("block") or {}).items()]
    if rows:
        title += [_table([("", ""), *rows], wide, look, WIDTH - 2 * MARGIN, head=False), Spacer(1, 10)]
    if front.get("cover"):
        story += [Spacer(1, 60 * mm), *title, NextPageTemplate("full"), PageBreak()]
    else:
        story += [NextPageTemplate("body"), *title] if not front.get("untitled") else [NextPageTemplate("body")]
    if front.get("contents"):
        contents = TableOfContents(dotsMinLevel=0)
        contents.levelStyles = [wide["p"], wide["bullet"]]
        story += [
            Paragraph(CONTENTS.get(str(front.get("language")), "Contents"), wide["heading"]),
            contents,
            NextPageTemplate("body"),
            PageBreak(),
        ]
    elif front.get("cover"):
        story = [*story[:-2], NextPageTemplate("body"), PageBreak()]
    for block in source.blocks:
        story += _flow(block, sheet, look, width, source)
    return story


def _flow(block: Block, sheet: dict[str, Any], look: House, width: float, source: Source) -> list[Flowable]:
    text = escape(block.text)
    if look.font != "DejaVuSans":
        _check_letters(block, source)
    if block.kind in ("h1", "h2", "h3", "p", "number", "centered", "white", "caption"):
        return [Whole(text, sheet[block.kind])]
    if block.kind == "box":
        return [Whole(text, sheet["box"])]
    if block.kind == "bullet":
        return [Whole(text, sheet["bullet"], bulletText="•")]
    if block.kind == "table":
        return [_table(block.rows, sheet, look, width), Spacer(1, 9)]
    if block.kind == "series":
        return [_table(series(block.text), sheet, look, width), Spacer(1, 9)]
    if block.kind == "pagebreak":
        return [PageBreak()]
    if block.kind == "space":
        return [Spacer(1, float(block.text or 12))]
    raise ContentError(f"{source.path.name}: a PDF has no block of kind {block.kind!r}.")


def _check_letters(block: Block, source: Source) -> None:
    """The standard PDF fonts write Windows-1252 only; anything else would come out as a black box."""
    words = " ".join([block.text, *(" ".join(row) for row in block.rows)])
    try:
        words.encode("cp1252")
    except UnicodeEncodeError as error:
        raise ContentError(f"{source.path.name}: the PDF fonts cannot write {words[error.start]!r}.") from error


def _table(rows: Any, sheet: dict[str, Any], look: House, width: float, head: bool = True) -> Table:
    """A ruled table whose columns share the width by the length of their texts; a header row repeats on each page."""
    data = list(rows) if head else list(rows)[1:]
    count = max(len(row) for row in data)
    font, size = sheet["cellhead"].fontName, sheet["cell"].fontSize
    columns = [[row[i] for row in data if i < len(row)] for i in range(count)]
    words = [[word for cell in column for word in cell.split()] or [""] for column in columns]
    least = [max(stringWidth(word, font, size) for word in column) + 10 for column in words]
    wish = [min(200.0, max(stringWidth(cell, font, size) for cell in column)) + 10 for column in columns]
    spare = max(0.0, width - sum(least)) / max(1.0, sum(wish) - sum(least))
    widths = [low + max(0.0, high - low) * spare for low, high in zip(least, wish, strict=True)]
    widths = [one * width / sum(widths) for one in widths]
    cells = [
        [Paragraph(escape(cell), sheet["cellhead" if head and number == 0 else "cell"]) for cell in row]
        for number, row in enumerate(data)
    ]
    table = Table(cells, colWidths=widths, repeatRows=1 if head else 0)
    rules: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#9a9a9a")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if head:
        rules += [
            ("BACKGROUND", (0, 0), (-1, 0), look.accent),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [HexColor("#ffffff"), HexColor("#f3f0ec")]),
        ]
    else:
        rules.append(("BACKGROUND", (0, 0), (0, -1), HexColor("#efece8")))
    table.setStyle(TableStyle(rules))
    return table


def _running_lines(canvas: Any, source: Source, look: House, pages: int) -> None:
    """Header with a rule, footer with the page number, and a water mark where the front matter asks for one."""
    front = source.front
    canvas.saveState()
    if front.get("watermark"):
        canvas.setFillColor(HexColor("#cdc5bc"))
        canvas.setFont(look.bold, 80)
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(50)
        canvas.drawCentredString(0, 0, front["watermark"])
        canvas.rotate(-50)
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
    canvas.setFont(look.font, 8)
    canvas.setFillColor(HexColor("#555555"))
    canvas.setStrokeColor(look.accent)
    left, _, right = str(front.get("header", "")).partition(" // ")
    if left or right:
        canvas.drawString(MARGIN, HEIGHT - 16 * mm, left)
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 16 * mm, right)
        canvas.line(MARGIN, HEIGHT - 18 * mm, WIDTH - MARGIN, HEIGHT - 18 * mm)
    canvas.drawString(MARGIN, 13 * mm, str(front.get("footer", "")))
    words = {"es": ("Página", "de"), "pl": ("Strona", "z"), "de": ("Seite", "von")}
    page, of = words.get(str(front.get("language", "en")), ("Page", "of"))
    canvas.drawRightString(WIDTH - MARGIN, 13 * mm, f"{page} {canvas.getPageNumber()} {of} {pages}")
    canvas.restoreState()


def _cover_art(canvas: Any, look: House) -> None:
    canvas.saveState()
    canvas.setFillColor(look.accent)
    canvas.rect(0, HEIGHT - 34 * mm, WIDTH, 34 * mm, stroke=0, fill=1)
    canvas.rect(MARGIN, 30 * mm, WIDTH - 2 * MARGIN, 1.2 * mm, stroke=0, fill=1)
    canvas.restoreState()
