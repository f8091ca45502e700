"""Dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from ingestion.facts.dates import find_dates, month_comes_first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("5 March 2024", date(2024, 3, 5)),
        ("March 5, 2024", date(2024, 3, 5)),
        ("5th of March 2024", date(2024, 3, 5)),
        ("31/12/2024", date(2024, 12, 31)),
        ("12/31/2024", date(2024, 12, 31)),
        ("5 de marzo de 2024", date(2024, 3, 5)),
        ("1º de março de 2024", date(2024, 3, 1)),
        ("5 marca 2024", date(2024, 3, 5)),
        ("5. März 2024", date(2024, 3, 5)),
        ("5 mars 2024", date(2024, 3, 5)),
        ("5 Maret 2024", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("05.03.24", date(2024, 3, 5)),
    ],
)
def test_one_day(text: str, expected: date):
    found = list(find_dates(f"dated {text}, here"))
    assert [(item.first, item.last) for item in found] == [(expected, expected)]
    assert f"dated {text}, here"[found[0].start : found[0].end] == text


@pytest.mark.parametrize("text", ["October 2020", "octubre de 2020", "10/2020", "2020年10月", "październik 2020"])
def test_a_month_spans_its_days(text: str):
    found = next(find_dates(text))
    assert (found.first, found.last) == (date(2020, 10, 1), date(2020, 10, 31))


def test_day_and_month_may_be_exchanged():
    assert next(find_dates("03/04/2024")).sure is False
    assert next(find_dates("03/04/2024")).first == date(2024, 4, 3)
    assert next(find_dates("03/04/2024", month_first=True)).first == date(2024, 3, 4)
    assert month_comes_first("on 12/31/2023 and 03/04/2024") is True
    assert month_comes_first("on 31/12/2023") is False
    assert month_comes_first("on 03/04/2024") is None


@pytest.mark.parametrize("text", ["31/02/2024", "version 1.2.3", "10.5.2", "5 of 7", "1234-56-78", "ISO 14001:2015"])
def test_what_is_no_date(text: str):
    assert list(find_dates(text)) == []
