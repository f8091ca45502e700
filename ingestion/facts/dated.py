"""The dates of a document: issued, valid from and until, review due, end of the reporting period."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from ..models import Fact, FactName
from .cues import CUES, FOR_YEARS, MONTH_UNITS, NUMBERS, TO
from .dates import MONTHS, YEAR, Dated, find_dates, month_comes_first
from .zones import SENTENCE_CHARS, Line, Zones, fact, segments

AFTER_CUE = 70
"""Characters after a cue in which its date must begin."""
BETWEEN = re.compile(
    r"^[\s:.\-–—|)(（）：,*_]*(?:(?:the|on|el|día|dia|dnia|am|vom|le|em|de|del|date|is|was|period|from|entre|von|du"
    r"|tanggal|pada|between|desde|od|del?|calendar year|year|año|ano)\b[\s:.]*){0,3}$",
    re.IGNORECASE,
)
RANGE_START = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|[º.])?\s+(?:de\s+)?)?(?:{MONTHS})\.?\s*(?:to|a|al|hasta|-|–|—|until|through|and|y|e"
    r"|até|do|bis|au)\s*(?:el\s+|the\s+)?$",
    re.IGNORECASE,
)
"""The beginning of a span whose year stands at its end only: "1 January to 31 December 2025"."""
LABEL_CONFIDENCE = 0.9
SENTENCE_CONFIDENCE = 0.7
PLAIN_CONFIDENCE = 0.55
METADATA_CONFIDENCE = 0.3
PLAIN_SEGMENT = 45
"""A part of the title block with a date and hardly more is the document's date."""
FORWARD_KINDS = {"plan", "policy", "procedure", "contract", "permit", "letter"}
"""Kinds whose "period" lies ahead: it is no reporting period."""
ABOUT_ITSELF = {"certificate", "permit", "letter", "policy", "procedure", "contract", "plan", "form"}
"""Kinds whose sentences about validity speak of the document; a report may speak of anything."""
PERIOD_KINDS = {"report", "presentation", "table", "other", "webpage"}
SINCE = re.compile(
    r"\b(?:desde|from|since|as of|ab|seit|od|von|depuis|a partir|sejak|mulai|em vigor)\b|自|から", re.IGNORECASE
)
"""Between "validity" and its date: the beginning, not the end."""
FIRST_TIME = re.compile(
    r"\b(?:since|first|initial\w*|original\w*|desde|primera|inicial|desde|seit|erst\w*|pierwsz\w*|depuis"
    r"|premi[èe]re)\b[^|;]{0,30}$",
    re.IGNORECASE,
)
"""A date of the beginning of something, not of this document."""
NO_DATES = {"1970-01-01", "1980-01-01", "2000-01-01"}
"""What programs write into files when they are told to write no time."""
PLAIN_LINES = 20
LOG_ROW = re.compile(r"\W*(?:(?:19|20)\d\d-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})\s*(?:[|;,\t]|\s{2,}|\S+\s+\S)")
"""A line that begins with a date and goes on is a row of a log."""
SHORT_LINE = 110
ITSELF = re.compile(
    r"\b(?:this|est[ea]|la presente|el presente|a presente|o presente|niniejsz\w+|ten|ta|to|diese[rsm]?|cett?e?|ini)\b"
    r"|本|该|この",
    re.IGNORECASE,
)
ITS_KIND = re.compile(
    r"certifi|certyfik|zertifi|permi|licen|polic|polít|polity|procedur|procedimi|plan|contra|umow|vertrag|证|许可|政策|sertif|izin",
    re.IGNORECASE,
)
"""In a short certificate or permit "the certificate" is the document itself."""
OTHER_LABEL = re.compile(r"[:：]\s*$")
"""A label that is none of ours stands before the date ("Site visit: …"): it dates something else."""
ISO_START = re.compile(r"(?:D:)?((?:19|20)\d\d)-?(\d\d)-?(\d\d)")


def find_date_facts(
    zones: Zones, kind: str, title: Fact | None, languages: Sequence[str], metadata: Mapping[str, str]
) -> list[Fact]:
    """At most one fact for each meaning of a date."""
    text = "\n".join(line.text for line in zones.labels)
    reader = _Dates(month_comes_first(text), languages)
    found: dict[FactName, Fact] = {}
    head = zones.head
    for line in head:
        reader.cued(line, found, in_head=True)
    for line in zones.labels:
        if line not in head:
            reader.cued(line, found, in_head=False, sentences=kind in ABOUT_ITSELF and zones.short())
    _over_two_lines(zones.labels, reader, found)
    if FactName.ISSUED not in found:
        reader.plain(zones, found)
    if FactName.VALID_UNTIL not in found:
        reader.for_years(zones, kind, found)
    if FactName.PERIOD_END not in found and kind in PERIOD_KINDS:
        _period_from_title(title, found)
    if FactName.ISSUED not in found:
        _from_metadata(metadata, found)
    if kind in FORWARD_KINDS:
        found.pop(FactName.PERIOD_END, None)
    return list(found.values())


