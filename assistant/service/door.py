"""The one door: pages, command line and API use a workspace through `Service`, and access is checked here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import access
from assistant.access import Action, Mode, Person
from assistant.catalogue import BUILT_IN, load
from assistant.config import Settings, load_settings
from assistant.errors import DecisionError
from assistant.models import Framework, Rating, Site, Verdict
from assistant.progress import Progress, silent
from assistant.review import Review
from assistant.service import adding, matching, noticing, reading, verifying
from assistant.service.facts import checked_value
from assistant.service.parts import EngineFactory, MatchingEngine, Reader
from assistant.service.views import (
    AddResult,
    DocumentView,
    FindingView,
    ModelCost,
    Notice,
    RunSummary,
    StatusReport,
    VerifyReport,
)
from assistant.service.workbench import PICTURES, Workbench
from assistant.store import Corpus, Correction, Event, EventKind, Message, RecordedDecision, Store, StoredRun
from assistant.store.decisions import Target
from ingestion.models import DocumentRead, FactName, Page

if TYPE_CHECKING:
    from assistant.chat import Answer
    from assistant.report import Report


class Service:
    """A workspace as one person uses it. Safe in threads: every call is a transaction of its own.

    Example: `for result in Service.open(Path("workspace")).add([Path("documents")]): print(result.name, result.status)`
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        person: Person | None = None,
        *,
        mode: Mode = "local",
        engine_factory: EngineFactory | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.store = store
        self.settings = settings
        self.person = person
        self.mode = mode
        self._review = Review(store)
        self._workbench = Workbench(settings, store, engine_factory, reader)

    # --- the workspace -----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls, workspace: Path, site: Site, framework: str = "rra-v2", person: Person | None = None, **parts: Any
    ) -> Service:
        """Make a workspace for a site. `framework` is a built-in name, a folder or a file.

        `parts` are as for `open`. Raises `WorkspaceError` when there is one already, `CatalogueError` for a framework
        that cannot be used.
        """
        load(framework)
        name = framework if framework in BUILT_IN else str(Path(framework).resolve())
        settings = parts.pop("settings", None) or load_settings(workspace)
        person = person or access.person(settings.person, settings.role)
        store = Store.create(workspace, site, name, url=settings.database, person=person.name if person else "")
        return cls(store, settings, person, **parts)

    @classmethod
    def open(cls, workspace: Path, person: Person | None = None, **parts: Any) -> Service:
        """Open a workspace. Without `person` the one of the settings (ASSAY_PERSON, ASSAY_ROLE) is signed in, if any.

        `parts`: `settings`, `mode` ("local" or "team"), `engine_factory`, `reader`. Raises `WorkspaceError`.
        """
        settings = parts.pop("settings", None) or load_settings(workspace)
        person = person or access.person(settings.person, settings.role)
        return cls(Store.open(workspace, url=settings.database), settings, person, **parts)

    def signed_in(self, person: Person | None) -> Service:
        """The same workspace as another person uses it; engine and database are shared."""
        other = Service(self.store, self.settings, person, mode=self.mode)
        other._workbench = self._workbench
        return other

    @property
    def workspace(self) -> Path:
        """The folder of the workspace."""
        return self.store.folder

    def may(self, action: Action) -> bool:
        """Whether who is signed in may do this: pages ask before they show a button."""
        return access.may(self.person, action, site=self.store.site().name, mode=self.mode)

    def site(self) -> Site:
        """The assessed site."""
        self._require(Action.READ)
        return self.store.site()

    def change_site(self, site: Site) -> None:
        """Replace the site's description; what applies changes with the next matching."""
        self.store.change_site(site, self._require(Action.SITE))

    def framework(self) -> Framework:
        """The framework of the workspace as it is now; findings show the one their run used."""
        self._require(Action.READ)
        return load(self.store.framework_name())

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    # --- documents ---------------------------------------------------------------------------------------------

    def add(self, paths: Sequence[Path], progress: Progress | None = None) -> Iterator[AddResult]:
        """Read files and folders into the workspace; each result is yielded after its file is in the record."""
        name = self._require(Action.ADD)
        return adding.add(self.store, self._workbench.reader(), paths, name, progress or silent)

    def documents(self, *, removed: bool = False) -> list[DocumentView]:
        """The documents by name; with `removed`, also those that were taken out."""
        self._require(Action.READ)
        return [adding.view(document) for document in self.store.documents.listing(removed=removed)]

    def noticed(self) -> dict[str, tuple[Notice, ...]]:
        """What a person should look at, by the document's hash: not fully read, not in force, elsewhere, suspicious."""
        self._require(Action.READ)
        return noticing.noticed(self.documents(), self.store.site(), self.today(), self.store.documents.load)

    def document(self, sha256: str) -> DocumentRead:
        """A document with its pages, corrections applied. Raises `NotFoundError`."""
        self._require(Action.READ)
        return self.store.documents.load(sha256)

    def page(self, sha256: str, number: int) -> Page:
        """One page with its text. Raises `NotFoundError`."""
        self._require(Action.READ)
        return self.store.documents.page(sha256, number)

    def original(self, sha256: str) -> Path:
        """The stored original. Raises `NotFoundError`."""
        self._require(Action.READ)
        return self.store.originals.get(sha256)

    def correct_fact(self, sha256: str, name: FactName | str, value: str, reason: str) -> Correction:
        """Correct a fact of a document; the fact that was read stays, and an empty value says there is none.

        Raises `DecisionError` for a value the fact cannot have, or without a reason.
        """
        person = self._require(Action.CORRECT)
        if not reason.strip():
            raise DecisionError("A correction needs a reason: say where the right value stands.")
        fact = FactName(name)
        return self.store.documents.correct(sha256, fact, checked_value(fact, value), reason.strip(), person)

    def corrections(self, sha256: str | None = None) -> list[Correction]:
        """Who corrected what, in order."""
        self._require(Action.READ)
        return self.store.documents.corrections(sha256)

    def remove_document(self, sha256: str, reason: str) -> None:
        """Take a document out of the next matching; its pages stay readable for what quotes them."""
        person = self._require(Action.REMOVE)
        if not reason.strip():
            raise DecisionError("Removing a document needs a reason: it is asked for later.")
        self.store.documents.remove(sha256, reason.strip(), person)

    def picture(self, sha256: str, page: int, start: int, end: int, width: int = 900) -> bytes | None:
        """The page as PNG, `width` pixels wide, with boxes on what stands between the offsets; `None` if not a PDF."""
        self._require(Action.READ)
        from assistant.highlight import picture

        document = self.store.documents.stored(sha256)
        if document.media_type != "application/pdf":
            return None
        stored = self.store.documents.page(sha256, page)
        folder = self.workspace / PICTURES
        return picture(self.store.originals.get(sha256), stored, start, end, width=width, cache=folder)

    # --- matching ----------------------------------------------------------------------------------------------

    def match(self, progress: Progress | None = None) -> RunSummary:
        """Match all documents against all requirements; an interrupted run of the same inputs goes on.

        Raises `WorkspaceError` without documents, or while another matching is going on.
        """
        name = self._require(Action.MATCH)
        return matching.match(
            self.store,
            self._workbench,
            self.framework(),
            self.store.site(),
            today=self.today(),
            person=name,
            progress=progress or silent,
        )

    def estimate(self, progress: Progress | None = None) -> ModelCost | None:
        """What matching now would ask of the settings' language model; `None` where none is set. Nothing is sent."""
        self._require(Action.MATCH)
        return matching.estimate(
            self.store,
            self._workbench,
            self.framework(),
            self.store.site(),
            today=self.today(),
            progress=progress or silent,
        )

    def runs(self) -> list[StoredRun]:
        """Every run, oldest first."""
        self._require(Action.READ)
        return self.store.runs.all()

    def latest_run(self) -> StoredRun | None:
        """The newest finished run; without one, the one that was begun."""
        self._require(Action.READ)
        return self.store.runs.latest()

    def today(self) -> date:
        """The date validity is judged on."""
        return self.settings.today or date.today()

    def engine(self) -> MatchingEngine:
        """The engine of this workspace, made when it is first needed."""
        return self._workbench.engine()

    def prepared(self, progress: Progress | None = None) -> Any:
        """The current documents as the engine searches them; made again only when they have changed."""
        self._require(Action.ASK)
        return self._workbench.prepared(self.store.corpus(), progress or silent)

    def rebuild_index(self, progress: Progress | None = None) -> None:
        """Throw everything derived away (vectors, pictures) and make it again from the record."""
        self._require(Action.MATCH)
        self._workbench.rebuild(progress or silent)

    def search(self, query: str, k: int = 10, progress: Progress | None = None) -> list[Any]:
        """The passages of the current documents nearest to a query (`assistant.retrieve.Hit`), best first."""
        prepared = self.prepared(progress)
        return list(self.engine().search(prepared, query, k))

    # --- findings and review -----------------------------------------------------------------------------------

    def findings(self, criterion_id: str | None = None) -> list[FindingView]:
        """The findings of the latest run with the decisions that count, of one criterion or of all."""
        self._require(Action.READ)
        return reading.findings(self.store, criterion_id)

    def status(self) -> StatusReport:
        """The state of the workspace; every shown quote is compared anew with its stored page."""
        self._require(Action.READ)
        return reading.status(self.store, self.framework())

    def decide(
        self,
        target: Target,
        key: str,
        requirement_id: str,
        verdict: Verdict | str,
        reason: str = "",
        *,
        run_id: int | None = None,
        quote: str | None = None,
    ) -> RecordedDecision:
        """Confirm or reject a proposal: `key` is `Evidence.key`, or the requirement's id for a gap.

        Pages give the `run_id` and `quote` they showed, so that nothing is decided that was not seen. Raises
        `AccessError`, `DecisionError`, `NotFoundError`.
        """
        person = self._require(Action.DECIDE)
        return self._review.decide(
            target, key, requirement_id, Verdict(verdict), reason, person=person, run_id=run_id, quote=quote
        )

    def undo(self, decision_id: int, reason: str = "") -> RecordedDecision:
        """Withdraw a decision by a further one that names it."""
        return self._review.undo(decision_id, reason, person=self._require(Action.DECIDE))

    def decisions(self) -> list[RecordedDecision]:
        """Every decision in order, withdrawals included."""
        self._require(Action.READ)
        return self.store.decisions.all()

    def orphaned(self) -> list[RecordedDecision]:
        """Decisions that count but whose quote or gap is no longer proposed."""
        self._require(Action.READ)
        return reading.orphaned(self.store)

    def rate(self, criterion_id: str, rating: str, rationale: str) -> Rating:
        """Rate a criterion on the framework's scale, with a rationale."""
        person = self._require(Action.RATE)
        return self._review.rate(self.framework(), criterion_id, rating, rationale, person=person)

    def ratings(self) -> list[Rating]:
        """Every rating in order; the latest of a criterion counts."""
        self._require(Action.READ)
        return self.store.decisions.ratings()

    def comment(self, subject: str, text: str) -> Event:
        """Remark on a requirement, criterion or document; it decides nothing."""
        person = self._require(Action.COMMENT)
        if not text.strip():
            raise DecisionError("A comment needs some words.")
        return self.store.comment(subject, text.strip(), person)

    def comments(self, subject: str | None = None) -> list[Event]:
        """Remarks in order, on one subject or on all."""
        self._require(Action.READ)
        return [e for e in self.store.events(EventKind.COMMENT) if subject is None or e.subject == subject]

    def events(self) -> list[Event]:
        """The hash chain: who did what, when."""
        self._require(Action.READ)
        return self.store.events()

    def verify(self) -> VerifyReport:
        """Check chain, decisions, quotes, readings, runs, originals and the index; each problem is a sentence."""
        self._require(Action.READ)
        run = self.store.runs.latest()
        return verifying.verify(self.store, self._workbench.vectors(run.models.get("passages") if run else None))

    # --- report and chat ---------------------------------------------------------------------------------------

    def report(self) -> Report:
        """The working paper as a value."""
        self._require(Action.READ)
        from assistant import report

        return report.build(self)

    def export(self, path: Path, format: str) -> Path:
        """Write the working paper to a file."""
        from assistant import report

        report.write(self.report(), path, format)
        return path

    def ask(self, question: str, conversation: str = "default") -> Answer:
        """Answer a question with citations; question and answer are kept in the conversation."""
        name = self._require(Action.ASK)
        from assistant import chat

        answer = chat.answer(self, question, conversation)
        self._keep(conversation, question, answer, name)
        return answer

    def ask_stream(self, question: str, conversation: str = "default") -> Iterator[Any]:
        """As `ask`, piece by piece; the last piece is the whole `Answer`."""
        name = self._require(Action.ASK)
        from assistant import chat

        def pieces() -> Iterator[Any]:
            for piece in chat.stream(self, question, conversation):
                if isinstance(piece, chat.Answer):
                    self._keep(conversation, question, piece, name)
                yield piece

        return pieces()

    def messages(self, conversation: str = "default") -> list[Message]:
        """What was said in a conversation, oldest first."""
        self._require(Action.READ)
        return self.store.conversations.messages(conversation)

    def conversations(self) -> list[str]:
        """The names of the conversations, the newest first."""
        self._require(Action.READ)
        return self.store.conversations.names()

    def corpus(self) -> Corpus:
        """The current documents as the engine reads them."""
        self._require(Action.READ)
        return self.store.corpus()

    # --- inside ------------------------------------------------------------------------------------------------

    def _require(self, action: Action) -> str:
        """The name to sign with; `AccessError` when who is signed in may not do this."""
        access.require(self.person, action, site=self.store.site().name, mode=self.mode)
        return self.person.name if self.person is not None else ""

    def _keep(self, conversation: str, question: str, answer: Any, name: str) -> None:
        self.store.conversations.add(conversation, "person", {"text": question}, name)
        self.store.conversations.add(conversation, "assistant", answer.model_dump(mode="json"), name)
