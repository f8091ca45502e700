"""What the faces get from the service: frozen values, ready to show or to write as JSON."""

from __future__ import annotations

from datetime import datetime

from pydantic import computed_field

from assistant.models import Criterion, Evidence, Finding, Frozen, Requirement, Site, Status, Verdict
from assistant.store.records import RecordedDecision, StoredRun
from ingestion.models import Fact, FactName, ReadStatus


class AddResult(Frozen):
    """What became of one file; it is in the record when this is seen. `warnings` are the messages of its suspicions."""

    name: str
    sha256: str
    status: ReadStatus
    reason: str = ""
    pages: int = 0
    passages: int = 0
    seconds: float = 0.0
    suspicions: int = 0
    warnings: tuple[str, ...] = ()


class DocumentView(Frozen):
    """One document of the workspace as a list shows it. Facts are those that count; unknown ones are empty.

    `document_status` is the document's own (draft, approved, …), `status` how far it could be read.
    """

    sha256: str
    name: str
    status: ReadStatus
    reason: str
    media_type: str
    size: int
    title: str
    kind: str
    language: str
    languages: dict[str, float]
    issued: str
    valid_from: str
    valid_until: str
    review_due: str
    period_end: str
    document_status: str
    version: str
    scope: str
    issuer: str
    pages: int
    passages: int
    suspicions: int
    facts: tuple[Fact, ...]
    corrected: tuple[FactName, ...]
    added: datetime
    added_by: str
    removed: datetime | None = None
    removed_reason: str = ""


class Notice(Frozen):
    """Something about a document that a person should look at: a sentence, and a word for lists where one will do."""

    sentence: str
    word: str = ""

    def __str__(self) -> str:
        return f"{self.word}: {self.sentence}" if self.word else self.sentence


class StatusCounts(Frozen):
    """How many requirements have each status."""

    supported: int = 0
    partly: int = 0
    needs_a_person: int = 0
    gap: int = 0
    contradicted: int = 0
    not_applicable: int = 0

    @classmethod
    def of(cls, counts: dict[Status, int]) -> StatusCounts:
        """From counts by status."""
        return cls.model_validate({status.value.replace(" ", "_"): number for status, number in counts.items()})


class ModelCost(Frozen):
    """What a run will ask of its language model, or asked of it; `cached` answers are kept from before and are free.

    `price` is in the currency of the settings' prices, `None` where none is set. `limit` are the tokens a run may use.
    `most` is the estimate if every answer had to be repaired.
    """

    model: str
    calls: int
    cached: int
    tokens_in: int
    tokens_out: int
    price: float | None
    limit: int
    most: ModelCost | None = None

    @property
    def tokens(self) -> int:
        """Tokens in and out together: what the limit counts."""
        return self.tokens_in + self.tokens_out

    @property
    def before(self) -> str:
        """What is to be expected, as a sentence or three."""
        said = f"{self.model} will be asked {self.calls:,} times: about {_tokens(self)}"
        if self.most is not None and self.calls:
            said += f"; at most {_tokens(self.most)}, if every answer has to be repaired"
        said += f". {self.cached:,} answers are kept from before."
        if self.tokens > self.limit:
            return (
                f"{said} That is more than the limit of {self.limit:,} tokens (judge_limit_tokens): the requirements "
                "that come last will be judged without the language model."
            )
        return f"{said} The limit is {self.limit:,} tokens."

    @property
    def after(self) -> str:
        """What was used, as a sentence."""
        kept = f"; {self.cached:,} answers were kept from before" if self.cached else ""
        return f"{self.model} was asked {self.calls:,} times: {_tokens(self)}{kept}."


def _tokens(cost: ModelCost) -> str:
    price = "" if cost.price is None else f", price {cost.price:,.2f}"
    return f"{cost.tokens_in:,} tokens in and {cost.tokens_out:,} out{price}"