class _Dates:
    """Finds dates after cues."""

    def __init__(self, month_first: bool | None, languages: Sequence[str]) -> None:
        self.month_first = month_first
        self.languages = languages

    def dates(self, text: str) -> list[Dated]:
        """Dates in `text`."""
        return list(find_dates(text, month_first=self.month_first, languages=self.languages))

    def cued(self, line: Line, found: dict[FactName, Fact], *, in_head: bool, sentences: bool = True) -> None:
        """Add facts of one line whose cue stands right before a date."""
        sentence = len(line.text) > SENTENCE_CHARS
        if sentence and not in_head and not sentences:
            return
        taken: list[tuple[int, int]] = []
        for name, cue in CUES:
            for match in cue.finditer(line.text):
                if any(start < match.end() and match.start() < end for start, end in taken):
                    continue
                hit = self._date_after(line.text, match.end(), name)
                if hit is None:
                    continue
                taken.append((match.start(), hit[-1].end))
                if name is FactName.ISSUED and not in_head and not _at_label(line.text, match.start()):
                    continue
                if not _about_itself(line.text, match.start(), trusted=sentences and not in_head):
                    continue
                confidence = LABEL_CONFIDENCE if _at_label(line.text, match.start()) else SENTENCE_CONFIDENCE
                self._add(line, match.start(), name, hit, confidence, found)
                break

    def _date_after(self, text: str, at: int, name: FactName) -> list[Dated] | None:
        """The date right after a cue, with the second one where the two make a span."""
        part = text[at : at + AFTER_CUE + 60]
        dates = [item for item in self.dates(part) if item.start <= AFTER_CUE]
        years = [] if dates else self._years(part, name)
        hits = dates or years
        if not hits or not BETWEEN.match(RANGE_START.sub("", part[: hits[0].start])):
            return None
        shifted = [Dated(item.first, item.last, item.start + at, item.end + at, item.sure) for item in hits]
        if len(shifted) > 1 and TO.match(text[shifted[0].end : shifted[1].start]):
            return shifted[:2]
        return shifted[:1]

    def _years(self, text: str, name: FactName) -> list[Dated]:
        """A year alone, where it means something: a reporting year, or the end of validity."""
        if name not in {FactName.PERIOD_END, FactName.VALID_UNTIL}:
            return []
        return [
            Dated(date(int(match[0]), 1, 1), date(int(match[0]), 12, 31), match.start(), match.end(), sure=False)
            for match in YEAR.finditer(text)
        ]

    def _add(
        self, line: Line, start: int, name: FactName, hit: list[Dated], confidence: float, found: dict[FactName, Fact]
    ) -> None:
        first, last = hit[0], hit[-1]
        if not last.sure:
            confidence -= 0.2
        if name is FactName.VALID_UNTIL and len(hit) == 1 and SINCE.search(line.text[start : first.start]):
            name = FactName.VALID_FROM
        if len(hit) == 2 and name in {FactName.VALID_UNTIL, FactName.VALID_FROM}:
            _keep(found, fact(FactName.VALID_FROM, first.first.isoformat(), line, start, last.end, confidence))
            _keep(found, fact(FactName.VALID_UNTIL, last.last.isoformat(), line, start, last.end, confidence))
            return
        until = name in {FactName.VALID_UNTIL, FactName.PERIOD_END, FactName.REVIEW_DUE}
        value = last.last if until else first.first
        _keep(found, fact(name, value.isoformat(), line, start, last.end, confidence))

    def plain(self, zones: Zones, found: dict[FactName, Fact]) -> None:
        """A date that stands alone in the title block or a running line is the date of the document."""
        best: Fact | None = None
        for line in [*zones.title[:PLAIN_LINES], *zones.running]:
            if LOG_ROW.match(line.text):
                continue
            for segment in segments(line):
                for item in self.dates(segment.text):
                    around = len(segment.text) - (item.end - item.start)
                    bracketed = segment.text[item.start - 1 : item.start] in {"(", "（"} and segment.text[
                        item.end : item.end + 1
                    ] in {")", "）"}
                    if OTHER_LABEL.search(segment.text[: item.start]) or FIRST_TIME.search(segment.text[: item.start]):
                        continue
                    if around > PLAIN_SEGMENT - 20 and not bracketed and not _place_and_date(segment.text, item):
                        continue
                    if any(_overlaps(known, segment, item) for known in found.values()):
                        continue
                    best = best or fact(
                        FactName.ISSUED, item.first.isoformat(), segment, item.start, item.end,
                        PLAIN_CONFIDENCE if item.sure else PLAIN_CONFIDENCE - 0.2,
                    )  # fmt: skip
        if best is not None:
            _keep(found, best)

    def for_years(self, zones: Zones, kind: str, found: dict[FactName, Fact]) -> None:
        """ "Valid for three years" counted from the date of issue (or of coming into force)."""
        since = found.get(FactName.VALID_FROM) or found.get(FactName.ISSUED)
        if since is None or not (kind in ABOUT_ITSELF and zones.short()):
            return
        for line in zones.labels:
            match = FOR_YEARS.search(line.text)
            if match:
                number = NUMBERS.get(match["number"].lower()) or int(
                    match["number"] if match["number"].isdigit() else 0
                )
                months = number if match["unit"].lower().startswith(MONTH_UNITS) else 12 * number
                if months:
                    until = _later(date.fromisoformat(since.value), months)
                    words = fact(FactName.VALID_UNTIL, until.isoformat(), line, match.start(), match.end(), 0.6)
                    _keep(found, words.model_copy(update={"origin": "derived"}))
                return


