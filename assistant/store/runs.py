"""Runs and their findings: everything a run started from, and each finding kept as soon as it is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from assistant.errors import NotFoundError
from assistant.models import Finding, Framework, Frozen, Site
from assistant.store import chain, tables
from assistant.store.blobs import keep
from assistant.store.canonical import digest
from assistant.store.columns import now
from assistant.store.database import Database
from assistant.store.documents import corpus_digest
from assistant.store.records import Corpus, EventKind, StoredRun

_R = tables.run.c


class RunInputs(Frozen):
    """What a run starts from besides the documents. Equal inputs and an equal corpus make the same run."""

    framework: Framework
    site: Site
    engine: str
    models: dict[str, str]
    prompts: dict[str, str]
    settings: dict[str, str]
    promise: str
    today: str

    def digest(self, corpus_digest: str) -> str:
        """SHA-256 over all of it and the corpus."""
        plain = self.model_dump(mode="json", exclude={"framework"})
        return digest({**plain, "framework": self.framework.digest(), "corpus": corpus_digest})


class Runs:
    """The runs of one record."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._frameworks: dict[int, Framework] = {}

    def begin(self, inputs: RunInputs, corpus: Corpus, person: str) -> tuple[StoredRun, bool]:
        """The run to go on with: the unfinished one when it has the same inputs (then `True`), else a new one.

        An unfinished run with other inputs is marked abandoned; its findings stay.
        """
        own = inputs.digest(corpus.digest)
        with self.database.write() as connection:
            resumed: int | None = None
            for row in connection.execute(select(tables.run).where(_R.state == "running").order_by(_R.id.desc())):
                if row.inputs == own and resumed is None:
                    resumed = row.id
                else:
                    connection.execute(
                        update(tables.run).where(_R.id == row.id).values(state="abandoned", finished=now())
                    )
                    chain.append(connection, EventKind.RUN_ABANDONED, str(row.id), {"inputs": row.inputs}, person)
            number = resumed if resumed is not None else _insert(connection, inputs, corpus, own, person)
            return _run(connection, number), resumed is not None

    def save(self, run_id: int, findings: Sequence[tuple[int, Finding]]) -> None:
        """Keep findings with their places in the catalogue; they are on the disk when this returns."""
        rows = [
            {
                "run_id": run_id,
                "requirement_id": finding.requirement_id,
                "position": position,
                "criterion_id": finding.criterion_id,
                "status": finding.status.value,
                "value": finding,
            }
            for position, finding in findings
        ]
        with self.database.write() as connection:
            connection.execute(insert(tables.finding), rows)

    def finish(
        self, run_id: int, person: str, vectors: int | None = None, cost: dict[str, Any] | None = None
    ) -> StoredRun:
        """Close a run and record its digest: a hash over its inputs and its findings.

        `cost` is what a language model was asked, for the chain; it is no part of the result.
        """
        with self.database.write() as connection:
            run = _run(connection, run_id)
            own = findings_digest(run.inputs, _findings(connection, run_id))
            connection.execute(
                update(tables.run)
                .where(_R.id == run_id)
                .values(state="finished", finished=now(), digest=own, vectors=vectors)
            )
            count = connection.scalar(select(func.count()).where(tables.finding.c.run_id == run_id))
            payload: dict[str, Any] = {"inputs": run.inputs, "digest": own, "findings": count}
            if cost is not None:
                payload["model"] = cost
            chain.append(connection, EventKind.RUN_FINISHED, str(run_id), payload, person)
            return _run(connection, run_id)

    def get(self, run_id: int) -> StoredRun:
        """One run. Raises `NotFoundError`."""
        with self.database.read() as connection:
            return _run(connection, run_id)

    def all(self) -> list[StoredRun]:
        """Every run, oldest first."""
        with self.database.read() as connection:
            return [_run(connection, number) for number in connection.scalars(select(_R.id).order_by(_R.id))]

    def latest(self) -> StoredRun | None:
        """The newest finished run; without one, the newest unfinished run; `None` before the first."""
        with self.database.read() as connection:
            for state in ("finished", "running"):
                number = connection.scalar(select(func.max(_R.id)).where(_R.state == state))
                if number is not None:
                    return _run(connection, number)
        return None

    def unfinished(self) -> StoredRun | None:
        """The run that was started and not ended, if there is one."""
        with self.database.read() as connection:
            number = connection.scalar(select(func.max(_R.id)).where(_R.state == "running"))
            return None if number is None else _run(connection, number)

    def findings(self, run_id: int, criterion_id: str | None = None) -> list[Finding]:
        """The findings of a run in catalogue order, of one criterion or of all."""
        with self.database.read() as connection:
            return _findings(connection, run_id, criterion_id)

    def finding(self, run_id: int, requirement_id: str) -> Finding | None:
        """The finding of a run for one requirement, or `None`."""
        query = select(tables.finding.c.value).where(
            tables.finding.c.run_id == run_id, tables.finding.c.requirement_id == requirement_id
        )
        with self.database.read() as connection:
            value = connection.scalar(query)
        return None if value is None else Finding.model_validate(value)

    def used(self, run_id: int) -> dict[int, str]:
        """The readings a run used by their rows, with the digest of each one's facts as the run saw them."""
        column = tables.run_document.c
        with self.database.read() as connection:
            rows = connection.execute(select(column.document_id, column.facts).where(column.run_id == run_id))
            return {row.document_id: row.facts for row in rows}

    def inputs_again(self, run_id: int) -> str:
        """The digest of a run's inputs, computed anew from what is stored now. Raises `NotFoundError`."""
        document = tables.document.c
        query = (
            select(document.sha256, document.name, document.digest, tables.run_document.c.facts)
            .join(tables.run_document)
            .where(tables.run_document.c.run_id == run_id)
        )
        with self.database.read() as connection:
            run = _run(connection, run_id)
            rows = sorted(connection.execute(query), key=lambda row: (row.name, row.sha256))
            framework = _framework(connection, run_id)
        inputs = RunInputs(
            framework=framework,
            site=run.site,
            engine=run.engine,
            models=run.models,
            prompts=run.prompts,
            settings=run.settings,
            promise=run.promise,
            today=run.today.isoformat(),
        )
        return inputs.digest(corpus_digest((row.sha256, row.digest, row.facts) for row in rows))

    def framework(self, run_id: int) -> Framework:
        """The whole framework as it was when the run started. Raises `NotFoundError`."""
        if run_id in self._frameworks:
            return self._frameworks[run_id]
        with self.database.read() as connection:
            framework = _framework(connection, run_id)
        # It never changes, and reading it takes longer than a decision.
        self._frameworks[run_id] = framework
        return framework


