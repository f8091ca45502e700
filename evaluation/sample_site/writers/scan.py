"""The scanned document: pages rendered to pictures, slightly turned and noisy, in a PDF without a text layer."""

from __future__ import annotations

import io

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from evaluation.sample_site.source import Source
from evaluation.sample_site.writers.pdf import write_pdf

DOTS_PER_INCH = 150
TURN_DEGREES = (0.7, -0.5, 0.4)
NOISE = 9.0
"""Standard deviation of the grey noise, of 255: an office scanner's, still easy to read."""
QUALITY = 55
"""JPEG quality: keeps a page under about 250 KB."""


def write_scan(source: Source) -> bytes:
    """The scan as PDF bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle("scan")
    canvas.setAuthor("multifunction printer")
    document = pypdfium2.PdfDocument(write_pdf(source))
    try:
        for number in range(len(document)):
            page = document[number]
            picture = page.render(scale=DOTS_PER_INCH / 72).to_pil().convert("L")
            canvas.drawImage(ImageReader(io.BytesIO(_photocopy(picture, number))), 0, 0, *A4)
            canvas.showPage()
            page.close()
    finally:
        document.close()
    canvas.save()
    return out.getvalue()


def _photocopy(picture: Image.Image, number: int) -> bytes:
    turned = picture.rotate(TURN_DEGREES[number % len(TURN_DEGREES)], resample=Image.Resampling.BICUBIC, fillcolor=248)
    grey = np.asarray(turned, dtype=np.float64)
    grey = grey * 0.93 + 8 + np.random.default_rng(1907 + number).normal(0, NOISE, grey.shape)
    out = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=QUALITY, dpi=(DOTS_PER_INCH,) * 2)
    return out.getvalue()
