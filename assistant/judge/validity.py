"""Time and place: is a document's evidence in force on the day, final, and about this site?

Each answer is a caveat with a sentence for a person. Caveats never hide evidence; they keep it from closing a
requirement.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from assistant.judge.promises import is_promise
from assistant.models import EvidenceKind, GapReason, Requirement, Site
from ingestion.facts.dates import find_dates
from ingestion.models import DocumentRead, Fact, FactName

Caveats = dict[GapReason, str]

PRACTICE = frozenset({EvidenceKind.RECORD, EvidenceKind.PERFORMANCE})
"""Kinds of evidence that say what was done; they age."""
NAMED_AT_LEAST = 2
NAMED_RATIO = 3
"""How often a document without a stated scope must name another site, and how much oftener than the own one."""


def caveats(
    document: DocumentRead,
    requirement: Requirement,
    kind: EvidenceKind,
    site: Site,
    today: date,
    practice_age: int | None = None,
    words: str = "",
) -> Caveats:
    """The caveats on evidence of this kind from this document for this requirement, with their sentences.

    `practice_age` is the framework's limit in months for records and figures where the requirement sets none itself.
    `words` are those that were judged: a log may be younger than the procedure whose annex it is.
    """
    facts = latest(document)
    found: Caveats = {}
    until = _date(facts.get(FactName.VALID_UNTIL))
    if until and until < today:
        found[GapReason.EXPIRED] = f"Valid until {until.isoformat()}, which has passed."
    status = facts[FactName.STATUS].value.casefold() if FactName.STATUS in facts else ""
    if "draft" in status:
        found[GapReason.DRAFT] = "The document is a draft."
    if "superseded" in status or FactName.SUPERSEDED_BY in facts:
        by = facts[FactName.SUPERSEDED_BY].value if FactName.SUPERSEDED_BY in facts else ""
        found[GapReason.SUPERSEDED] = f"Superseded{' by ' + by if by else ''}."
    other = other_site(document, site)
    if other:
        found[GapReason.OTHER_SITE] = f"The document speaks of {other}, not of {site.name}."
    limit = requirement.max_age_months or (practice_age if kind in PRACTICE else None)
    if limit and GapReason.EXPIRED not in found:
        stated = [facts[n] for n in (FactName.PERIOD_END, FactName.ISSUED) if n in facts]
        # A file's own date says when it was saved, not what it speaks of.
        dated = [d for d in (_date(fact) for fact in stated if fact.origin != "metadata") if d]
        if dated and _months_before(today, limit) > max([*dated, *_dates_since(words, max(dated), today)]):
            found[GapReason.STALE] = f"Dated {max(dated).isoformat()}, more than {limit} months ago."
    return found


def _dates_since(words: str, issued: date, today: date) -> list[date]:
    """Past dates in the words, but for those of a plan: what was still to come when the document was issued."""
    if is_promise(words, issued):
        return []
    return [found.last for found in find_dates(words) if found.last <= today]


def latest(document: DocumentRead) -> Mapping[FactName, Fact]:
    """For each fact name the fact that counts: a person's correction before the surest reading."""
    best: dict[FactName, Fact] = {}
    for fact in document.facts:
        held = best.get(fact.name)
        rank = (fact.origin == "person", fact.confidence)
        if held is None or (
            rank >= (held.origin == "person", held.confidence)
            and (fact.origin == "person" or rank > (held.origin == "person", held.confidence))
        ):
            best[fact.name] = fact
    return best


def stated_title(document: DocumentRead) -> str:
    """The title that the document or a person gives, or empty: one guessed from the file's name says little."""
    title = latest(document).get(FactName.TITLE)
    return title.value if title and title.origin != "filename" else ""


def other_site(document: DocumentRead, site: Site) -> str:
    """The name of the other site that the document speaks of, or empty.

    Scope and title decide when they name a known site (a person's correction before all). Where they name none, a
    document that names the other site again and again and the own one hardly ever is the other site's.
    """
    if not site.other_sites:
        return ""
    own = tuple(_fold(name) for name in (site.name, *site.aliases) if name)
    person = [fact for fact in document.facts if fact.name is FactName.SCOPE and fact.origin == "person"]
    scopes = person[-1:] or [fact for fact in document.facts if fact.name in (FactName.SCOPE, FactName.TITLE)]
    places = [_fold(fact.value) for fact in scopes]
    if any(_count(name, place) for name in own for place in places):
        return ""
    for name in site.other_sites:
        if any(_count(_fold(name), place) for place in places):
            return name
    if person:
        return ""
    return _most_named(tuple(page.text for page in document.pages), own, site.other_sites)


@lru_cache(maxsize=1_000)
def _most_named(pages: tuple[str, ...], own: tuple[str, ...], others: tuple[str, ...]) -> str:
    text = "\n".join(_fold(page) for page in pages)
    named = max((_count(name, text) for name in own), default=0)
    name = max(others, key=lambda other: _count(_fold(other), text))
    times = _count(_fold(name), text)
    return name if times >= NAMED_AT_LEAST and times > NAMED_RATIO * named else ""


def _count(name: str, text: str) -> int:
    return len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) if name else 0


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _date(fact: Fact | None) -> date | None:
    if fact is None:
        return None
    try:
        return date.fromisoformat(fact.value[:10])
    except ValueError:
        return None


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
