"""What the record gives back besides the words of `assistant.models`: events, stored runs, corrections."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from assistant.models import Decision, Evidence, Frozen, Gap, RunRecord
from ingestion.models import DocumentRead, Fact, FactName, ReadStatus


class EventKind(StrEnum):
    """The writes that stand in the hash chain."""

    CREATED = "workspace created"
    SITE = "site changed"
    ADDED = "document added"
    REREAD = "document read again"
    REMOVED = "document removed"
    CORRECTED = "fact corrected"
    RUN_STARTED = "run started"
    RUN_FINISHED = "run finished"
    RUN_ABANDONED = "run abandoned"
    DECISION = "decision"
    RATING = "rating"
    COMMENT = "comment"


class Event(Frozen):
    """One link of the chain: `hash` covers everything else in it, and `previous` is the hash of the event before."""

    id: int
    at: datetime
    person: str
    kind: EventKind
    subject: str
    payload: dict[str, Any]
    previous: str
    hash: str


class Correction(Frozen):
    """A person's correction of a document fact. The latest for a name counts; an empty value says there is none."""

    id: int
    sha256: str
    name: FactName
    value: str
    reason: str
    person: str
    at: datetime


class StoredDocument(Frozen):
    """One reading of one content without its pages: what a list of documents needs.

    `facts` are those that count (corrections applied), `suspicions` is how many there are.
    """

    id: int
    sha256: str
    current: bool
    name: str
    media_type: str
    size: int
    status: ReadStatus
    reason: str
    languages: dict[str, float]
    outline: tuple[str, ...]
    reader: str
    seconds: float
    ingestion_version: str
    digest: str
    added: datetime
    added_by: str
    removed: datetime | None
    removed_reason: str
    pages: int
    passages: int
    suspicions: int
    facts: tuple[Fact, ...]
    corrected: tuple[FactName, ...]


class StoredRun(RunRecord):
    """A run with its state; `inputs` is the digest of everything it started from."""

    state: Literal["running", "finished", "abandoned"]
    inputs: str
    vectors: int | None = None


class RecordedDecision(Decision):
    """A decision with what it was made on, so that it stays readable when its quote is no longer proposed.

    `undoes` names the decision that a withdrawal takes back. `wording` is the digest of the requirement's words then.
    """

    undoes: int | None = None
    wording: str = ""
    proposal: Evidence | Gap | None = None


class Message(Frozen):
    """One question or answer of a conversation; `value` is what the chat part gave, as plain data."""

    id: int
    role: Literal["person", "assistant"]
    value: dict[str, Any]
    person: str
    at: datetime


class Corpus(Frozen):
    """The current documents as the engine reads them, and what of the record they stand for.

    `ids` are the readings' rows, `facts` the digest of each document's facts (corrections applied), both in the order
    of `documents`; `digest` changes whenever anything in the corpus does.
    """

    documents: tuple[DocumentRead, ...]
    ids: tuple[int, ...]
    facts: tuple[str, ...]
    digest: str
