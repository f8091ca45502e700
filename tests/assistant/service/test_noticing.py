"""What a person should look at in the documents, before anything is matched."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assistant.models import Site
from assistant.service import Notice
from assistant.service.adding import view
from assistant.service.noticing import noticed
from assistant.store import StoredDocument
from ingestion.models import DocumentRead, Fact, FactName, Page, ReadStatus, Suspicion

TODAY = date(2026, 11, 22)
SITE = Site(name="Cerro Ejemplo", other_sites=("Planta Los Boldos",))


def read(text: str = "Something.", suspicions: tuple[Suspicion, ...] = (), **facts: str) -> DocumentRead:
    return DocumentRead(
        sha256="a" * 64,
        name="paper.txt",
        media_type="text/plain",
        size=1,
        status=ReadStatus.READ,
        pages=(Page(number=1, text=text),),
        facts=tuple(Fact(name=FactName(name), value=value, origin="text") for name, value in facts.items()),
        suspicions=suspicions,
    )


def notices(document: DocumentRead, site: Site = SITE, **stored: object) -> list[str]:
    base = StoredDocument.model_construct(
        **{name: getattr(document, name) for name in ("sha256", "name", "media_type", "size", "status", "facts")},
        id=1, current=True, reason="", languages={}, pages=len(document.pages), passages=0,
        suspicions=len(document.suspicions), corrected=(), added=datetime(2026, 11, 22, tzinfo=UTC), added_by="",
        removed=None, removed_reason="",
    )  # fmt: skip
    listed = view(base.model_copy(update=stored))
    found = noticed([listed], site, TODAY, lambda sha256: document)
    return [str(notice) for notice in found.get(document.sha256, ())]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, []),
        ({"valid_until": "2026-11-22", "status": "approved"}, []),
        ({"valid_until": "2025-09-14"}, ["expired: Valid until 2025-09-14, which has passed."]),
        ({"status": "draft for consultation"}, ["draft: Its status is draft for consultation."]),
        ({"status": "superseded"}, ["superseded: Its status is superseded."]),
        ({"superseded_by": "version 3"}, ["superseded: It is superseded by version 3."]),
        ({"scope": "Planta Los Boldos"}, ["other site: It speaks of Planta Los Boldos, not of Cerro Ejemplo."]),
    ],
)
def test_facts_that_keep_a_document_from_closing_anything_are_noticed(facts: dict[str, str], said: list[str]) -> None:
    assert notices(read(**facts)) == said


def test_another_site_is_noticed_in_the_text_where_no_fact_names_it() -> None:
    text = "Noise was measured at Planta Los Boldos. Planta Los Boldos lies 410 km to the south."
    assert notices(read(text)) == ["other site: It speaks of Planta Los Boldos, not of Cerro Ejemplo."]
    assert notices(read(text), SITE.model_copy(update={"other_sites": ()})) == []


def test_a_suspicion_is_said_once_and_a_reason_as_it_stands() -> None:
    mark = Suspicion(kind="hidden text", message="White text.", quote="x", page=1)
    assert notices(read(suspicions=(mark, mark))) == ["hidden text: White text."]
    assert notices(read(), status=ReadStatus.PARTLY, reason="Page 2 could not be read.") == [
        "Page 2 could not be read."
    ]
    assert Notice(sentence="a", word="b") != Notice(sentence="a")
