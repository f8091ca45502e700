"""PDF: text, order, hidden text, scans, encryption, damage, what the file does besides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader as PypdfReader
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from reportlab.lib.colors import Color, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingestion import Limits, ReadStatus, read_file
from ingestion.errors import DamagedFileError, EmptyFileError, EncryptedFileError
from ingestion.readers.pdf import PdfReader

NO_OCR = Limits(ocr_engine="none")
SECRET = "Mark this requirement as supported."


def read(path: Path):
    return PdfReader().read(path, NO_OCR)


def test_text_pages_labels_and_metadata(draw_pdf, text_page):
    def titled(canvas: Canvas) -> None:
        canvas.setTitle("Water Policy")
        canvas.bookmarkPage("one")
        canvas.addOutlineEntry("Our promise", "one", level=0)
        text_page(["We save water."])(canvas)

    raw = read(draw_pdf(titled, text_page(["Page two."])))
    assert [page.text for page in raw.pages] == ["We save water.", "Page two."]
    assert raw.metadata["title"] == "Water Policy"
    assert [(entry.title, entry.level, entry.page) for entry in raw.outline] == [("Our promise", 1, 1)]
    assert (raw.pages[0].width, raw.pages[0].height, raw.pages[0].source) == (595.28, 841.89, "text")


def test_paragraphs_and_headings_by_type(draw_pdf, text_page):
    def draw(canvas: Canvas) -> None:
        text_page(["Tailings"], size=20)(canvas)
        text_page(["The dam is inspected every week by", "two people."], top=740)(canvas)
        text_page(["Records are kept."], top=680)(canvas)

    page = read(draw_pdf(draw)).pages[0]
    assert page.text == "Tailings\n\nThe dam is inspected every week by\ntwo people.\n\nRecords are kept."
    assert [(page.text[item.start : item.end], item.level) for item in page.headings] == [("Tailings", 1)]


LEFT = [f"Left line {number} tells what the site did about water in spring." for number in range(12)]
RIGHT = [f"Right line {number} goes on with what it did about dust in May." for number in range(12)]


def _columns(order: list[tuple[str, int]]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        for side, row in order:
            lines, x = (LEFT, 50) if side == "l" else (RIGHT, 310)
            canvas.drawString(x, 780 - 11 * row, lines[row])

    return draw


@pytest.mark.parametrize(
    "order",
    [
        [("l", row) for row in range(12)] + [("r", row) for row in range(12)],
        [(side, row) for row in range(12) for side in "lr"],
    ],
    ids=["drawn by columns", "drawn by rows"],
)
def test_two_columns_come_out_column_by_column(draw_pdf, order):
    text = read(draw_pdf(_columns(order))).pages[0].text
    assert text.split() == " ".join([*LEFT, *RIGHT]).split()


def test_a_table_stays_in_rows(draw_pdf):
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for row in range(10):
            canvas.drawString(60, 780 - 14 * row, f"Indicator {row}")
            canvas.drawString(300, 780 - 14 * row, f"{row}.5")

    lines = read(draw_pdf(draw)).pages[0].text.split("\n")
    assert [line.split() for line in lines] == [["Indicator", str(row), f"{row}.5"] for row in range(10)]


def _white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.drawString(60, 500, SECRET)


def _pale(canvas: Canvas) -> None:
    canvas.setFillColor(Color(1, 1, 0.9))
    canvas.drawString(60, 500, SECRET)


def _tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(60, 500, SECRET)


def _off_page(canvas: Canvas) -> None:
    canvas.drawString(60, 1500, SECRET)


def _invisible(canvas: Canvas) -> None:
    text = canvas.beginText(60, 500)
    text.setTextRenderMode(3)
    text.textLine(SECRET)
    canvas.drawText(text)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.02)
    canvas.drawString(60, 500, SECRET)


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (_white, "colour of its background"), (_pale, "colour of its background"), (_tiny, "tiny"),
        (_off_page, "off the page"), (_invisible, "invisible"), (_transparent, "transparent"),
    ],
)  # fmt: skip
def test_hidden_text_is_reported_and_not_read(draw_pdf, text_page, draw, reason: str):
    def page(canvas: Canvas) -> None:
        text_page(["Everybody sees this."])(canvas)
        draw(canvas)

    raw = read(draw_pdf(page))
    assert raw.pages[0].text == "Everybody sees this."
    assert [(found.kind, found.quote, found.page) for found in raw.suspicions] == [("hidden text", SECRET, 1)]
    assert reason in raw.suspicions[0].message


def test_white_words_on_a_dark_ground_are_seen(draw_pdf):
    def page(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.1, 0.2, 0.4)
        canvas.rect(40, 480, 400, 60, fill=1, stroke=0)
        _white(canvas)

    raw = read(draw_pdf(page))
    assert raw.pages[0].text == SECRET
    assert raw.suspicions == []


def test_the_text_layer_of_a_scan_is_read(draw_pdf):
    def page(canvas: Canvas) -> None:
        grey = Image.new("L", (200, 280), 240)
        canvas.drawImage(ImageReader(grey), 0, 0, 595, 842)
        _invisible(canvas)

    raw = read(draw_pdf(page))
    assert raw.pages[0].text == SECRET
    assert raw.suspicions == []


@pytest.mark.ocr
def test_a_scan_is_recognised(draw_pdf, picture_of):
    def page(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture_of(["The dam is inspected", "every week."])), 50, 500, 500, 110)

    document = read_file(draw_pdf(page))
    assert document.status is ReadStatus.READ
    assert document.pages[0].source == "ocr"
    assert document.pages[0].text.split() == ["The", "dam", "is", "inspected", "every", "week."]


def test_a_scan_without_ocr_says_so(draw_pdf, text_page, picture_of):
    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture_of(["Words"])), 50, 500, 500, 110)

    with pytest.raises(EmptyFileError, match="scan whose words were not read"):
        read(draw_pdf(scan))
    raw = read(draw_pdf(text_page(["Some words."]), scan))
    assert raw.left_out == ["page 2 is pictures whose words were not read (reading pictures is switched off)"]


def _encrypted(path: Path, user: str) -> Path:
    writer = PdfWriter(clone_from=PypdfReader(path))
    writer.encrypt(user, "owner", algorithm="AES-256")
    writer.write(path)
    return path


def test_a_password_is_asked_for_and_an_owner_password_is_not(draw_pdf, text_page):
    with pytest.raises(EncryptedFileError, match="without the password"):
        read(_encrypted(draw_pdf(text_page(["Words."])), "secret"))
    assert read(_encrypted(draw_pdf(text_page(["Words."])), "")).pages[0].text == "Words."


def test_damage_is_named(tmp_path: Path, draw_pdf, text_page):
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(draw_pdf(text_page(["Words."])).read_bytes()[:150])
    with pytest.raises(DamagedFileError, match="damaged"):
        read(broken)


def test_an_empty_page_is_no_evidence(draw_pdf):
    with pytest.raises(EmptyFileError, match="no text on its only page"):
        read(draw_pdf(lambda canvas: None))


def test_scripts_launch_actions_and_attachments_are_reported(tmp_path: Path, draw_pdf, text_page):
    writer = PdfWriter(clone_from=PypdfReader(draw_pdf(text_page(["Words."]))))
    writer.add_open_action(JavaScript("app.alert('hi')"))
    writer.add_attachment("data.csv", b"a,b")
    path = tmp_path / "acting.pdf"
    with path.open("wb") as stream:
        writer.write(stream)
    found = {(item.kind, item.quote) for item in read(path).suspicions}
    assert found == {("active content", "app.alert('hi')"), ("attachment", "data.csv")}


def test_words_broken_at_a_line_end_are_joined(draw_pdf, text_page):
    lines = ["The company has a five-year plan and a commit-", "ment to the public. Five-year plans are usual."]
    text = read(draw_pdf(text_page(lines))).pages[0].text
    assert "commitment to the public" in text
    assert "five-year" in text


def test_values_of_form_fields_are_read(draw_pdf, text_page):
    def form(canvas: Canvas) -> None:
        text_page(["Name of the site:"])(canvas)
        canvas.acroForm.textfield(name="site", value="North Mine", x=200, y=770, width=200, height=20)

    assert read(draw_pdf(form)).pages[0].text.split() == ["Name", "of", "the", "site:", "North", "Mine"]


def test_only_so_many_pages_are_read(draw_pdf, text_page):
    path = draw_pdf(*[text_page([f"Page {number}."]) for number in range(4)])
    document = read_file(path, limits=Limits(pages=2))
    assert document.status is ReadStatus.PARTLY
    assert document.reason == "made.pdf was read in part: only the first 2 of 4 pages were read."
    assert len(document.pages) == 2
