"""One behaviour of both OCR engines, and pictures as documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from ingestion.errors import DamagedFileError, EmptyFileError, OcrError
from ingestion.limits import Limits
from ingestion.ocr import OcrEngine, RapidEngine, TesseractEngine, engine_for
from ingestion.readers.image import ImageReader

LINES = ["Water permit of the mine", "Valid until 31 March 2027"]


@pytest.fixture(params=[pytest.param("tesseract", marks=pytest.mark.ocr), "rapidocr"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    return TesseractEngine() if request.param == "tesseract" else RapidEngine()


def test_words_come_in_lines(engine: OcrEngine, picture_of):
    found = engine.recognise(picture_of(LINES))
    assert [line.split() for line in re.split(r"\n+", found.text)] == [line.split() for line in LINES]
    assert found.confidence > 0.8


def test_a_blank_picture_has_no_words(engine: OcrEngine):
    assert engine.recognise(Image.new("RGB", (600, 400), "white")).text == ""


@pytest.mark.ocr
def test_accents_are_read(picture_of):
    assert (
        TesseractEngine().recognise(picture_of(["Política de gestión del agua"])).text == "Política de gestión del agua"
    )


@pytest.mark.ocr
def test_a_language_that_is_not_installed():
    with pytest.raises(OcrError, match="no data for xyz"):
        TesseractEngine(("xyz",))


def test_engines_by_name():
    with pytest.raises(OcrError, match="switched off"):
        engine_for(Limits(ocr_engine="none"))
    with pytest.raises(OcrError, match="use auto, tesseract, rapidocr or none"):
        engine_for(Limits(ocr_engine="other"))
    assert engine_for(Limits(ocr_engine="rapidocr")).name == "rapidocr"


@pytest.mark.ocr
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_pictures_are_documents(tmp_path: Path, picture_of, suffix: str):
    path = tmp_path / f"scan.{suffix}"
    picture_of(LINES).save(path)
    page = ImageReader().read(path, Limits()).pages[0]
    assert (page.source, page.text.split()) == ("ocr", " ".join(LINES).split())


@pytest.mark.ocr
def test_a_tiff_has_a_page_for_each_frame(tmp_path: Path, picture_of):
    path = tmp_path / "scan.tif"
    frames = [picture_of([line]) for line in LINES]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert [page.number for page in ImageReader().read(path, Limits()).pages] == [1, 2]


def test_a_broken_picture(tmp_path: Path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    with pytest.raises(DamagedFileError, match="damaged picture"):
        ImageReader().read(path, Limits())


def test_a_picture_without_an_engine(tmp_path: Path):
    path = tmp_path / "a.png"
    Image.new("RGB", (50, 50)).save(path)
    with pytest.raises(EmptyFileError, match="switched off"):
        ImageReader().read(path, Limits(ocr_engine="none"))
