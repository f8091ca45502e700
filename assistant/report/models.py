"""The working paper as one value: all that is needed to follow each finding back to its words and its decider."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from assistant.models import EvidenceKind, Frozen, GapReason, Site, Stance, Status, Verdict
from ingestion.models import ReadStatus

REPORT_FORMAT: Literal["1"] = "1"
"""Raised whenever a reader of the JSON would have to change."""


class Decided(Frozen):
    """A person's decision that counts for a proposal. `reworded`: it was made on other words of the requirement."""

    id: int
    verdict: Verdict
    reason: str
    person: str
    at: datetime
    reworded: bool = False


class ReadinessRow(Frozen):
    """One criterion: what the engine proposes, and beside it what a person rated.

    `status` is `None` before the first run; the counts are of requirements, the decisions of proposals.
    """

    criterion_id: str
    number: int | None
    title: str
    area: str
    category: str
    status: Status | None
    requirements: int
    supported: int
    partly: int
    needs_a_person: int
    gap: int
    contradicted: int
    not_applicable: int
    confirmed: int
    rejected: int
    undecided: int
    rating: str = ""
    rationale: str = ""
    rated_by: str = ""
    rated_at: datetime | None = None


class EvidenceRow(Frozen):
    """One quote that is shown: it stands in page `page` of `sha256` at `[start, end)`, checked when this was made.

    `judged` are the words of it that were judged; what else it has is their context.
    """

    requirement_id: str
    criterion_id: str
    requirement: str
    requirement_status: Status
    document: str
    sha256: str
    page: int
    start: int
    end: int
    quote: str
    judged: str
    heading: tuple[str, ...]
    language: str
    kind: EvidenceKind
    stance: Stance
    strength: float
    closes: bool
    caveats: tuple[GapReason, ...]
    caveat_notes: tuple[str, ...]
    key: str
    decision: Decided | None = None


class BestFound(Frozen):
    """The best thing found for an open requirement, and why it was not enough."""

    document: str
    sha256: str
    page: int
    start: int
    end: int
    quote: str
    strength: float
    why_not: str
    decision: Decided | None = None


class Searched(Frozen):
    """What was searched for, and in how much text."""

    queries: tuple[str, ...]
    confirmed: tuple[str, ...] = ()
    languages: tuple[str, ...]
    documents: int
    pages: int
    passages: int
    candidates: int
    unread: tuple[str, ...]


class GapRow(Frozen):
    """One requirement that is open: why, what was searched, the best found, and what would close it."""

    requirement_id: str
    criterion_id: str
    requirement: str
    critical: bool
    status: Status
    reasons: tuple[GapReason, ...]
    explanation: str
    bring: tuple[str, ...]
    best: BestFound | None
    searched: Searched | None
    decision: Decided | None = None


class Request(Frozen):
    """Bring this, for these requirements, because."""

    bring: str
    requirements: tuple[str, ...]
    because: str
    critical: bool


class NotApplicableRow(Frozen):
    """One requirement that does not apply to the site, and why."""

    requirement_id: str
    criterion_id: str
    why: str


class DecisionRow(Frozen):
    """One entry of the history of decisions. `counts`: it was neither withdrawn nor is it a withdrawal.

    `proposed`: what it was made on is still proposed by the latest run.
    """

    id: int
    target: Literal["evidence", "gap"]
    requirement_id: str
    verdict: Verdict
    reason: str
    person: str
    at: datetime
    run_id: int | None
    undoes: int | None
    counts: bool
    proposed: bool
    document: str = ""
    sha256: str = ""
    page: int = 0
    quote: str = ""


class RatingRow(Frozen):
    """One entry of the history of ratings; the latest of a criterion counts."""

    id: int
    criterion_id: str
    rating: str
    rationale: str
    person: str
    at: datetime
    counts: bool


class FactRow(Frozen):
    """One fact about a document and the words it came from."""

    name: str
    value: str
    origin: str
    quote: str = ""
    page: int = 0


class SuspicionRow(Frozen):
    """Text in a document that tries to act."""

    kind: str
    message: str
    quote: str
    page: int


class DocumentRow(Frozen):
    """One document: how far it was read, what is known of it, and what is wrong with it."""

    name: str
    sha256: str
    read: ReadStatus
    reason: str
    title: str
    kind: str
    language: str
    issued: str
    valid_from: str
    valid_until: str
    review_due: str
    status: str
    version: str
    scope: str
    issuer: str
    pages: int
    passages: int
    quotes_shown: int
    added: datetime
    added_by: str
    removed: datetime | None
    removed_reason: str
    facts: tuple[FactRow, ...]
    suspicions: tuple[SuspicionRow, ...]


class RunInfo(Frozen):
    """The run behind the paper, with everything needed to repeat it."""

    id: int
    state: str
    started: datetime
    finished: datetime | None
    today: date
    site: Site
    engine: str
    models: dict[str, str]
    prompts: dict[str, str]
    settings: dict[str, str]
    documents: dict[str, str]
    inputs: str
    digest: str


class Provenance(Frozen):
    """What leads the paper back to its sources. `chain_head` is the last hash of the chain of events."""

    framework_id: str
    framework_version: str
    framework_digest: str
    run: RunInfo | None
    events: int
    chain_head: str
    quotes_shown: int
    quotes_verified: int
    quotes_failed: int
    problems: tuple[str, ...]


class Report(Frozen):
    """The whole working paper. Proposals are the engine's, decisions and ratings are people's."""

    format: Literal["1"] = REPORT_FORMAT
    made: datetime
    made_by: str
    site: Site
    notice: str
    promise: str
    readiness: tuple[ReadinessRow, ...]
    evidence: tuple[EvidenceRow, ...]
    gaps: tuple[GapRow, ...]
    requests: tuple[Request, ...]
    not_applicable: tuple[NotApplicableRow, ...]
    decisions: tuple[DecisionRow, ...]
    ratings: tuple[RatingRow, ...]
    documents: tuple[DocumentRow, ...]
    provenance: Provenance
