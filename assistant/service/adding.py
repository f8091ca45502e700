"""Documents into the record: original first, then the reading and its event in one transaction, then the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.errors import WorkspaceError
from assistant.progress import Progress
from assistant.service.parts import Reader
from assistant.service.views import AddResult, DocumentView
from assistant.store import Store, StoredDocument
from ingestion.models import DocumentRead, FactName, ReadStatus


def add(store: Store, reader: Reader, paths: Sequence[Path], person: str, progress: Progress) -> Iterator[AddResult]:
    """Read files and keep them; a result is yielded when its file is in the record, whatever happens afterwards."""
    store.originals.sweep()
    known = lambda sha256: store.documents.known(sha256, reader.version)  # noqa: E731
    for done, (path, read) in enumerate(reader.read(paths, known), start=1):
        result = _keep(store, reader.version, path, read, person)
        progress(done, 0, result.name)
        yield result


def view(document: StoredDocument) -> DocumentView:
    """A stored document as the list shows it."""
    facts = {fact.name: fact.value for fact in reversed(document.facts)}
    languages = sorted(document.languages, key=lambda code: (-document.languages[code], code))
    return DocumentView(
        sha256=document.sha256,
        name=document.name,
        status=document.status,
        reason=document.reason,
        media_type=document.media_type,
        size=document.size,
        title=facts.get(FactName.TITLE, ""),
        kind=facts.get(FactName.KIND, ""),
        language=facts.get(FactName.LANGUAGE, "") or (languages[0] if languages else ""),
        languages=document.languages,
        issued=facts.get(FactName.ISSUED, ""),
        valid_from=facts.get(FactName.VALID_FROM, ""),
        valid_until=facts.get(FactName.VALID_UNTIL, ""),
        review_due=facts.get(FactName.REVIEW_DUE, ""),
        period_end=facts.get(FactName.PERIOD_END, ""),
        document_status=facts.get(FactName.STATUS, ""),
        version=facts.get(FactName.VERSION, ""),
        scope=facts.get(FactName.SCOPE, ""),
        issuer=facts.get(FactName.ISSUER, ""),
        pages=document.pages,
        passages=document.passages,
        suspicions=document.suspicions,
        facts=document.facts,
        corrected=document.corrected,
        added=document.added,
        added_by=document.added_by,
        removed=document.removed,
        removed_reason=document.removed_reason,
    )


def _keep(store: Store, version: str, path: Path, read: DocumentRead, person: str) -> AddResult:
    if read.status is ReadStatus.SKIPPED:
        return _skipped(store, read)
    if read.sha256:
        try:
            store.originals.put(path, read.sha256)
        except WorkspaceError as error:
            return AddResult(name=read.name, sha256=read.sha256, status=ReadStatus.UNREADABLE, reason=str(error))
        if not store.documents.save(read, ingestion_version=version, person=person) and read.status is ReadStatus.READ:
            return _skipped(store, read)
    return AddResult(
        name=read.name,
        sha256=read.sha256,
        status=read.status,
        reason=read.reason,
        pages=len(read.pages),
        passages=len(read.passages),
        seconds=read.seconds,
        suspicions=len(read.suspicions),
        warnings=tuple(dict.fromkeys(suspicion.message for suspicion in read.suspicions)),
    )


def _skipped(store: Store, read: DocumentRead) -> AddResult:
    stored = store.documents.stored(read.sha256) if read.sha256 else None
    if stored is None:
        return AddResult(name=read.name, sha256=read.sha256, status=read.status, reason=read.reason)
    return AddResult(
        name=read.name,
        sha256=read.sha256,
        status=ReadStatus.SKIPPED,
        reason="already read" if stored.name == read.name else f"already read as {stored.name}",
        pages=stored.pages,
        passages=stored.passages,
        suspicions=stored.suspicions,
    )
