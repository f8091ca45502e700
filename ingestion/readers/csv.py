"""CSV and TSV: one line per row with its column headers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..errors import EmptyFileError
from ..limits import Limits
from ..models import Page, Suspicion
from ..tables import table_lines
from .base import RawDocument
from .decoding import decode

SAMPLE = 20_000
DELIMITERS = ",;\t|"
MOST_ROWS = 200_000
LARGEST_FIELD = 10_000_000
FORMULA_STARTS = ("=", "@", "+cmd", "-cmd", "=cmd")
LONGEST_QUOTE = 300


class CsvReader:
    """`.csv`, `.tsv`."""

    name = "csv"
    media_types = ("text/csv", "text/tab-separated-values")

    def read(self, path: Path, limits: Limits) -> RawDocument:
        """One page; the separator is found by looking."""
        text = decode(path.read_bytes()).replace("\f", "\n")
        if not any(char.isalnum() for char in text):
            raise EmptyFileError("holds no text: check that it was saved completely.")
        csv.field_size_limit(LARGEST_FIELD)
        rows: list[list[str]] = []
        left_out: list[str] = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text[:SAMPLE])):
            if len(rows) >= MOST_ROWS:
                left_out.append(f"only the first {MOST_ROWS} rows were read")
                break
            rows.append(row)
        suspicions = [
            Suspicion(
                kind="formula", message="A cell begins like a spreadsheet formula; it was read as plain words.",
                quote=cell[:LONGEST_QUOTE], page=1,
            )
            for row in rows for cell in row
            if cell.lower().startswith(FORMULA_STARTS) and "(" in cell
        ]  # fmt: skip
        page = Page(number=1, text="\n".join(table_lines(rows)))
        return RawDocument(pages=[page], suspicions=suspicions[:20], left_out=left_out)


def _delimiter(sample: str) -> str:
    """The candidate that splits most lines into the same number of cells."""
    lines = [line for line in sample.split("\n")[:50] if line.strip()]
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        counts = [line.count(candidate) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        score = usual and counts.count(usual) / len(counts) + min(usual, 5) / 100
        if score > best_score:
            best, best_score = candidate, score
    return best
