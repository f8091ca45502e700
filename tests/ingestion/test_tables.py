"""Table rows as lines, reading order of columns, and office packages as archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingestion.archive import package, read_xml
from ingestion.columns import Box, column_order
from ingestion.errors import DamagedFileError, TooLargeError
from ingestion.limits import Limits
from ingestion.tables import table_lines


def test_rows_carry_their_headers():
    rows = [["Permits of the site"], ["Permit", "Expires"], ["Water use", "2027-03-31"], ["Air", ""], []]
    assert table_lines(rows) == [
        "Permits of the site", "Permit | Expires", "Permit: Water use | Expires: 2027-03-31", "Air",
    ]  # fmt: skip


def test_figures_are_no_header():
    assert table_lines([["1", "2"], ["3", "4"]]) == ["1 | 2", "3 | 4"]


def _two_columns(*, chars: int, width: float) -> list[Box]:
    boxes = []
    for row in range(10):
        top = 700 - 14 * row
        boxes.append(Box(50, 50 + width, top - 10, top, chars, 2 * row))
        boxes.append(Box(300, 300 + width, top - 10, top, chars, 2 * row + 1))
    return boxes


def test_prose_in_two_columns_is_read_column_by_column():
    assert column_order(_two_columns(chars=40, width=230)) == [*range(0, 20, 2), *range(1, 20, 2)]


def test_a_title_over_both_columns_comes_first():
    boxes = [*_two_columns(chars=40, width=230), Box(50, 530, 720, 740, 60, 99)]
    assert column_order(boxes) == [99, *range(0, 20, 2), *range(1, 20, 2)]


def test_figures_in_two_columns_stay_in_rows():
    assert column_order(_two_columns(chars=5, width=230)) is None


def test_a_bomb_is_not_opened(tmp_path: Path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", b"0" * 60_000_000)
    with pytest.raises(TooLargeError, match="57 MB in 1 parts"), package(path, Limits()):
        pass


def test_xml_that_expands_is_refused(tmp_path: Path):
    path = tmp_path / "a.docx"
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", bomb)
    with package(path, Limits()) as archive, pytest.raises(DamagedFileError, match="would expand"):
        read_xml(archive, "word/document.xml")
