"""Small made sets, a scripted engine and documents without files, shared by the tests of the evaluation."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.models import Evidence, EvidenceKind, Finding, Framework, Site, Status
from ingestion.models import DocumentRead, Page, Passage, ReadStatus

DATA = Path(os.environ.get("ASSAY_DATA", Path(__file__).parents[3] / "shared" / "data"))


def read_text(name: str, text: str, language: str = "en") -> DocumentRead:
    """A document as ingestion would give it: pages at form feeds, one passage a line, sentences at full stops."""
    pages, passages = [], []
    for number, page_text in enumerate(text.split("\f"), 1):
        pages.append(Page(number=number, text=page_text))
        at = 0
        for line in page_text.split("\n"):
            if line.strip():
                sentences, begin = [], at
                for part in line.split(". "):
                    end = min(begin + len(part) + 1, at + len(line))
                    sentences.append((begin, end))
                    begin = end + 1
                passages.append(
                    Passage(page=number, start=at, end=at + len(line), text=line, sentences=tuple(sentences))
                )
            at += len(line) + 1
    return DocumentRead(
        sha256=hashlib.sha256(f"{name}\n{text}".encode()).hexdigest(),
        name=name,
        media_type="text/plain",
        size=len(text),
        status=ReadStatus.READ,
        pages=tuple(pages),
        passages=tuple(passages),
        languages={language: 1.0},
    )


@dataclass
class Result:
    finding: Finding
    quotes: tuple[Evidence, ...]
    passages: tuple[Any, ...]


@dataclass
class Place:
    sha256: str
    document: str
    page: int
    start: int
    end: int
    text: str
    score: float


@dataclass
class ScriptedEngine:
    """Proposes what its script says: for a requirement id, `(quote, strength, shown)` or with a kind as fourth.

    A quote is proposed in every prepared document where it stands. `statuses` overrides the status of a requirement.
    """

    script: dict[str, list[tuple[Any, ...]]]
    statuses: dict[str, Status] = field(default_factory=dict)
    name: str = "scripted"
    promise: str = "none"
    models: dict[str, str] = field(default_factory=dict)
    prepared: list[list[str]] = field(default_factory=list)

    def prepare(self, documents: Sequence[DocumentRead], progress: object = None) -> list[DocumentRead]:
        self.prepared.append([document.name for document in documents])
        return list(documents)

    def match_detailed(
        self,
        prepared: list[DocumentRead],
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: object = None,
    ) -> Iterator[Result]:
        for criterion in framework.criteria:
            for requirement in criterion.requirements:
                if only is None or requirement.id in only:
                    yield self._result(prepared, criterion.id, requirement.id)

    def _result(self, documents: list[DocumentRead], criterion: str, requirement: str) -> Result:
        quotes, shown = [], []
        for entry in self.script.get(requirement, []):
            text, strength, is_shown = entry[:3]
            kind = entry[3] if len(entry) > 3 else EvidenceKind.RECORD
            for document in documents:
                for page in document.pages:
                    at = page.text.find(text)
                    if at >= 0:
                        piece = Evidence(
                            requirement_id=requirement, sha256=document.sha256, document=document.name,
                            page=page.number, start=at, end=at + len(text), quote=text, kind=kind, strength=strength,
                        )  # fmt: skip
                        quotes.append(piece)
                        shown += [piece] if is_shown else []
        quotes.sort(key=lambda piece: -piece.strength)
        strength = max((piece.strength for piece in quotes), default=0.0)
        status = Status.SUPPORTED if shown else Status.NEEDS_PERSON if quotes else Status.GAP
        finding = Finding(
            requirement_id=requirement,
            criterion_id=criterion,
            status=self.statuses.get(requirement, status),
            strength=strength,
            evidence=tuple(shown),
        )
        passages = tuple(
            Place(document.sha256, document.name, p.page, p.start, p.end, p.text, piece.strength)
            for piece in quotes
            for document in documents
            if document.sha256 == piece.sha256
            for p in document.passages
            if p.page == piece.page and p.start <= piece.start < p.end
        )
        return Result(finding, tuple(quotes), passages)


SetMaker = Callable[..., Path]


@pytest.fixture
def make_set(tmp_path: Path) -> SetMaker:
    """Writes a set: `make_set("name", {"a.txt": text}, {"C1": {"r1": "text"}}, [labels], {"scope": …})`."""

    def make(
        name: str,
        documents: dict[str, str],
        criteria: dict[str, dict[str, str]],
        labels: list[dict[str, Any]],
        options: dict[str, str] | None = None,
    ) -> Path:
        folder = tmp_path / name
        (folder / "documents").mkdir(parents=True)
        for file, text in documents.items():
            (folder / "documents" / file).write_text(text, encoding="utf-8")
        content = {
            "id": name,
            "version": "1",
            "title": name,
            "criteria": [
                {"id": key, "title": key, "requirements": [{"id": i, "text": t} for i, t in requirements.items()]}
                for key, requirements in criteria.items()
            ],
        }
        (folder / "criteria.json").write_text(json.dumps(content), encoding="utf-8")
        lines = "".join(json.dumps(label, ensure_ascii=False) + "\n" for label in labels)
        (folder / "labels.jsonl").write_text(lines, encoding="utf-8")
        if options:
            (folder / "set.json").write_text(json.dumps(options), encoding="utf-8")
        return folder

    return make


@pytest.fixture
def scripted() -> type[ScriptedEngine]:
    return ScriptedEngine


@pytest.fixture
def reader() -> Callable[[Path], DocumentRead]:
    """Reads plain text without a child process; the language is the first part of a name such as `es-1.txt`."""

    def read(path: Path) -> DocumentRead:
        language = path.name[:2] if path.name[2:3] == "-" else "en"
        return read_text(path.name, path.read_text(encoding="utf-8"), language)

    return read


@pytest.fixture
def document() -> Callable[..., DocumentRead]:
    return read_text


@pytest.fixture
def data() -> Path:
    if not (DATA / "sets").is_dir():
        pytest.skip("the evaluation data are not here")
    return DATA / "sets"
