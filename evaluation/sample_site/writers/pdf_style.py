"""How the PDFs look: colours, fonts and paragraph styles of the houses that issue them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
"""Where Debian's fonts-dejavu puts the fonts; needed for Polish, which the standard PDF fonts cannot write."""


class FontMissingError(RuntimeError):
    """A font that a document needs is not installed."""


@dataclass(frozen=True)
class House:
    """The look of one issuer: accent colour, fonts and body size in points."""

    accent: Color
    font: str
    bold: str
    size: float = 10.5


HOUSES = {
    "corporate": House(HexColor("#8a3b12"), "Helvetica", "Helvetica-Bold", 10.5),
    "technical": House(HexColor("#1f4e5f"), "Times-Roman", "Times-Bold", 11),
    "authority": House(HexColor("#333333"), "Times-Roman", "Times-Bold", 11.5),
    "consultant": House(HexColor("#2e6b3a"), "Helvetica", "Helvetica-Bold", 10),
    "group": House(HexColor("#20386b"), "Helvetica", "Helvetica-Bold", 10.5),
    "dejavu": House(HexColor("#5a1f5e"), "DejaVuSans", "DejaVuSans-Bold", 10),
}


def house(name: str) -> House:
    """The house with this name; registers the fonts of `dejavu` on first use."""
    if name == "dejavu" and "DejaVuSans" not in pdfmetrics.getRegisteredFontNames():
        for font in ("DejaVuSans", "DejaVuSans-Bold"):
            path = DEJAVU / f"{font}.ttf"
            if not path.is_file():
                raise FontMissingError(
                    f"The font {font} is not installed; install the Debian package fonts-dejavu-core."
                )
            pdfmetrics.registerFont(TTFont(font, str(path)))
    return HOUSES[name]


def styles(look: House, narrow: bool) -> dict[str, ParagraphStyle]:
    """Paragraph styles by block kind; `narrow` is for two columns."""
    size = look.size - (1.2 if narrow else 0)
    lead = size * 1.48
    body = ParagraphStyle(
        "p",
        fontName=look.font,
        fontSize=size,
        leading=lead,
        spaceAfter=size * 0.7,
        alignment=TA_JUSTIFY if narrow or look.font == "Times-Roman" else 0,
    )
    head = {"fontName": look.bold, "textColor": look.accent, "keepWithNext": 1}
    cell = ParagraphStyle("cell", fontName=look.font, fontSize=size - (1 if narrow else 1.6), leading=size * 1.18)
    return {
        "p": body,
        "h1": ParagraphStyle(
            "h1", fontSize=size + 4.5, leading=size + 8, spaceBefore=size * 1.2, spaceAfter=size * 0.7, **head
        ),
        "h2": ParagraphStyle(
            "h2", fontSize=size + 1.8, leading=size + 5, spaceBefore=size, spaceAfter=size * 0.5, **head
        ),
        "h3": ParagraphStyle(
            "h3", fontSize=size, leading=size + 4, spaceBefore=size * 0.6, spaceAfter=size * 0.3, **head
        ),
        "bullet": ParagraphStyle(
            "bullet", parent=body, leftIndent=14, bulletIndent=3, spaceAfter=size * 0.4, alignment=0
        ),
        "number": ParagraphStyle(
            "number", parent=body, leftIndent=20, firstLineIndent=-16, spaceAfter=size * 0.4, alignment=0
        ),
        "box": ParagraphStyle(
            "box",
            parent=body,
            borderColor=look.accent,
            borderWidth=0.7,
            borderPadding=6,
            leftIndent=8,
            rightIndent=8,
            spaceBefore=10,
            spaceAfter=14,
            alignment=0,
        ),
        "cell": cell,
        "cellhead": ParagraphStyle("cellhead", parent=cell, fontName=look.bold, textColor=HexColor("#ffffff")),
        "caption": ParagraphStyle(
            "caption", parent=cell, fontName=look.bold, spaceBefore=4, spaceAfter=4, keepWithNext=1
        ),
        "title": ParagraphStyle(
            "title", fontName=look.bold, fontSize=24, leading=30, textColor=look.accent, spaceAfter=10
        ),
        "subtitle": ParagraphStyle("subtitle", fontName=look.font, fontSize=14, leading=19, spaceAfter=24),
        "heading": ParagraphStyle(
            "heading", fontName=look.bold, fontSize=16, leading=20, textColor=look.accent, spaceAfter=8
        ),
        "centered": ParagraphStyle(
            "centered", parent=body, alignment=TA_CENTER, fontSize=size + 1.5, leading=size * 1.8, spaceAfter=size
        ),
        "white": ParagraphStyle("white", fontName=look.font, fontSize=1, leading=1.4, textColor=HexColor("#ffffff")),
    }
