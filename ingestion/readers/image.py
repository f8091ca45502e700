"""Pictures (PNG, JPG, TIFF and others Pillow opens): one page per frame, read by OCR."""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ..errors import DamagedFileError, EmptyFileError, OcrError, TooLargeError
from ..limits import Limits
from ..models import Page
from ..ocr import engine_for
from ..sandbox_child import alive
from .base import RawDocument

MOST_PIXELS = 120_000_000
"""A0 at 300 dpi; Pillow refuses nearly as much by itself."""
SMALLEST_SIDE = 12
LONGEST_SIDE = 4200
TOO_SMALL = 1000
"""A picture whose longer side is shorter is enlarged twice: small type is then read better."""


class ImageReader:
    """`.png`, `.jpg`, `.tif` and their kin."""

    name = "image"
    media_types = ("image/png", "image/jpeg", "image/tiff", "image/gif", "image/bmp", "image/webp")

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """One page per frame that has words."""
        try:
            engine = engine_for(limits)
        except OcrError as error:
            raise EmptyFileError(
                f"is a picture whose words were not read ({error}): add a copy with a text layer."
            ) from error
        pages: list[Page] = []
        left_out: list[str] = []
        wordless = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Image.open(path) as picture:
                    for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                        if number > limits.ocr_pages:
                            left_out.append(f"only the first {limits.ocr_pages} pictures were read")
                            break
                        found = engine.recognise(_prepared(frame)).text if _large_enough(frame) else ""
                        alive()
                        wordless += not found
                        pages.append(Page(number=number, text=found, source="ocr"))
        except OcrError as error:
            raise EmptyFileError(
                f"is a picture whose words were not read ({error}): add a copy with a text layer."
            ) from error
        except (
            UnidentifiedImageError,
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            Image.DecompressionBombError,
        ) as error:
            if not pages or wordless == len(pages):
                raise DamagedFileError("is a damaged picture that cannot be opened: get a fresh copy.") from error
            left_out.append(f"pictures from number {len(pages) + 1} on are damaged")
        if wordless == len(pages):
            raise EmptyFileError("shows no words that can be read: add a clearer picture or a copy with text.")
        return RawDocument(pages=pages, left_out=left_out)


def _large_enough(frame: Image.Image) -> bool:
    return min(frame.size) >= SMALLEST_SIDE


def _prepared(frame: Image.Image) -> Image.Image:
    width, height = frame.size
    if width * height > MOST_PIXELS:
        raise TooLargeError(f"is a picture of {width} × {height} dots, more than can be read: save it smaller.")
    picture = ImageOps.exif_transpose(frame)
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        # Transparent parts are white on paper, not black.
        rgba = picture.convert("RGBA")
        paper = Image.new("RGBA", rgba.size, "white")
        paper.alpha_composite(rgba)
        picture = paper
    picture = picture.convert("RGB")
    longest = max(picture.size)
    if longest > LONGEST_SIDE:
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    elif longest < TOO_SMALL:
        picture = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    return picture
