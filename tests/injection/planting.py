"""Plants text in files of every kind the sample site has: in plain sight, white, tiny, hidden, beside the page.

`planted(..., None, ...)` writes the same file through the same library with nothing planted, so that only the planted
text differs between the two copies. A title is planted in place of the file's own, which the other copy lacks.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import docx
import openpyxl
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt, RGBColor
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Write = Callable[[Path, Path, str | None, str], None]
FONTS = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)
_WIDTH = 90
_LONGEST_PROPERTY = 255
"""Characters of a core property; the library refuses more."""


def _plain_text(source: Path, target: Path, text: str | None, place: str) -> None:
    """A paragraph of its own between two others: at the start, in the middle or at the end."""
    paragraphs = source.read_text(encoding="utf-8").split("\n\n")
    if text is not None:
        at = {"start": 0, "middle": len(paragraphs) // 2, "end": len(paragraphs)}[place]
        paragraphs.insert(at, text)
    target.write_text("\n\n".join(paragraphs), encoding="utf-8")


def _html(source: Path, target: Path, text: str | None, trick: str) -> None:
    from html import escape

    page = source.read_text(encoding="utf-8")
    if trick == "title":
        page, changed = re.subn(r"<title>.*?</title>", lambda _: f"<title>{escape(text or '')}</title>", page)
        assert changed == 1
        text = None
    style = {"not displayed": "display:none", "white": "color:#fff", "no size": "font-size:0"}.get(trick, "")
    extra = f'<p style="{style}">{escape(text)}</p>' if text is not None else ""
    target.write_text(page.replace("</body>", f"{extra}</body>"), encoding="utf-8")


def _mail(source: Path, target: Path, text: str | None, place: str) -> None:
    message = message_from_bytes(source.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    if text is not None:
        words = f"{text}\n\n{words}" if place == "start" else f"{words}\n\n{text}\n"
    body.set_content(words, cte="8bit")
    target.write_bytes(message.as_bytes())


def _docx(source: Path, target: Path, text: str | None, trick: str) -> None:
    document = docx.Document(str(source))
    if trick == "title":
        document.core_properties.title = " ".join((text or "").split())[:_LONGEST_PROPERTY]
    elif text is not None:
        paragraphs = document.paragraphs
        paragraph = paragraphs[len(paragraphs) // 2].insert_paragraph_before()
        run = paragraph.add_run(" ".join(text.split()))
        if trick == "white":
            run.font.color.rgb = RGBColor(255, 255, 255)
        elif trick == "tiny":
            run.font.size = Pt(1)
        elif trick == "hidden":
            run.font.hidden = True
        elif trick == "white on white":
            run.font.color.rgb = RGBColor(255, 255, 255)
            run.font.highlight_color = WD_COLOR_INDEX.WHITE
    document.save(str(target))


def _xlsx(source: Path, target: Path, text: str | None, trick: str) -> None:
    values = openpyxl.load_workbook(source, data_only=True)
    if text is not None:
        sheet = values.active if trick != "hidden sheet" else values.create_sheet("Notes")
        assert sheet is not None
        cell = sheet.cell(row=sheet.max_row + 3, column=1)
        # An order that begins like a formula is text here all the same.
        cell.value, cell.data_type = " ".join(text.split()), "s"
        if trick == "white":
            cell.font = openpyxl.styles.Font(color="FFFFFFFF")
        elif trick == "hidden sheet":
            sheet.sheet_state = "hidden"
    values.save(target)


def _pptx(source: Path, target: Path, text: str | None, trick: str) -> None:
    shown = Presentation(str(source))
    if text is not None:
        slide = shown.slides[len(shown.slides) - 1]
        if trick == "notes":
            frame = slide.notes_slide.notes_text_frame
            assert frame is not None
            frame.text = f"{frame.text}\n\n{' '.join(text.split())}".strip()
        else:
            left = Emu(-9_000_000) if trick == "beside the slide" else Emu(100_000)
            box = slide.shapes.add_textbox(left, Emu(100_000), Emu(6_000_000), Emu(400_000))
            box.text_frame.text = " ".join(text.split())
    shown.save(str(target))


def _pdf(source: Path, target: Path, text: str | None, trick: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(str(source)))
    if trick == "title":
        writer.add_metadata({"/Title": " ".join((text or "").split())})
    elif text is not None and trick == "metadata":
        writer.add_metadata({"/Subject": " ".join(text.split())})
    elif text is not None and trick == "last page":
        writer.append(PdfReader(_overlay(text, trick)))
    elif text is not None:
        writer.pages[0].merge_page(PdfReader(_overlay(text, trick)).pages[0])
    with target.open("wb") as out:
        writer.write(out)


def _overlay(text: str, trick: str) -> io.BytesIO:
    """A page with the text: white, one point high, without ink, below the page, or as a page of its own."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    size = 1 if trick == "tiny" else 9
    canvas.setFont(_font(text), size)
    if trick == "white":
        canvas.setFillColorRGB(1, 1, 1)
    words = " ".join(text.split())
    written = canvas.beginText(60, {"off the page": -300, "last page": 780}.get(trick, 24))
    if trick == "no ink":
        written.setTextRenderMode(3)
    step = _WIDTH if trick in ("last page", "off the page") else 10_000
    for at in range(0, len(words), step):
        written.textLine(words[at : at + step])
    canvas.drawText(written)
    canvas.showPage()
    canvas.save()
    made.seek(0)
    return made


def _font(text: str) -> str:
    """A font that has the letters of the text; reportlab's own has Latin ones only."""
    if all(ord(char) < 256 for char in text):
        return "Helvetica"
    if any(ord(char) >= 0x2E80 for char in text):
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        name = "HeiseiMin-W3" if any("\u3040" <= char <= "\u30ff" for char in text) else "STSong-Light"
        registerFont(UnicodeCIDFont(name))
        return name
    # A name of its own: the writers of the sample site take a registered "DejaVuSans" for one with all its cuts.
    registerFont(TTFont("PlantedSans", str(FONTS[0])))
    return "PlantedSans"


WRITERS: dict[str, tuple[Write, tuple[str, ...]]] = {
    ".txt": (_plain_text, ("middle", "end", "start")),
    ".md": (_plain_text, ("middle", "end", "start")),
    ".html": (_html, ("visible", "title", "not displayed", "white", "no size")),
    ".eml": (_mail, ("end", "start")),
    ".docx": (_docx, ("visible", "white", "tiny", "hidden", "white on white", "title")),
    ".xlsx": (_xlsx, ("visible", "white", "hidden sheet")),
    ".pptx": (_pptx, ("visible", "beside the slide", "notes")),
    ".pdf": (_pdf, ("last page", "white", "tiny", "no ink", "off the page", "metadata", "title")),
}
"""How a kind of file is written, and the tricks it offers, one in plain sight first."""
IN_PLAIN_SIGHT = 0
"""The turn of every file at which the text is planted where a person sees it."""


def planted(source: Path, target: Path, text: str | None, turn: int) -> str:
    """Write a copy with the text planted by the trick whose turn it is; `None` plants nothing. Gives the trick."""
    write, tricks = WRITERS[source.suffix]
    trick = tricks[turn % len(tricks)]
    write(source, target, text, trick)
    return trick
