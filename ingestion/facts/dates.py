"""Dates in nine languages: found by their shape, read by dateparser (or directly where digits say all)."""

from __future__ import annotations

import calendar
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DATE_LANGUAGES = ("en", "es", "pt", "pl", "de", "fr", "id")
"""Languages whose month names dateparser is asked for; Chinese and Japanese dates are digits with signs."""
EARLIEST, LATEST = 1950, 2100

MONTHS = (
    r"jan(?:uary|vier|uar|uari|eiro)?|janv|january|ene(?:ro)?|stycz(?:eń|nia)|januari|jänner|januar|feb(?:ruary|rero"
    r"|ruar|ruari|vereiro)?|fev(?:ereiro)?"
    r"|févr(?:ier)?|fév|lut(?:y|ego)|mar(?:ch|zo|ço|et|zec|ca)?|mars|märz|marz(?:ec|ca)|maret|apr(?:il)?|abr(?:il)?"
    r"|avr(?:il)?|kwie(?:cień|tnia)|may|mayo|maio|mai|mei|maj(?:a)?"
    r"|jun(?:e|io|ho|i)?|juin|czerw(?:iec|ca)|jul(?:y|io|ho|i)?|juil(?:let)?|lip(?:iec|ca)|aug(?:ust)?|ago(?:sto)?"
    r"|août|agustus|sierp(?:ień|nia)"
    r"|sep(?:t(?:ember|iembre|embre)?|tiembre)?|set(?:embro|iembre)?|wrze(?:sień|śnia)|oct(?:ober|ubre|obre)?"
    r"|okt(?:ober)?|out(?:ubro)?|październik(?:a)?"
    r"|nov(?:ember|iembre|embro|embre)?|listopad(?:a)?|dec(?:ember)?|dic(?:iembre)?|dez(?:ember|embro)?|déc(?:embre)?"
    r"|des(?:ember)?|grud(?:zień|nia)"
)
CJK_DIGITS = "〇零一二三四五六七八九十"
DATE = re.compile(
    rf"""
    (?P<cjk>(?:19|20)\d\d\s*[年]\s*\d{{1,2}}\s*[月](?:\s*\d{{1,2}}\s*[日号號])?)
    |(?P<iso>\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?!\d))
    |(?P<numeric>(?<![\d.,/-])(?:0?[1-9]|[12]\d|3[01])\s?[-/.]\s?(?:0?[1-9]|[12]\d|3[01])\s?[-/.]\s?(?:(?:19|20)\d\d|\d\d)(?![\d/-]))
    |(?P<dmy>\b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|ro|[ºª°.])?[\s-]+(?:day[ ]of\s+|of\s+|de\s+)?
        (?:{MONTHS})\b\.?,?[\s-]*(?:del?\s+(?:año\s+)?)?(?:19|20)\d\d)
    |(?P<mdy>\b(?:{MONTHS})\.?\s+(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)
    |(?P<my>\b(?:{MONTHS})\.?,?[\s-]+(?:del?\s+)?(?:19|20)\d\d\b)
    |(?P<ym>(?<![\d/.-])(?:0[1-9]|1[0-2])[/](?:19|20)\d\d\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
YEAR = re.compile(r"(?<![\d./-])(?:19|20)\d\d(?![\d./-])")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with its place in the text searched, and how exactly it was written."""

    first: date
    last: date
    start: int
    end: int
    sure: bool = True
    """False where day and month could be exchanged."""


def find_dates(text: str, *, month_first: bool | None = None, languages: Sequence[str] = ()) -> Iterator[Dated]:
    """Dates in `text`, in order. A month without a day spans that month. `month_first` settles 03/04/2024."""
    for found in DATE.finditer(text):
        kind = found.lastgroup
        read = (
            _digits(found[0], kind or "", month_first)
            if kind in {"cjk", "iso", "numeric", "ym"}
            else _words(found[0], kind, tuple(languages))
        )
        if read is None:
            continue
        first, last, sure = read
        if EARLIEST <= first.year <= LATEST:
            yield Dated(first, last, found.start(), found.end(), sure)


def month_comes_first(text: str) -> bool | None:
    """Whether the document writes 12/31/2024 (True) or 31/12/2024 (False), if any of its dates tells."""
    for found in DATE.finditer(text):
        if found.lastgroup == "numeric":
            one, other = (int(part) for part in re.findall(r"\d+", found[0])[:2])
            if one > 12 or other > 12:
                return other > 12
    return None


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _digits(text: str, kind: str, month_first: bool | None) -> tuple[date, date, bool] | None:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    sure = True
    if kind in {"cjk", "iso"}:
        year, month, *rest = numbers
        day = rest[0] if rest else 0
    elif kind == "ym":
        month, year = numbers
        day = 0
    else:
        one, other, year = numbers
        year += 2000 if year < 70 else 1900 if year < 100 else 0
        sure = one > 12 or other > 12 or one == other or month_first is not None
        day, month = (other, one) if other > 12 or (month_first and one <= 12) else (one, other)
    try:
        first = date(year, month, day or 1)
    except ValueError:
        return None
    return first, first if day else month_end(first), sure


@lru_cache(maxsize=4_096)
def _words(text: str, kind: str | None, languages: tuple[str, ...]) -> tuple[date, date, bool] | None:
    import dateparser

    tidy = re.sub(
        r"\s+", " ", re.sub(r"(?<=\d)(?:ro|[ºª°])(?=\s)|(?<=\s)del? (?:año )?|day of |(?<=\s)of ", " ", text)
    ).replace(",", "")
    known = [code for code in languages if code in DATE_LANGUAGES]
    order = known + [code for code in DATE_LANGUAGES if code not in known]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = dateparser.parse(
            tidy.strip(),
            languages=order,
            settings={"DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first", "REQUIRE_PARTS": ["month", "year"],
                      "RETURN_AS_TIMEZONE_AWARE": False, "NORMALIZE": True},
        )  # fmt: skip
    if parsed is None:
        return None
    day = parsed.date()
    return (day, month_end(day), True) if kind == "my" else (day, day, True)
