"""Documents in the record: what a reading gave, saved whole and given back equal; corrections and removals on top."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from assistant.errors import NotFoundError
from assistant.store import chain, tables
from assistant.store.canonical import digest
from assistant.store.columns import now
from assistant.store.database import Database
from assistant.store.records import Corpus, Correction, EventKind, StoredDocument
from ingestion.models import (
    DocumentRead,
    Fact,
    FactName,
    Heading,
    Page,
    Passage,
    ReadStatus,
    Suspicion,
)

_D = tables.document.c


class Documents:
    """The documents of one record."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def known(self, sha256: str, ingestion_version: str) -> bool:
        """Whether this content was read by this version already; what could not be read is worth another try."""
        with self.database.read() as connection:
            row = _current(connection, sha256)
        return (
            row is not None
            and row.removed is None
            and row.ingestion_version == ingestion_version
            and row.status in (ReadStatus.READ, ReadStatus.PARTLY)
        )

    def save(self, read: DocumentRead, *, ingestion_version: str, person: str = "") -> bool:
        """Keep a reading, with its event; `False` when the same reading was there already."""
        own = reading_digest(read)
        with self.database.write() as connection:
            row = _current(connection, read.sha256)
            kind = EventKind.ADDED if row is None or row.removed is not None else EventKind.REREAD
            if row is not None and row.digest == own:
                values = {"removed": None, "removed_reason": "", "ingestion_version": ingestion_version}
                connection.execute(update(tables.document).where(_D.id == row.id).values(**values))
                if row.removed is None:
                    return False
            else:
                if row is not None:
                    connection.execute(update(tables.document).where(_D.id == row.id).values(current=False))
                _insert(connection, read, own, ingestion_version, person)
            payload = {"name": read.name, "size": read.size, "status": read.status.value, "reading": own}
            chain.append(connection, kind, read.sha256, payload, person)
            return True

    def remove(self, sha256: str, reason: str, person: str) -> None:
        """Take a document out of the corpus. Its pages stay readable: earlier runs and decisions quote them."""
        with self.database.write() as connection:
            row = _present(connection, sha256)
            connection.execute(
                update(tables.document).where(_D.id == row.id).values(removed=now(), removed_reason=reason)
            )
            chain.append(connection, EventKind.REMOVED, sha256, {"name": row.name, "reason": reason}, person)

    def correct(self, sha256: str, name: FactName, value: str, reason: str, person: str) -> Correction:
        """Add a person's correction of a fact; the fact that was read stays."""
        with self.database.write() as connection:
            _present(connection, sha256)
            values = {
                "sha256": sha256,
                "name": name.value,
                "value": value,
                "reason": reason,
                "person": person,
                "at": now(),
            }
            number = connection.scalar(insert(tables.correction).values(**values).returning(tables.correction.c.id))
            correction = Correction.model_validate({"id": number, **values})
            payload = correction.model_dump(mode="json", exclude={"sha256", "person", "at"})
            chain.append(connection, EventKind.CORRECTED, sha256, payload, person, correction.at)
        return correction

    def corrections(self, sha256: str | None = None) -> list[Correction]:
        """All corrections, or those of one document, in the order they were made."""
        with self.database.read() as connection:
            return _corrections(connection, None if sha256 is None else [sha256])

    def listing(self, *, removed: bool = False) -> list[StoredDocument]:
        """The current documents by name, without their pages; with `removed`, also those that were taken out."""
        condition = _D.current if removed else _D.current & _D.removed.is_(None)
        with self.database.read() as connection:
            return _stored(connection, condition)

    def stored(self, sha256: str) -> StoredDocument:
        """The current reading of one content, also when it was removed. Raises `NotFoundError`."""
        with self.database.read() as connection:
            found = _stored(connection, _D.current & (_D.sha256 == sha256))
        if not found:
            raise _unknown(sha256)
        return found[0]

    def load(self, sha256: str) -> DocumentRead:
        """The current reading of one content, corrections applied, also when it was removed. Raises `NotFoundError`."""
        with self.database.read() as connection:
            rows = _rows(connection, _D.current & (_D.sha256 == sha256))
            if not rows:
                raise _unknown(sha256)
            return _documents(connection, rows, corrected=True)[0]

    def reading(self, document_id: int) -> DocumentRead:
        """One reading as it was saved, no corrections applied. Raises `NotFoundError`."""
        with self.database.read() as connection:
            rows = _rows(connection, _D.id == document_id)
            if not rows:
                raise NotFoundError(f"There is no reading {document_id} in the record.")
            return _documents(connection, rows, corrected=False)[0]

    def page(self, sha256: str, number: int) -> Page:
        """One page of the current reading. Raises `NotFoundError`."""
        with self.database.read() as connection:
            row = _current(connection, sha256)
            if row is None:
                raise _unknown(sha256)
            condition = (tables.page.c.document_id == row.id) & (tables.page.c.number == number)
            pages = _pages(connection, condition)[row.id]
        if not pages:
            raise NotFoundError(f"{row.name} has no page {number}.")
        return pages[0]

    def page_texts(self, wanted: Iterable[tuple[str, int]], run_id: int | None = None) -> dict[tuple[str, int], str]:
        """Texts of pages by (sha256, page number), in the readings a run used, or in the current ones.

        What is not in the record is left out.
        """
        pages = defaultdict(set)
        for sha256, number in wanted:
            pages[sha256].add(number)
        texts: dict[tuple[str, int], str] = {}
        query = select(_D.sha256, tables.page.c.number, tables.page.c.text).join(tables.page)
        if run_id is None:
            query = query.where(_D.current)
        else:
            query = query.join(tables.run_document).where(tables.run_document.c.run_id == run_id)
        with self.database.read() as connection:
            for sha256, numbers in pages.items():
                rows = connection.execute(query.where(_D.sha256 == sha256, tables.page.c.number.in_(numbers)))
                texts.update({(row.sha256, row.number): row.text for row in rows})
        return texts

    def corpus(self) -> Corpus:
        """The current, not removed documents with corrections applied, ordered by name and content."""
        with self.database.read() as connection:
            rows = _rows(connection, _D.current & _D.removed.is_(None))
            documents = _documents(connection, rows, corrected=True)
        facts = tuple(facts_digest(document.facts) for document in documents)
        readings = [(row.sha256, row.digest, own) for row, own in zip(rows, facts, strict=True)]
        return Corpus.model_construct(
            documents=tuple(documents), ids=tuple(row.id for row in rows), facts=facts, digest=corpus_digest(readings)
        )


