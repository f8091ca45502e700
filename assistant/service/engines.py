"""The engine of a workspace: its vectors under `index/`, the judge its settings name, and what else a run records."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import Settings
from assistant.engine import Engine, EngineSettings
from assistant.index import ChromaVectors, FileVectors, open_embedder
from assistant.judge.evidence_model import EvidenceModel
from assistant.judge.extractive import ExtractiveJudge
from assistant.judge.promise import LANGUAGE_MODEL
from assistant.judge.protocol import Case, Judge, Judgement, Opinion, Usage
from assistant.judge.refit import Refit
from assistant.models import Framework, Site
from assistant.retrieve import Prepared
from assistant.service.parts import EXTRACTIVE
from assistant.store import Corpus, Store

if TYPE_CHECKING:
    from assistant.judge.llm import Estimate, LLMJudge


@dataclass(frozen=True, slots=True)
class LanguageJudge:
    """The judge of a run, and the one in it that asks a language model (`SecondOpinion` holds two)."""

    judge: Judge
    asking: LLMJudge


class WorkspaceEngine(Engine):
    """The engine over the vectors in `folder`; `prompts` are the hashes of what its judge asks.

    `vectors` are the passages': their count shows whether the index is whole. `refit` are the values fitted from the
    workspace's own decisions, in force where they are given; `model` is the evidence model with them in it.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        language: LanguageJudge | None = None,
        refit: Refit | None = None,
        model: EvidenceModel | None = None,
    ) -> None:
        self.refit = refit
        self._asking = language.asking if language is not None else None
        sentences, passages = open_embedder(settings.sentence_embedding), open_embedder(settings.embedding)
        self.prompts: dict[str, str] = self._asking.prompts if self._asking is not None else {}
        self.vectors = passage_vectors(folder, passages.name)
        super().__init__(
            engine_settings(settings),
            sentence_store=FileVectors(folder / "sentences" / _name(sentences.name), sentences.dimension),
            passage_store=self.vectors,
            reading_store=FileVectors(folder / "readings", 1),
            judge=language.judge if language is not None else None,
            model=model,
        )

    @property
    def promise(self) -> str:
        """The stated promise on gaps; with a language model, that none holds."""
        return super().promise if self._asking is None else LANGUAGE_MODEL

    @property
    def usage(self) -> Usage | None:
        """What was asked of the language model so far; `None` where none is asked."""
        return self._asking.usage if self._asking is not None else None

    @property
    def stopped(self) -> str:
        """Why the language model is no longer asked; empty while it is, and where none is asked."""
        return self._asking.stopped if self._asking is not None else ""

    def estimate(
        self, prepared: Prepared, framework: Framework, site: Site, *, today: date, only: Collection[str] | None = None
    ) -> Estimate | None:
        """What matching would ask of the language model; nothing is sent. `None` where none is asked."""
        if self._asking is None:
            return None
        collected = _Collector()
        dry = copy.copy(self)
        dry._judge = collected
        for _ in dry.match(prepared, framework, site, today=today, only=only):
            pass
        return self._asking.estimate(collected.cases)


class _Collector:
    """A judge that only keeps what it is asked."""

    name = "collector"

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def judge(self, cases: Sequence[Case]) -> Iterator[Judgement]:
        """Keep the cases; every one is unsure."""
        self.cases.extend(cases)
        yield from [Judgement(Opinion.UNSURE, 0.0)] * len(cases)


def engine_settings(settings: Settings) -> EngineSettings:
    """What of the settings makes the engine."""
    return EngineSettings(
        embedding=settings.embedding,
        sentence_embedding=settings.sentence_embedding,
        reranker=settings.reranker,
        shown=settings.shown,
    )


def passage_vectors(folder: Path, embedder_name: str) -> ChromaVectors:
    """The passages' vectors of one embedding model: each model has a collection of its own."""
    return ChromaVectors(folder / "passages", f"passages-{_name(embedder_name)}")


def language_judge(
    settings: Settings, store: Store, corpus: Corpus, folder: Path, model: EvidenceModel
) -> LanguageJudge | None:
    """The judge that asks the language model of the settings, for this corpus; `None` when no model is to be asked.

    What is suspicious in the documents is never shown to it; prompts and answers are kept in the record. What it is not
    asked about any more, once its limit is reached or its server is gone, the extractive judge judges by `model`.
    """
    if settings.judge == EXTRACTIVE:
        return None
    from assistant.judge.llm import FileExchanges, SecondOpinion, llm_judge

    extractive = ExtractiveJudge(model)
    judge = llm_judge(
        settings,
        suspicions={document.sha256: document.suspicions for document in corpus.documents},
        store=FileExchanges(folder / "exchanges", texts=store.blobs),
        fallback=extractive,
    )
    return LanguageJudge(SecondOpinion(extractive, judge) if settings.second_opinion else judge, judge)


def _name(embedder_name: str) -> str:
    return hashlib.sha256(embedder_name.encode()).hexdigest()[:16]