def _overlaps(known: Fact, segment: Line, item: Dated) -> bool:
    """Whether a known fact already speaks with the words of this date."""
    start, end = segment.start + item.start, segment.start + item.end
    return known.page == segment.page and known.start < end and start < known.end


def _keep(found: dict[FactName, Fact], new: Fact) -> None:
    old = found.get(new.name)
    if old is None or new.confidence > old.confidence:
        found[new.name] = new


def _at_label(text: str, start: int) -> bool:
    """Whether a cue begins its line or a cell of it, as a label does."""
    before = text[:start].rstrip()
    return not before or before[-1] in "|:;,(（-–—•·.\t" or len(before) <= 25


def _about_itself(text: str, start: int, *, trusted: bool) -> bool:
    """Whether the words before a date speak of the document: a label, a short line, or "this permit"."""
    if _at_label(text, start) or len(text) <= SHORT_LINE:
        return True
    sentence = text[:start].rsplit(". ", 1)[-1]
    return bool(ITSELF.search(sentence)) or (trusted and bool(ITS_KIND.search(sentence)))


def _place_and_date(text: str, item: Dated) -> bool:
    """ "Santiago, 12 de marzo de 2024"."""
    return item.end >= len(text) - 2 and bool(
        re.fullmatch(r"[^\d,]{2,40},\s*(?:a |el |den |dnia |le )?", text[: item.start])
    )


def _over_two_lines(lines: Sequence[Line], reader: _Dates, found: dict[FactName, Fact]) -> None:
    """A label on one line with its date alone on the next: forms and certificates."""
    for above, below in pairwise(lines):
        if above.page != below.page or len(above.text) > 60 or len(below.text) > 40:
            continue
        dates = reader.dates(below.text)
        if not dates or dates[0].start > 2:
            continue
        for name, cue in CUES:
            match = next(reversed(list(cue.finditer(above.text))), None)
            if match and len(above.text) - match.end() <= 3:
                value = (
                    dates[0].last
                    if name in {FactName.VALID_UNTIL, FactName.PERIOD_END, FactName.REVIEW_DUE}
                    else dates[0].first
                )
                _keep(found, fact(name, value.isoformat(), below, dates[0].start, dates[0].end, 0.8))
                break


def _period_from_title(title: Fact | None, found: dict[FactName, Fact]) -> None:
    """ "Sustainability Report 2023" speaks of 2023."""
    if title is None:
        return
    years = list(YEAR.finditer(title.value))
    if len({match[0] for match in years}) != 1 or any(True for _ in find_dates(title.value)):
        return
    at = title.quote.find(years[-1][0])
    quote = (
        {"quote": years[-1][0], "start": title.start + at, "end": title.start + at + 4}
        if at >= 0
        else {"quote": title.quote}
    )
    found[FactName.PERIOD_END] = title.model_copy(
        update={
            "name": FactName.PERIOD_END,
            "value": f"{years[-1][0]}-12-31",
            "origin": "derived" if title.origin == "text" else title.origin,
            "confidence": 0.6,
            **quote,
        }
    )


def _from_metadata(metadata: Mapping[str, str], found: dict[FactName, Fact]) -> None:
    for key in ("created", "modified"):
        value = metadata.get(key, "")
        match = ISO_START.match(value)
        day = None
        if match:
            day = f"{match[1]}-{match[2]}-{match[3]}"
        else:
            hit = next(find_dates(value), None)
            day = hit.first.isoformat() if hit else None
        if day and day not in NO_DATES:
            found[FactName.ISSUED] = Fact(
                name=FactName.ISSUED, value=day, origin="metadata", confidence=METADATA_CONFIDENCE
            )
            return


def _later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
