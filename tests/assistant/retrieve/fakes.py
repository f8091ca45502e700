"""A tiny embedder whose meaning is the words it knows, for tests of retrieval and judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.index.vectors import MemoryVectors
from assistant.models import Criterion, Framework, Requirement
from assistant.retrieve import Prepared, prepare
from ingestion.models import DocumentRead

WORDS = ("dam", "inspect", "water", "permit", "wage", "child", "presa", "permiso")


class WordEmbedder:
    """One dimension a known word beginning; texts without any point along the last one."""

    name = "words"
    dimension = len(WORDS) + 1

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of the texts."""
        rows = np.asarray(
            [[float(word in text.casefold()) for word in WORDS] + [0.2] for text in texts], dtype=np.float32
        ).reshape(-1, self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def framework(criteria: Mapping[str, Sequence[Requirement]]) -> Framework:
    """A framework from its criteria, each named by number and title ("19 Tailings")."""
    parts = [(*name.split(" ", 1), tuple(found)) for name, found in criteria.items()]
    return Framework(
        id="f", criteria=tuple(Criterion(id=number, title=title, requirements=found) for number, title, found in parts)
    )


def prepared(*documents: DocumentRead) -> Prepared:
    """Documents prepared with the tiny embedder."""
    embedder = WordEmbedder()
    return prepare(
        documents, sentence_embedder=embedder, passage_embedder=embedder, sentence_store=MemoryVectors(),
        passage_store=MemoryVectors(),
    )  # fmt: skip


def pages(*texts: str, name: str = "a.txt", language: str = "en") -> DocumentRead:
    """A document with one passage a page, its sentences split by the real splitter."""
    import hashlib

    from ingestion import sentences
    from ingestion.models import Page, Passage, ReadStatus

    return DocumentRead(
        sha256=hashlib.sha256("\f".join((name, *texts)).encode()).hexdigest(),
        name=name,
        media_type="text/plain",
        size=1,
        status=ReadStatus.READ,
        pages=tuple(Page(number=i, text=text) for i, text in enumerate(texts, 1)),
        passages=tuple(
            Passage(
                page=i, start=0, end=len(text), text=text, language=language, sentences=tuple(sentences(text, language))
            )
            for i, text in enumerate(texts, 1)
        ),
    )
