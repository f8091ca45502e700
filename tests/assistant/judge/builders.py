"""Small documents and cases for the tests of judgement."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from assistant.judge.protocol import Case, Opinion, Proposal
from assistant.models import Criterion, EvidenceKind, Requirement, Site, Stance
from ingestion.models import DocumentRead, Fact, FactName, Page, Passage, ReadStatus, Suspicion

TODAY = date(2026, 11, 22)
SITE = Site(name="Cerro Ejemplo", other_sites=("Planta Los Boldos",))


def document(
    text: str, name: str = "a.txt", facts: dict[FactName, str] | None = None, suspicions: Sequence[Suspicion] = ()
) -> DocumentRead:
    """A one-page document of one passage."""
    return DocumentRead(
        sha256=hashlib.sha256((name + text).encode()).hexdigest(),
        name=name,
        media_type="text/plain",
        size=len(text),
        status=ReadStatus.READ,
        pages=(Page(number=1, text=text),),
        passages=(Passage(page=1, start=0, end=len(text), text=text, language="en", sentences=((0, len(text)),)),),
        facts=tuple(Fact(name=key, value=value, origin="text") for key, value in (facts or {}).items()),
        suspicions=tuple(suspicions),
    )


def requirement(
    kinds: Sequence[EvidenceKind] = (), commitment_alone: bool = False, max_age_months: int | None = None
) -> Requirement:
    """Requirement 19.e with these needs."""
    return Requirement(
        id="19.e", text="The dam is inspected every quarter.", kinds=tuple(kinds), commitment_alone=commitment_alone,
        max_age_months=max_age_months, evidence_examples=("inspection report",),
    )  # fmt: skip


def case(asked: Requirement, spans: Sequence[Proposal] = (), prior: float = 0.9) -> Case:
    """A case of that requirement at Cerro Ejemplo; the framework lets records speak for three years."""
    criterion = Criterion(id="19", title="Tailings Management", number=19, requirements=(asked,))
    return Case(criterion, asked, SITE, TODAY, (), tuple(spans), prior, prior, Opinion.UNSURE, practice_age=36)


def proposal(
    source: DocumentRead,
    quote: str,
    strength: float = 0.9,
    kind: EvidenceKind | None = EvidenceKind.RECORD,
    stance: Stance = Stance.SUPPORTS,
) -> Proposal:
    """A quote from the first page of a document."""
    return Proposal(sha256=source.sha256, page=1, quote=quote, strength=strength, kind=kind, stance=stance)
