"""Real files made on the spot, and the evaluation data folder where it is there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingestion import sandbox

FONTS = ("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf", "DejaVuSans.ttf")


@pytest.fixture(scope="session", autouse=True)
def _close_children() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def draw_pdf(tmp_path: Path) -> Callable[..., Path]:
    """`draw_pdf(draw, …)`: each function draws one page on a reportlab canvas."""

    def make(*pages: Callable[[Canvas], None], name: str = "made.pdf", **options: object) -> Path:
        path = tmp_path / name
        canvas = Canvas(str(path), pagesize=A4, **options)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return path

    return make


@pytest.fixture
def text_page() -> Callable[..., Callable[[Canvas], None]]:
    """`text_page(lines, …)`: a page of lines from the top."""

    def make(lines: list[str], *, size: float = 11, x: float = 60, top: float = 780) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for index, line in enumerate(lines):
                canvas.setFont("Helvetica", size)
                canvas.drawString(x, top - index * size * 1.3, line)

        return draw

    return make


@pytest.fixture(scope="session")
def picture_of() -> Callable[[list[str]], Image.Image]:
    """`picture_of(lines)`: black words on a white picture, large enough for OCR."""

    def make(lines: list[str]) -> Image.Image:
        picture = Image.new("RGB", (1400, 120 + 90 * len(lines)), "white")
        font = next((ImageFont.truetype(name, 44) for name in FONTS if Path(name).exists()), None)
        drawing = ImageDraw.Draw(picture)
        for index, line in enumerate(lines):
            drawing.text((60, 50 + 90 * index), line, fill="black", font=font or ImageFont.load_default(44))
        return picture

    return make


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of evaluation data; tests that need it are skipped without it."""
    folder = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the evaluation data folder is not there")
    return folder
