"""What all sessions on one workspace share: the engine, the corpus it has prepared last, the reader of files."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config import Settings
from assistant.errors import WorkspaceError
from assistant.models import Framework
from assistant.progress import Progress, silent
from assistant.service.parts import EngineFactory, FileReader, MatchingEngine, Reader
from assistant.store import Corpus, Store

if TYPE_CHECKING:
    from assistant.judge.evidence_model import EvidenceModel
    from assistant.judge.refit import Refit
    from assistant.service.engines import LanguageJudge, WorkspaceEngine

INDEX = Path("index")
"""Everything under it is derived: vectors, pictures, kept answers of a model."""

PICTURES = INDEX / "pictures"


class Workbench:
    """Opens engine and reader when they are first needed. `engine_factory` and `reader` replace the default ones."""

    def __init__(
        self, settings: Settings, store: Store, engine_factory: EngineFactory | None, reader: Reader | None
    ) -> None:
        self._settings = settings
        self._store = store
        self._factory = engine_factory
        self._reader = reader
        self._lock = threading.RLock()
        self._engine: MatchingEngine | None = None
        self._prepared: tuple[str, Any] | None = None

    @property
    def settings(self) -> Settings:
        """The settings of the workspace."""
        return self._settings

    def reader(self) -> Reader:
        """The reader of files."""
        with self._lock:
            if self._reader is None:
                self._reader = FileReader(self._settings)
            return self._reader

    def engine(self) -> MatchingEngine:
        """The engine that searches and judges without a language model."""
        with self._lock:
            if self._engine is None:
                self._engine = self._factory(self._settings) if self._factory is not None else self._open()
            return self._engine

    def matching_engine(self, corpus: Corpus, framework: Framework) -> MatchingEngine:
        """The engine for a run over this corpus: the judge of the settings, with what the decisions taught it."""
        engine = self.engine()
        if self._factory is not None:
            return engine
        from assistant.service.engines import WorkspaceEngine, language_judge
        from assistant.service.learning import learned
        from assistant.service.refitting import fitted

        assert isinstance(engine, WorkspaceEngine)  # opened below
        engine = engine.for_framework(framework)
        refit = fitted(self._store, engine.model, engine.models) if self._settings.refit else None
        model = engine.model if refit is None else refit.apply(engine.model)
        language = language_judge(self._settings, self._store, corpus, self._store.folder / INDEX, model)
        if language is not None or refit is not None:
            engine = self._open(language, refit, model)
        known = learned(self._store, corpus, framework) if self._settings.learn_queries else {}
        return engine.with_learned(known) if known else engine

    def prepared(self, corpus: Corpus, progress: Progress = silent) -> Any:
        """The corpus ready to be searched; made again only when it has changed."""
        with self._lock:
            if self._prepared is None or self._prepared[0] != corpus.digest:
                self._prepared = None  # let go of the old one first: both may not fit into memory
                self._prepared = (corpus.digest, self.engine().prepare(corpus.documents, progress))
            return self._prepared[1]

    def vectors(self, embedder_name: str | None) -> int | None:
        """How many passage vectors the index holds; `None` when that cannot be said."""
        with self._lock:
            held = getattr(self._engine, "vectors", None)
        if held is not None:
            return int(held.count())
        if self._factory is not None or not embedder_name:
            return None
        folder = self._store.folder / INDEX
        if not (folder / "passages").is_dir():
            return 0
        from assistant.service.engines import passage_vectors

        return passage_vectors(folder, embedder_name).count()

    def rebuild(self, progress: Progress = silent) -> None:
        """Throw everything derived away and make it again from the record.

        Raises `WorkspaceError` when this process has the index open already.
        """
        with self._lock:
            if self._engine is not None:
                raise WorkspaceError(
                    "The index is in use here; close the pages, then rebuild it from the command line."
                )
            shutil.rmtree(self._store.folder / INDEX, ignore_errors=True)
            self.prepared(self._store.corpus(), progress)

    def _open(
        self,
        language: LanguageJudge | None = None,
        refit: Refit | None = None,
        model: EvidenceModel | None = None,
    ) -> WorkspaceEngine:
        from assistant.service.engines import WorkspaceEngine

        return WorkspaceEngine(self._settings, self._store.folder / INDEX, language, refit, model)