def reading_digest(read: DocumentRead) -> str:
    """SHA-256 over everything a reading gave but the time it took."""
    return digest(read.model_dump(mode="json", exclude={"seconds"}))


def corpus_digest(readings: Iterable[tuple[str, str, str]]) -> str:
    """SHA-256 over (content, reading, facts) of each document, in the order of the corpus: by name and content."""
    return digest([list(reading) for reading in readings])


def facts_digest(facts: Iterable[Fact]) -> str:
    """SHA-256 over facts, in their order."""
    return digest([fact.model_dump(mode="json") for fact in facts])


def with_corrections(facts: Sequence[Fact], corrections: Iterable[Correction]) -> tuple[Fact, ...]:
    """The facts that count: for each corrected name only the latest correction, which may say there is none."""
    latest = {correction.name: correction for correction in corrections}
    kept = [fact for fact in facts if fact.name not in latest]
    made = [
        Fact(name=name, value=latest[name].value, origin="person")
        for name in FactName
        if name in latest and latest[name].value
    ]
    return (*kept, *made)


def _unknown(sha256: str) -> NotFoundError:
    return NotFoundError(f"There is no document {sha256[:12]}… in this workspace; see the list of documents.")


def _current(connection: Connection, sha256: str) -> Row[Any] | None:
    return connection.execute(select(tables.document).where(_D.sha256 == sha256, _D.current)).one_or_none()


def _present(connection: Connection, sha256: str) -> Row[Any]:
    row = _current(connection, sha256)
    if row is None or row.removed is not None:
        raise _unknown(sha256)
    return row


def _rows(connection: Connection, condition: ColumnElement[bool]) -> list[Row[Any]]:
    # Sorted here, not by the database: collations differ, and a run must see the same order everywhere.
    return sorted(
        connection.execute(select(tables.document).where(condition)), key=lambda row: (row.name, row.sha256, row.id)
    )


def _insert(connection: Connection, read: DocumentRead, own: str, ingestion_version: str, person: str) -> None:
    plain = read.model_dump(mode="python", exclude={"pages", "passages", "facts", "suspicions", "outline"})
    number = connection.scalar(
        insert(tables.document)
        .values(
            **{**plain, "status": read.status.value},
            outline=list(read.outline),
            current=True,
            ingestion_version=ingestion_version,
            digest=own,
            added=now(),
            added_by=person,
            removed_reason="",
        )
        .returning(_D.id)
    )
    texts = {page.number: page.text for page in read.pages}
    many: list[tuple[Any, list[dict[str, Any]]]] = [
        (tables.page, [page.model_dump() | {"headings": _spans(page.headings)} for page in read.pages]),
        (
            tables.passage,
            [
                passage.model_dump()
                | {
                    "text": None
                    if passage.text == texts.get(passage.page, "")[passage.start : passage.end]
                    else passage.text
                }
                for passage in read.passages
            ],
        ),
        (tables.fact, [fact.model_dump() | {"name": fact.name.value} for fact in read.facts]),
        (tables.suspicion, [suspicion.model_dump() for suspicion in read.suspicions]),
    ]
    for table, rows in many:
        placed = [
            row | ({} if table is tables.page else {"position": position}) | {"document_id": number}
            for position, row in enumerate(rows)
        ]
        if placed:
            connection.execute(insert(table), placed)