class RunSummary(Frozen):
    """What a matching did.

    `cost` is what its language model was asked, `None` without one; `stopped` says why it was asked no more, and
    `unasked` how many requirements were therefore judged without it; `disputed` are those on which two judges disagree.
    `confirmed` quotes of earlier decisions were searched for.
    """

    run: StoredRun
    resumed: bool
    findings: int
    counts: StatusCounts
    quotes_shown: int
    quotes_failed: int
    seconds: float
    cost: ModelCost | None = None
    stopped: str = ""
    unasked: int = 0
    disputed: tuple[str, ...] = ()
    confirmed: int = 0

    @property
    def learned(self) -> str:
        """In words, what earlier decisions added to the search; empty where they added nothing."""
        if not self.confirmed:
            return ""
        one = self.confirmed == 1
        return (
            f"{self.confirmed:,} confirmed quote{'' if one else 's'} {'was' if one else 'were'} searched for in other "
            "documents as well."
        )


class EvidenceView(Frozen):
    """A proposed quote and the decision that counts for it.

    `reworded` says the decision was made on other words of the requirement: worth another look.
    """

    evidence: Evidence
    decision: RecordedDecision | None = None
    reworded: bool = False


class FindingView(Frozen):
    """One finding of the latest run with its requirement and what people decided.

    `best` is the gap's best find, `orphaned` are decisions on what is no longer proposed.
    """

    run_id: int
    finding: Finding
    requirement: Requirement
    criterion: Criterion
    evidence: tuple[EvidenceView, ...] = ()
    best: EvidenceView | None = None
    gap_decision: RecordedDecision | None = None
    gap_reworded: bool = False
    orphaned: tuple[RecordedDecision, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether two judges disagree on it and nobody has decided yet: a person looks at these first."""
        return self.finding.disputed and not self.decided

    @property
    def decided(self) -> int:
        """How many of its proposals have a decision that counts."""
        return len(self.decisions)

    @property
    def decisions(self) -> tuple[RecordedDecision, ...]:
        """The decisions that count for what it proposes, each once."""
        views = [*self.evidence, *([self.best] if self.best else [])]
        found = [*(view.decision for view in views), self.gap_decision]
        return tuple({decision.id: decision for decision in found if decision is not None}.values())

    def count(self, verdict: Verdict) -> int:
        """How many of its decisions have this verdict."""
        return sum(decision.verdict is verdict for decision in self.decisions)


class CriterionStatus(Frozen):
    """One criterion on the readiness picture; `status` is `None` before the first run."""

    id: str
    number: int | None
    title: str
    area: str
    category: str
    status: Status | None
    counts: StatusCounts
    confirmed: int = 0
    rejected: int = 0
    rating: str | None = None


class DocumentCounts(Frozen):
    """The documents of the workspace in numbers."""

    total: int = 0
    read: int = 0
    partly: int = 0
    unreadable: int = 0
    pages: int = 0
    passages: int = 0
    suspicions: int = 0


class StatusReport(Frozen):
    """The state of the workspace: what `assay status --json` prints.

    `quotes_verified` is counted anew each time, quote by quote, against the stored pages. `problems` are sentences.
    """

    site: Site
    framework: str
    framework_version: str
    run: StoredRun | None
    promise: str
    criteria: tuple[CriterionStatus, ...]
    documents: DocumentCounts
    quotes_shown: int
    quotes_verified: int
    quotes_failed: int
    confirmed: int
    rejected: int
    orphaned: int
    problems: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    """Requirements on which two judges disagree and nobody has decided yet: a person looks at these first."""
    cost: ModelCost | None = None
    """What the latest run asked of its language model; `None` without one."""


class VerifyReport(Frozen):
    """What `verify` checked and what it found wrong. `head` is the last hash of the chain: note it to compare later."""

    events: int
    head: str
    quotes: int
    quotes_verified: int
    readings: int
    runs: int
    originals: int
    vectors: int | None
    problems: tuple[str, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
