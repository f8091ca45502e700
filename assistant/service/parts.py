"""What the service works with and does not own: an engine and a reader of files, behind two small Protocols.

The defaults are imported when they are first needed: opening a workspace loads no model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel

from assistant.config import Settings
from assistant.models import Finding, Framework, Site
from assistant.progress import Progress
from ingestion.models import DocumentRead

EXTRACTIVE = "extractive"
"""The setting `judge` that asks no language model."""


class MatchingEngine(Protocol):
    """What the service asks of an engine (`assistant.engine.Engine`).

    Where it has them, `prompts` (name to hash), `settings`, `refit` (`assistant.judge.refit`) and the `learned` queries
    are recorded with the run, the count of `vectors`, and the `usage` of its language model; `estimate` says what that
    will be, `promise_for` what the promise says under a framework.
    """

    @property
    def name(self) -> str:
        """Engine and judge with their versions."""
        ...

    @property
    def models(self) -> dict[str, str]:
        """Every model that shapes the result, by role."""
        ...

    @property
    def promise(self) -> str:
        """The stated promise on gaps, one sentence."""
        ...

    def prepare(self, documents: Sequence[DocumentRead], progress: Progress | None = None) -> Any:
        """Make the documents searchable."""
        ...

    def match(
        self,
        prepared: Any,
        framework: Framework,
        site: Site,
        *,
        today: date,
        only: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Finding]:
        """One finding per requirement, in catalogue order."""
        ...

    def search(self, prepared: Any, query: str, k: int = 10) -> Sequence[Any]:
        """The passages nearest to a query."""
        ...


EngineFactory = Callable[[Settings], MatchingEngine]


class Reader(Protocol):
    """Reads files; `version` changes when the same file may be read otherwise."""

    version: str

    def read(self, paths: Sequence[Path], known: Callable[[str], bool]) -> Iterator[tuple[Path, DocumentRead]]:
        """Each file as soon as it is ready; folders are gone through, what is `known` is not read again."""
        ...


class FileReader:
    """The reader that `ingestion` is, under the workspace's settings."""

    def __init__(self, settings: Settings) -> None:
        from ingestion import INGESTION_VERSION

        self.version = INGESTION_VERSION
        self._settings = settings

    def read(self, paths: Sequence[Path], known: Callable[[str], bool]) -> Iterator[tuple[Path, DocumentRead]]:
        """Each file as soon as it is ready."""
        from ingestion import DEFAULT_LIMITS, expand, read_many

        languages = tuple(code for code in self._settings.ocr_languages.split("+") if code)
        limits = replace(DEFAULT_LIMITS, ocr_languages=languages)
        return iter(read_many(expand(paths), workers=self._settings.workers, limits=limits, known=known))


def engine_settings(engine: MatchingEngine) -> dict[str, str]:
    """The settings of an engine as words, for the run's record."""
    settings: Any = getattr(engine, "settings", None)
    if isinstance(settings, BaseModel):
        plain = settings.model_dump(mode="json")
    elif is_dataclass(settings) and not isinstance(settings, type):
        plain = asdict(settings)
    else:
        plain = dict(settings or {})
    return {name: str(value) for name, value in sorted(plain.items())}
