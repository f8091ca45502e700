"""The tables of the record. The migrations make them; a test compares both.

A `document` row is one reading of one content: a document read again (by a newer reader) gets a new row and the old one
stays, because earlier runs quote it. `decision`, `rating`, `event` and `correction` only grow: triggers refuse UPDATE
and DELETE. `chain` holds the length and the last hash of the events, and its single row is the lock of whoever appends.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

from assistant.store.columns import Json, Moment, Words

HASH = String(64)
"""A SHA-256 in hex."""

NAME = String(64)
"""A word of ours: a status, a kind, a verdict."""

APPEND_ONLY: tuple[str, ...] = ("decision", "rating", "event", "correction")
"""Tables that refuse UPDATE and DELETE on every database."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

site = Table(
    "site",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Json, nullable=False),
    Column("framework", Words, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", HASH, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("status", NAME, nullable=False),
    Column("reason", Words, nullable=False),
    Column("languages", Json, nullable=False),
    Column("outline", Json, nullable=False),
    Column("reader", Words, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("ingestion_version", Words, nullable=False),
    Column("digest", HASH, nullable=False),
    Column("added", Moment, nullable=False),
    Column("added_by", Words, nullable=False),
    Column("removed", Moment),
    Column("removed_reason", Words, nullable=False),
    sqlite_autoincrement=True,
)
Index(
    "uq_document_current",
    document.c.sha256,
    unique=True,
    sqlite_where=text("current = 1"),
    postgresql_where=text("current"),
)
Index("ix_document_sha256", document.c.sha256)

page = Table(
    "page",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("text", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("source", NAME, nullable=False),
    Column("headings", Json, nullable=False),
)

passage = Table(
    "passage",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("page", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Words, comment="null where it is the page's text between start and end"),
    Column("heading", Json, nullable=False),
    Column("language", NAME, nullable=False),
    Column("sentences", Json, nullable=False),
)

fact = Table(
    "fact",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", NAME, nullable=False),
    Column("value", Words, nullable=False),
    Column("quote", Words, nullable=False),
    Column("page", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("origin", NAME, nullable=False),
    Column("confidence", Float, nullable=False),
)

correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", HASH, nullable=False, index=True),
    Column("name", NAME, nullable=False),
    Column("value", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

suspicion = Table(
    "suspicion",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", NAME, nullable=False),
    Column("message", Words, nullable=False),
    Column("quote", Words, nullable=False),
    Column("page", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)

blob = Table(
    "blob",
    metadata,
    Column("sha256", HASH, primary_key=True),
    Column("kind", NAME, nullable=False),
    Column("text", Words, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", NAME, nullable=False),
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    Column("framework_id", Words, nullable=False),
    Column("framework_version", Words, nullable=False),
    Column("framework_digest", HASH, nullable=False),
    Column("framework_blob", ForeignKey("blob.sha256"), nullable=False),
    Column("site", Json, nullable=False),
    Column("engine", Words, nullable=False),
    Column("models", Json, nullable=False),
    Column("prompts", Json, nullable=False),
    Column("settings", Json, nullable=False),
    Column("promise", Words, nullable=False),
    Column("today", String(10), nullable=False),
    Column("inputs", HASH, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("vectors", Integer, comment="vectors in the index when the run ended"),
    CheckConstraint("state IN ('running', 'finished', 'abandoned')", name="state"),
    sqlite_autoincrement=True,
)

run_document = Table(
    "run_document",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("document_id", ForeignKey("document.id"), primary_key=True),
    Column("facts", HASH, nullable=False, comment="digest of the facts as the run saw them, corrections applied"),
)

finding = Table(
    "finding",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("requirement_id", Words, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("criterion_id", Words, nullable=False),
    Column("status", NAME, nullable=False),
    Column("value", Json, nullable=False),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("target", NAME, nullable=False),
    Column("key", Words, nullable=False),
    Column("requirement_id", Words, nullable=False, index=True),
    Column("verdict", NAME, nullable=False),
    Column("reason", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("run_id", ForeignKey("run.id")),
    Column("undoes", ForeignKey("decision.id")),
    Column("wording", HASH, nullable=False, comment="digest of the requirement's words when the decision was made"),
    Column("proposal", Json, nullable=False, comment="the evidence or gap decided on, as it was shown"),
    UniqueConstraint("undoes"),
    CheckConstraint("target IN ('evidence', 'gap')", name="target"),
    CheckConstraint("verdict IN ('confirmed', 'rejected', 'withdrawn')", name="verdict"),
    CheckConstraint("(verdict = 'withdrawn') = (undoes IS NOT NULL)", name="undoes"),
    sqlite_autoincrement=True,
)

rating = Table(
    "rating",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("criterion_id", Words, nullable=False, index=True),
    Column("rating", Words, nullable=False),
    Column("rationale", Words, nullable=False),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("person", Words, nullable=False),
    Column("kind", NAME, nullable=False),
    Column("subject", Words, nullable=False),
    Column("payload", Json, nullable=False),
    Column("previous", HASH, nullable=False),
    Column("hash", HASH, nullable=False, unique=True),
)

chain = Table(
    "chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("length", Integer, nullable=False),
    Column("head", HASH, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("started", Moment, nullable=False),
    sqlite_autoincrement=True,
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("role", NAME, nullable=False),
    Column("value", Json, nullable=False),
    Column("person", Words, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