def findings_digest(inputs: str, findings: Iterable[Finding]) -> str:
    """SHA-256 over a run's inputs and its findings, in the order of their requirement ids."""
    ordered = sorted(findings, key=lambda finding: finding.requirement_id)
    return digest({"inputs": inputs, "findings": [finding.model_dump(mode="json") for finding in ordered]})


def _insert(connection: Connection, inputs: RunInputs, corpus: Corpus, own: str, person: str) -> int:
    framework = inputs.framework
    number = connection.scalar(
        insert(tables.run)
        .values(
            state="running",
            started=now(),
            framework_id=framework.id,
            framework_version=framework.version,
            framework_digest=framework.digest(),
            framework_blob=keep(connection, "framework", framework.model_dump_json()),
            site=inputs.site,
            engine=inputs.engine,
            models=inputs.models,
            prompts=inputs.prompts,
            settings=inputs.settings,
            promise=inputs.promise,
            today=inputs.today,
            inputs=own,
            digest="",
        )
        .returning(_R.id)
    )
    if number is None:
        raise NotFoundError("The database gave no number to a new run.")
    used = [
        {"run_id": number, "document_id": document_id, "facts": facts}
        for document_id, facts in zip(corpus.ids, corpus.facts, strict=True)
    ]
    if used:
        connection.execute(insert(tables.run_document), used)
    payload = {"inputs": own, "framework": framework.digest(), "engine": inputs.engine, "documents": len(used)}
    chain.append(connection, EventKind.RUN_STARTED, str(number), payload, person)
    return int(number)


def _run(connection: Connection, run_id: int) -> StoredRun:
    row: Row[Any] | None = connection.execute(select(tables.run).where(_R.id == run_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no run {run_id} in this workspace.")
    query = (
        select(tables.document.c.sha256, tables.document.c.name)
        .join(tables.run_document)
        .where(tables.run_document.c.run_id == run_id)
        .order_by(tables.document.c.sha256)
    )
    documents = {found.sha256: found.name for found in connection.execute(query)}
    plain = {name: value for name, value in row._mapping.items() if name != "framework_blob"}
    return StoredRun.model_validate({**plain, "documents": documents})


def _framework(connection: Connection, run_id: int) -> Framework:
    text = connection.scalar(select(tables.blob.c.text).join(tables.run).where(_R.id == run_id))
    if text is None:
        raise NotFoundError(f"There is no run {run_id} in this workspace.")
    return Framework.model_validate_json(text)


def _findings(connection: Connection, run_id: int, criterion_id: str | None = None) -> list[Finding]:
    query = select(tables.finding.c.value).where(tables.finding.c.run_id == run_id).order_by(tables.finding.c.position)
    if criterion_id is not None:
        query = query.where(tables.finding.c.criterion_id == criterion_id)
    return [Finding.model_validate(value) for value in connection.scalars(query)]
