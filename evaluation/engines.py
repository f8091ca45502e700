"""What an evaluation needs from an engine, and how the real one is opened.

The runner works with anything of this form: `assistant.engine.Engine` is what is measured, `evaluation.bm25_floor` is
the floor under it, and tests use scripted ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.models import Evidence, Finding, Framework, Site
from assistant.progress import Progress
from evaluation.weights import handed_over
from ingestion.models import DocumentRead

if TYPE_CHECKING:
    from assistant.engine import EngineSettings
    from assistant.index.vectors import VectorStore
    from assistant.judge.protocol import Judge

NEEDS_PERSON = 0.25
FOUND = 0.5
"""Thresholds of engines that state none of their own: as likely as not is found, half of that needs a look."""


class RankedPassage(Protocol):
    """One ranked passage with its place."""

    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def document(self) -> str: ...  # noqa: D102
    @property
    def page(self) -> int: ...  # noqa: D102
    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def score(self) -> float: ...  # noqa: D102


class MatchResult(Protocol):
    """The finding for one requirement with the rankings behind it, best first and at least 50 deep."""

    @property
    def finding(self) -> Finding: ...  # noqa: D102
    @property
    def quotes(self) -> Sequence[Evidence]: ...  # noqa: D102
    @property
    def passages(self) -> Sequence[RankedPassage]: ...  # noqa: D102


class MatchingEngine(Protocol):
    """The part of the engine's interface that is measured."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def models(self) -> dict[str, str]: ...  # noqa: D102
    @property
    def promise(self) -> str: ...  # noqa: D102

    def prepare(self, documents: Sequence[DocumentRead], progress: Progress | None = None) -> Any:
        """Index the documents of one site."""

    def match_detailed(
        self,
        prepared: Any,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[MatchResult]:
        """One result per requirement (of `only`), in catalogue order."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Strengths from which a proposal needs a person, and from which it counts as found."""

    person: float
    found: float


def thresholds_of(engine: MatchingEngine) -> Thresholds:
    """The engine's own thresholds (`engine.thresholds`: gap below, supported from), by which pairs are called."""
    stated: tuple[float, float] = getattr(engine, "thresholds", (NEEDS_PERSON, FOUND))
    return Thresholds(person=float(stated[0]), found=float(stated[1]))


def suited(engine: MatchingEngine, framework: Framework) -> MatchingEngine:
    """The engine as it is for this framework, where it can tell (`engine.for_framework`)."""
    own: Callable[[Framework], MatchingEngine] | None = getattr(engine, "for_framework", None)
    return own(framework) if own is not None else engine


EngineFactory = Callable[[Path], MatchingEngine]
"""Opens an engine that may keep its vectors under the given folder. It is sent to worker processes: picklable."""


def open_engine(
    cache: Path, settings: EngineSettings | None = None, judge: Judge | None = None, weights: Path | None = None
) -> MatchingEngine:
    """The product's engine with its vectors kept in the cache; `functools.partial` gives it other settings.

    `weights` is a folder that `python -m evaluation.training --out` wrote, in place of the shipped weights.
    """
    from assistant.engine import Engine, EngineSettings  # heavy, and not needed for floors and comparisons
    from assistant.index.vectors import FileVectors

    settings = settings or EngineSettings()
    return Engine(
        settings,
        sentence_store=_vectors(cache / "vectors" / "sentences", settings.sentence_embedding),
        passage_store=_vectors(cache / "vectors" / "passages", settings.embedding),
        reading_store=FileVectors(cache / "vectors" / "readings", 1),
        judge=judge,
        **handed_over(weights),
    )


def _vectors(folder: Path, embedding: str) -> VectorStore:
    from assistant.index.embedders import open_embedder
    from assistant.index.vectors import FileVectors

    # Keys name their model, but one store holds vectors of one length.
    dimension = open_embedder(embedding).dimension
    return FileVectors(folder / str(dimension), dimension)
