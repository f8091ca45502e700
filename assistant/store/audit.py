"""Check the record against itself: the chain, the rows its events stand for, the readings, the runs and the originals.

Quotes are checked one layer up, where the quote check lives. Each problem is one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from assistant.errors import AssayError, WorkspaceError
from assistant.models import Frozen
from assistant.store import chain, tables
from assistant.store.columns import moment_text
from assistant.store.documents import reading_digest
from assistant.store.records import Event, EventKind
from assistant.store.runs import findings_digest
from assistant.store.store import Store


class Audit(Frozen):
    """What was checked, and what is wrong."""

    events: int
    head: str
    originals: int
    readings: int
    runs: int
    problems: tuple[str, ...]


def audit(store: Store) -> Audit:
    """Check everything the record can check by itself."""
    found: list[str] = []
    with store.database.read() as connection:
        length, head = chain.length_and_head(connection)
        found += _guarded(found, "The chain", partial(chain.problems, connection), [])
    events = _guarded(found, "The events", store.events, [])
    by_kind: dict[EventKind, list[Event]] = {kind: [] for kind in EventKind}
    for event in events:
        by_kind[event.kind].append(event)
    with store.database.read() as connection:
        for table, kind in ((tables.decision, EventKind.DECISION), (tables.rating, EventKind.RATING)):
            rows = _guarded(found, f"The {table.name}s", partial(_rows, connection, table), {})
            found += _compared(table.name, rows, {event.payload.get("id"): event.payload for event in by_kind[kind]})
        corrected = {
            event.payload.get("id"): event.payload
            | {"sha256": event.subject, "person": event.person, "at": moment_text(event.at)}
            for event in by_kind[EventKind.CORRECTED]
        }
        corrections = _guarded(found, "The corrections", partial(_rows, connection, tables.correction), {})
        found += _compared("correction", corrections, corrected)
        documents = connection.execute(select(tables.document).order_by(tables.document.c.id)).all()
        runs = connection.execute(select(tables.run).order_by(tables.run.c.id)).all()
    found += _site(store, by_kind)
    found += _documents(store, documents, by_kind)
    found += _runs(store, runs, by_kind)
    found += [
        f"A stored text ({sha256[:12]}…) was changed: a framework, prompt or answer."
        for sha256 in store.blobs.changed()
    ]
    originals = _originals(store, documents, found)
    return Audit(
        events=length, head=head, originals=originals, readings=len(documents), runs=len(runs), problems=tuple(found)
    )


T = TypeVar("T")
U = TypeVar("U")


def _guarded(found: list[str], what: str, read: Callable[[], T], otherwise: U) -> T | U:
    """What `read` gives; a row that cannot be read is a problem, not an end of the check."""
    try:
        return read()
    except (ValueError, TypeError, KeyError, DBAPIError, WorkspaceError) as error:
        found.append(f"{what} cannot be read from the record: {str(error).splitlines()[0]}.")
        return otherwise


def _rows(connection: Connection, table: Any) -> dict[int, dict[str, Any]]:
    rows = [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
    return {row["id"]: row | {"at": moment_text(row["at"])} for row in rows}


def _compared(name: str, rows: dict[int, dict[str, Any]], events: dict[Any, dict[str, Any]]) -> Iterator[str]:
    for number in sorted(set(rows) | set(events), key=str):
        if number not in events:
            yield f"The {name} {number} has no event in the chain: it was not made through Assay."
        elif number not in rows:
            yield f"The {name} {number} stands in the chain but is gone from the record."
        elif rows[number] != events[number]:
            changed = sorted(field for field in rows[number] if rows[number][field] != events[number].get(field))
            yield f"The {name} {number} was changed after it was made ({', '.join(changed)})."


def _site(store: Store, by_kind: dict[EventKind, list[Event]]) -> Iterator[str]:
    said = by_kind[EventKind.CREATED] + by_kind[EventKind.SITE]
    found: list[str] = []
    site = _guarded(found, "The site", store.site, None)
    yield from found
    if site is not None and (not said or said[-1].payload.get("site") != site.model_dump(mode="json")):
        yield "The site is not the one that stands in the chain."


def _documents(store: Store, rows: Any, by_kind: dict[EventKind, list[Event]]) -> Iterator[str]:
    readings = {
        (event.subject, event.payload.get("reading")) for event in by_kind[EventKind.ADDED] + by_kind[EventKind.REREAD]
    }
    kept = {(row.sha256, row.digest) for row in rows}
    for row in rows:
        found: list[str] = []
        read = _guarded(found, f"{row.name}: its text", partial(store.documents.reading, row.id), None)
        yield from found
        if (row.sha256, row.digest) not in readings:
            yield f"{row.name}: its reading has no event in the chain."
        if read is not None and reading_digest(read) != row.digest:
            yield f"{row.name}: its stored text or facts were changed after it was read; remove it and add it again."
    for subject, _ in sorted(readings - kept, key=str):
        yield f"A reading of document {subject[:12]}… stands in the chain but is gone from the record."


def _runs(store: Store, rows: Any, by_kind: dict[EventKind, list[Event]]) -> Iterator[str]:
    finished = {event.subject: event.payload for event in by_kind[EventKind.RUN_FINISHED]}
    started = {event.subject: event.payload for event in by_kind[EventKind.RUN_STARTED]}
    for row in rows:
        if started.get(str(row.id), {}).get("inputs") != row.inputs:
            yield f"Run {row.id}: what it started from is not what stands in the chain."
        found: list[str] = []
        again = _guarded(found, f"Run {row.id}", partial(store.runs.inputs_again, row.id), row.inputs)
        if again != row.inputs:
            yield f"Run {row.id}: what is recorded of its inputs (documents, framework, engine, settings) was changed."
        if row.state != "finished":
            yield from found
            continue
        findings = _guarded(found, f"Run {row.id}: its findings", partial(store.runs.findings, row.id), None)
        yield from found
        if findings is None:
            continue
        own = findings_digest(row.inputs, findings)
        if own != row.digest or own != finished.get(str(row.id), {}).get("digest"):
            yield f"Run {row.id}: its findings were changed after it ended."


def _originals(store: Store, rows: Any, found: list[str]) -> int:
    names = {row.sha256: row.name for row in rows}
    for sha256, name in sorted(names.items(), key=lambda item: item[1]):
        try:
            if store.originals.sha256(sha256) != sha256:
                found.append(f"{name}: the stored original was changed (its hash differs); add the file again.")
        except (AssayError, OSError) as error:
            found.append(f"{name}: {error}")
    return len(names)
