from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from openpyxl import Workbook
from openpyxl.cell import Cell

from assistant.report.cells import LONGEST, Value, plain, put
from tests.assistant.report.conftest import HOSTILE


def cell(value: Value) -> Cell:
    sheet = Workbook().create_sheet()
    made = sheet.cell(row=1, column=1)
    assert isinstance(made, Cell)
    put(made, value)
    return made


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_a_string_whatever_it_looks_like(text: str) -> None:
    made = cell(text)
    assert made.data_type == "s"
    assert made.hyperlink is None
    assert made.value == plain(text)


@pytest.mark.parametrize("text", HOSTILE[:5])
def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited(text: str) -> None:
    assert cell(text).quotePrefix


def test_ordinary_text_is_left_as_it_is() -> None:
    made = cell("Drills were held – zweimal, 两次.")
    assert (made.value, made.data_type, bool(made.quotePrefix)) == ("Drills were held – zweimal, 两次.", "s", False)


def test_control_characters_half_characters_and_turned_text_are_taken_out() -> None:
    assert plain("a\x00b\x0bc\ud800d\u202ee\ufffef\r\ng\th") == "abcdef\ng\th"


def test_text_longer_than_a_cell_is_cut_where_it_can_be_seen() -> None:
    text = plain("x" * (LONGEST + 5))
    assert (len(text), text[-1]) == (LONGEST, "…")


def test_moments_are_in_utc() -> None:
    lima = timezone(timedelta(hours=-5))
    assert cell(datetime(2026, 11, 22, 20, 0, 5, 7, lima)).value == datetime(2026, 11, 23, 1, 0, 5, tzinfo=UTC).replace(
        tzinfo=None
    )


def test_other_values_are_themselves() -> None:
    assert [cell(value).value for value in (3, 0.5, True, False, None, "")] == [3, 0.5, "yes", "no", None, None]