def _spans(headings: Sequence[Heading]) -> list[tuple[int, int, int]]:
    return [(heading.start, heading.end, heading.level) for heading in headings]


def _documents(connection: Connection, rows: Sequence[Row[Any]], *, corrected: bool) -> list[DocumentRead]:
    """The readings of `rows`, in their order."""
    ids = [row.id for row in rows]
    pages = _pages(connection, tables.page.c.document_id.in_(ids))
    passages = _grouped(connection, tables.passage, ids)
    facts = _facts(connection, ids)
    suspicions = _grouped(connection, tables.suspicion, ids)
    corrections = defaultdict(list)
    if corrected:
        for correction in _corrections(connection, [row.sha256 for row in rows]):
            corrections[correction.sha256].append(correction)
    return [
        DocumentRead(
            sha256=row.sha256,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            status=row.status,
            reason=row.reason,
            pages=tuple(pages[row.id]),
            passages=tuple(_passages(passages[row.id], pages[row.id])),
            facts=with_corrections(facts[row.id], corrections[row.sha256]),
            suspicions=tuple(Suspicion.model_validate(_own(item)) for item in suspicions[row.id]),
            languages=row.languages,
            outline=tuple(row.outline),
            reader=row.reader,
            seconds=row.seconds,
        )
        for row in rows
    ]


def _grouped(connection: Connection, table: Any, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    query = select(table).where(table.c.document_id.in_(ids)).order_by(table.c.document_id, table.c.position)
    for row in connection.execute(query).mappings():
        grouped[row["document_id"]].append(dict(row))
    return grouped


def _own(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("document_id", "position")}


def _pages(connection: Connection, condition: ColumnElement[bool]) -> dict[int, list[Page]]:
    pages: dict[int, list[Page]] = defaultdict(list)
    query = select(tables.page).where(condition).order_by(tables.page.c.document_id, tables.page.c.number)
    for row in connection.execute(query):
        pages[row.document_id].append(
            Page(
                number=row.number,
                text=row.text,
                label=row.label,
                width=row.width,
                height=row.height,
                source=row.source,
                headings=tuple(Heading(start=start, end=end, level=level) for start, end, level in row.headings),
            )
        )
    return pages


def _passages(rows: Iterable[dict[str, Any]], pages: Iterable[Page]) -> Iterable[Passage]:
    texts = {page.number: page.text for page in pages}
    for row in rows:
        text = row["text"] if row["text"] is not None else texts.get(row["page"], "")[row["start"] : row["end"]]
        yield Passage.model_validate(_own(row) | {"text": text})


def _facts(connection: Connection, ids: Sequence[int]) -> dict[int, list[Fact]]:
    grouped = _grouped(connection, tables.fact, ids)
    return defaultdict(
        list, {number: [Fact.model_validate(_own(row)) for row in rows] for number, rows in grouped.items()}
    )


def _corrections(connection: Connection, hashes: Sequence[str] | None) -> list[Correction]:
    query = select(tables.correction).order_by(tables.correction.c.id)
    if hashes is not None:
        query = query.where(tables.correction.c.sha256.in_(hashes))
    return [Correction.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _stored(connection: Connection, condition: ColumnElement[bool]) -> list[StoredDocument]:
    rows = _rows(connection, condition)
    ids = [row.id for row in rows]
    facts = _facts(connection, ids)
    corrections = defaultdict(list)
    for correction in _corrections(connection, [row.sha256 for row in rows]):
        corrections[correction.sha256].append(correction)
    pages, passages, suspicions = (_counts(connection, t, ids) for t in (tables.page, tables.passage, tables.suspicion))
    return [
        StoredDocument.model_validate(
            dict(row._mapping)
            | {
                "pages": pages.get(row.id, 0),
                "passages": passages.get(row.id, 0),
                "suspicions": suspicions.get(row.id, 0),
                "facts": with_corrections(facts[row.id], corrections[row.sha256]),
                "corrected": tuple(dict.fromkeys(correction.name for correction in corrections[row.sha256])),
            }
        )
        for row in rows
    ]


def _counts(connection: Connection, table: Any, ids: Sequence[int]) -> dict[int, int]:
    query = select(table.c.document_id, func.count()).where(table.c.document_id.in_(ids)).group_by(table.c.document_id)
    return {row[0]: row[1] for row in connection.execute(query)}
