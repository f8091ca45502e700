"""The record: SQLAlchemy tables, their migrations, the hash chain, and the originals by content.

Imports `assistant.models`, `assistant.errors` and the types of ingestion; knows nothing of engines, rights or faces.
"""

from assistant.store.audit import Audit, audit
from assistant.store.records import (
    Corpus,
    Correction,
    Event,
    EventKind,
    Message,
    RecordedDecision,
    StoredDocument,
    StoredRun,
)
from assistant.store.runs import RunInputs
from assistant.store.store import Store

__all__ = [
    "Audit",
    "Corpus",
    "Correction",
    "Event",
    "EventKind",
    "Message",
    "RecordedDecision",
    "RunInputs",
    "Store",
    "StoredDocument",
    "StoredRun",
    "audit",
]
