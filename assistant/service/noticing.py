"""What is noticed about documents before anybody matches them: what was not read, is not in force, or tries to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.judge.validity import other_site
from assistant.models import GapReason, Site
from assistant.service.views import DocumentView, Notice
from ingestion.models import DocumentRead, FactName

Loader = Callable[[str], DocumentRead]
"""From a document's hash to all of it."""

WITHHELD = (GapReason.DRAFT.value, GapReason.SUPERSEDED.value, "uncontrolled")
"""Words in a document's own status that keep it from closing a requirement, or make a person look."""


def noticed(listed: Sequence[DocumentView], site: Site, today: date, load: Loader) -> dict[str, tuple[Notice, ...]]:
    """The documents among `listed` that need a look, by hash, with what was noticed about each, in the given order."""
    found = {}
    for item in listed:
        whole = load(item.sha256) if item.suspicions or (site.other_sites and item.pages) else None
        notices = (*_facts(item, today), *(_content(whole, site) if whole is not None else ()))
        if notices:
            found[item.sha256] = tuple(dict.fromkeys(notices))
    return found


def _facts(item: DocumentView, today: date) -> Iterator[Notice]:
    if item.reason:
        yield Notice(sentence=item.reason)
    # The words of the fact: a draft is still a draft when it calls itself "draft for consultation".
    for word in WITHHELD:
        if word in item.document_status.casefold():
            yield Notice(word=word, sentence=f"Its status is {item.document_status}.")
            break
    else:
        newer = next((fact.value for fact in item.facts if fact.name is FactName.SUPERSEDED_BY and fact.value), "")
        if newer:
            yield Notice(word=GapReason.SUPERSEDED.value, sentence=f"It is superseded by {newer}.")
    if item.valid_until and item.valid_until < today.isoformat():
        yield Notice(word=GapReason.EXPIRED.value, sentence=f"Valid until {item.valid_until}, which has passed.")


def _content(document: DocumentRead, site: Site) -> Iterator[Notice]:
    elsewhere = other_site(document, site)
    if elsewhere:
        yield Notice(word=GapReason.OTHER_SITE.value, sentence=f"It speaks of {elsewhere}, not of {site.name}.")
    for mark in document.suspicions:
        yield Notice(word=mark.kind, sentence=mark.message)
