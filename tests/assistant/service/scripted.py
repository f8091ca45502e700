"""A reader and an engine that do as they are told, and the small world they live in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.models import (
    Criterion,
    Evidence,
    EvidenceKind,
    Finding,
    Framework,
    Gap,
    GapReason,
    Requirement,
    Site,
    Status,
)
from assistant.progress import Progress, silent
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

TODAY = date(2026, 11, 22)
SITE = Site(name="Cerro Ejemplo")


def framework(criteria: int = 2, requirements: int = 3) -> Framework:
    """Criteria "1", "2" … with requirements "1.a", "1.b" …"""
    return Framework(
        id="small",
        version="1",
        criteria=tuple(
            Criterion(
                id=str(number),
                number=number,
                title=f"Criterion {number}",
                requirements=tuple(
                    Requirement(id=f"{number}.{chr(97 + at)}", text=f"Do thing {number}.{chr(97 + at)}")
                    for at in range(requirements)
                ),
            )
            for number in range(1, criteria + 1)
        ),
    )


def read(name: str, *texts: str, content: bytes | None = None, media_type: str = "text/plain") -> DocumentRead:
    """A reading as ingestion would give it: a passage a page, a fact, a heading."""
    data = content if content is not None else "\f".join(texts).encode("utf-8", "surrogatepass")
    pages = tuple(
        Page(number=n, text=text, label=str(n), headings=(Heading(start=0, end=min(4, len(text)), level=1),))
        for n, text in enumerate(texts, start=1)
    )
    return DocumentRead(
        sha256=hashlib.sha256(data).hexdigest(),
        name=name,
        media_type=media_type,
        size=len(data),
        status=ReadStatus.READ,
        pages=pages,
        passages=tuple(
            Passage(
                page=page.number,
                start=0,
                end=len(page.text),
                text=page.text,
                heading=("Part",),
                language="en",
                sentences=((0, len(page.text)),),
            )
            for page in pages
        ),
        facts=(Fact(name=FactName.TITLE, value=name, quote=texts[0][:4], page=1, start=0, end=4),),
        suspicions=(Suspicion(kind="hidden text", message="white text", quote="x", page=1, start=0, end=1),),
        languages={"en": 1.0},
        outline=("Part",),
        reader="fake",
        seconds=0.25,
    )


class FakeReader:
    """Reads text files: a form feed ends a page. Files called `bad…` cannot be read."""

    def __init__(self, version: str = "1") -> None:
        self.version = version

    def read(self, paths: Sequence[Path], known: Callable[[str], bool]) -> Iterator[tuple[Path, DocumentRead]]:
        for path in paths:
            data = path.read_bytes()
            whole = read(path.name, *data.decode().split("\f"), content=data)
            if known(whole.sha256):
                empty = {"status": ReadStatus.SKIPPED, "reason": "already read", "pages": (), "passages": ()}
                yield path, whole.model_copy(update=empty)
            elif path.name.startswith("bad"):
                none = {"status": ReadStatus.UNREADABLE, "reason": "it is damaged", "pages": (), "passages": ()}
                yield path, whole.model_copy(update=none | {"facts": (), "suspicions": ()})
            else:
                yield path, whole


def evidence(document: DocumentRead, requirement_id: str, quote: str, page: int = 1, **more: Any) -> Evidence:
    """Evidence at the place where the quote stands."""
    start = document.pages[page - 1].text.index(quote)
    return Evidence(
        requirement_id=requirement_id,
        sha256=document.sha256,
        document=document.name,
        page=page,
        start=start,
        end=start + len(quote),
        quote=quote,
        kind=EvidenceKind.RECORD,
        strength=0.75,
        **more,
    )


def gap(requirement_id: str, *reasons: GapReason, best: Evidence | None = None) -> Finding:
    """A finding that is a gap."""
    return Finding(
        requirement_id=requirement_id,
        criterion_id=requirement_id.split(".")[0],
        status=Status.GAP,
        gap=Gap(reasons=reasons or (GapReason.NOTHING_FOUND,), explanation="Nothing speaks of it.", best=best),
        judge="scripted",
    )


def found(requirement_id: str, *items: Evidence, status: Status = Status.SUPPORTED) -> Finding:
    """A finding with evidence."""
    return Finding(
        requirement_id=requirement_id,
        criterion_id=requirement_id.split(".")[0],
        status=status,
        strength=0.75,
        evidence=items,
        judge="scripted",
    )


class ScriptedEngine:
    """Proposes the words that stand in `words` for a requirement wherever a document has them, else a gap."""

    name = "scripted 1"
    promise = "One gap in ten may be wrong."

    def __init__(self, words: dict[str, tuple[str, ...]] | None = None, stop_after: int | None = None) -> None:
        self.words = words or {}
        self.models = {"judge": "none"}
        self.prompts = {"judge": "0" * 64}
        self.settings = {"shown": 6}
        self.stop_after = stop_after
        self.prepared = 0
        self.asked: list[tuple[str, ...]] = []

    def prepare(self, documents: Sequence[DocumentRead], progress: Progress = silent) -> tuple[DocumentRead, ...]:
        self.prepared += 1
        return tuple(documents)

    def match(
        self,
        prepared: tuple[DocumentRead, ...],
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress = silent,
    ) -> Iterator[Finding]:
        wanted = [
            r.id for criterion in framework.criteria for r in criterion.requirements if only is None or r.id in only
        ]
        self.asked.append(tuple(wanted))
        for done, requirement_id in enumerate(wanted):
            if done == self.stop_after:
                raise RuntimeError("the engine was stopped")
            items = [
                evidence(document, requirement_id, quote, page.number)
                for quote in self.words.get(requirement_id, ())
                for document in prepared
                for page in document.pages
                if quote in page.text
            ]
            progress(done + 1, len(wanted), requirement_id)
            yield found(requirement_id, *items) if items else gap(requirement_id)

    def search(self, prepared: tuple[DocumentRead, ...], query: str, k: int = 10) -> list[Any]:
        return [document.name for document in prepared for page in document.pages if query in page.text][:k]
