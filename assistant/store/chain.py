"""The hash chain: every write that matters is an event, and each event carries the hash of the one before it.

The hash is SHA-256 over canonical JSON of the event's place, time, person, kind, subject, payload (as its text) and the
previous hash. Whoever changes, drops, adds or reorders an event breaks a hash, a link or the recorded length.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, insert, select, type_coerce, update

from assistant.store import tables
from assistant.store.canonical import canonical, digest
from assistant.store.columns import moment_text, now
from assistant.store.records import Event, EventKind

GENESIS = "0" * 64
"""What the first event names as the hash before it."""


def append(
    connection: Connection,
    kind: EventKind,
    subject: str,
    payload: dict[str, Any],
    person: str,
    at: datetime | None = None,
) -> Event:
    """Add an event to the chain, in the transaction of the write it stands for."""
    length, head = connection.execute(select(tables.chain.c.length, tables.chain.c.head)).one()
    moment = at or now()
    text = canonical(payload)
    place = length + 1
    own = _hash(place, moment_text(moment), person, kind.value, subject, text, head)
    connection.execute(
        insert(tables.event).values(
            id=place,
            at=moment,
            person=person,
            kind=kind.value,
            subject=subject,
            payload=payload,
            previous=head,
            hash=own,
        )
    )
    connection.execute(update(tables.chain).values(length=place, head=own))
    return Event(
        id=place,
        at=moment,
        person=person,
        kind=kind,
        subject=subject,
        payload=json.loads(text),
        previous=head,
        hash=own,
    )


def events(connection: Connection, kind: EventKind | None = None) -> list[Event]:
    """All events, or those of one kind, in the order of the chain."""
    query = select(tables.event).order_by(tables.event.c.id)
    if kind is not None:
        query = query.where(tables.event.c.kind == kind.value)
    return [Event.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def length_and_head(connection: Connection) -> tuple[int, str]:
    """How many events the chain has, and the hash of its last one."""
    row = connection.execute(select(tables.chain.c.length, tables.chain.c.head)).one()
    return int(row.length), str(row.head)


def problems(connection: Connection) -> list[str]:
    """What is wrong with the chain, one sentence each; empty when every event is as it was written."""
    found: list[str] = []
    column = tables.event.c
    rows = connection.execute(
        select(
            column.id,
            type_coerce(column.at, Text),
            column.person,
            column.kind,
            column.subject,
            type_coerce(column.payload, Text),
            column.previous,
            column.hash,
        ).order_by(column.id)
    ).all()
    head = GENESIS
    for place, row in enumerate(rows, start=1):
        number, at, person, kind, subject, payload, previous, own = row
        if number != place:
            found.append(f"Event {place} is missing from the chain (found event {number} in its place).")
            return found
        if previous != head:
            found.append(f"Event {number} does not follow the event before it: the chain is broken there.")
        if own != _recomputed(number, at, person, kind, subject, payload, previous):
            found.append(f"Event {number} ({kind}) was changed after it was written.")
        head = own
    length, recorded = length_and_head(connection)
    if length != len(rows) or recorded != head:
        found.append(
            f"The chain was recorded with {length} events but {len(rows)} are there, or its last one was changed."
        )
    return found


def _hash(place: int, at: str, person: str, kind: str, subject: str, payload: str, previous: str) -> str:
    return digest(
        {
            "id": place,
            "at": at,
            "person": person,
            "kind": kind,
            "subject": subject,
            "payload": payload,
            "previous": previous,
        }
    )


def _recomputed(*parts: Any) -> str:
    try:
        return _hash(*parts)
    except TypeError:  # a column holds something else than text: bytes cannot have been written by us
        return ""
