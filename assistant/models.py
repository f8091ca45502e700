"""The words of the product as types: catalogue, site, findings, decisions.

Everything here is frozen and validated at the border. Scores are calibrated probabilities in [0, 1];
offsets are half-open character ranges into the stored text of one page; page numbers start at 1;
times are timezone-aware UTC.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Frozen(BaseModel):
    """Base of all value types: immutable, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceKind(StrEnum):
    """What a piece of evidence is: a promise, a rule, a trace of practice, figures, or somebody else's word."""

    COMMITMENT = "commitment"
    PROCEDURE = "procedure"
    RECORD = "record"
    PERFORMANCE = "performance"
    ASSURANCE = "assurance"


class Status(StrEnum):
    """The answer for one requirement (or, rolled up, one criterion)."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NEEDS_PERSON = "needs a person"
    GAP = "gap"
    CONTRADICTED = "contradicted"
    NOT_APPLICABLE = "not applicable"


class GapReason(StrEnum):
    """Why a requirement is not (fully) supported."""

    NOTHING_FOUND = "nothing found"
    WEAK = "only weak matches"
    ONLY_COMMITMENT = "only a commitment"
    WRONG_KIND = "another kind of evidence is needed"
    EXPIRED = "expired"
    STALE = "stale"
    DRAFT = "draft"
    SUPERSEDED = "superseded"
    OTHER_SITE = "other site"
    OTHER_PEOPLE = "other people"
    CONTRADICTED = "contradicted"
    NOT_READ = "documents that could not be read"


class SiteKind(StrEnum):
    """The kinds of copper site that decide applicability."""

    MINE = "mine"
    SXEW = "sxew"
    SMELTER = "smelter"
    REFINERY = "refinery"


class SiteFact(StrEnum):
    """Facts about a site that decide whether a criterion or requirement applies."""

    HAS_TAILINGS = "has_tailings"
    ASM_PRESENT = "asm_present"
    INDIGENOUS_PEOPLES = "indigenous_peoples"
    RESETTLEMENT = "resettlement"
    EXTERNAL_FEED = "external_feed"
    ARMED_SECURITY = "armed_security"


LANGUAGES: tuple[str, ...] = ("es", "pt", "pl", "de", "fr", "zh", "id", "ja")
"""Languages besides English for which the built-in catalogue carries terms."""


# --- catalogue ---------------------------------------------------------------------------------------------


class Requirement(Frozen):
    """One thing a criterion asks for; the unit that is searched, judged and decided."""

    id: Text
    text: Text
    definition: str = ""
    basis: str = ""
    kinds: tuple[EvidenceKind, ...] = ()
    commitment_alone: bool = True
    critical: bool = False
    when: SiteFact | None = None
    max_age_months: Annotated[int, Field(gt=0, le=240)] | None = None
    certificates: tuple[Text, ...] = ()
    evidence_examples: tuple[Text, ...] = ()
    probes: tuple[Text, ...] = ()
    contradictions: tuple[Text, ...] = ()
    terms: dict[str, tuple[Text, ...]] = Field(default_factory=dict)


Applies = Annotated[str, StringConstraints(pattern=r"^(yes|no|if [a-z_]+)$")]


class Criterion(Frozen):
    """One of the framework's criteria with its requirements."""

    id: Text
    title: Text
    number: int | None = None
    titles: dict[str, Text] = Field(default_factory=dict)
    category: str = ""
    area: Literal["E", "S", "G", ""] = ""
    asks: str = ""
    guidance: str = ""
    title_basis: str = ""
    asks_basis: str = ""
    applies: dict[SiteKind, Applies] = Field(default_factory=dict)
    not_applicable_when: str = ""
    on_site_only: tuple[Text, ...] = ()
    related_standards: tuple[Text, ...] = ()
    sdgs: tuple[Annotated[int, Field(ge=1, le=17)], ...] = ()
    v3: tuple[Text, ...] = ()
    requirements: tuple[Requirement, ...] = Field(min_length=1)


class Framework(Frozen):
    """A catalogue of criteria. The engine runs any framework of this form unchanged.

    `practice_age_months` is how old a record or a figure may be where a requirement sets no limit itself; without it
    they do not age.
    """

    id: Text
    version: str = ""
    title: str = ""
    language: str = "en"
    notice: str = ""
    basis_codes: dict[str, str] = Field(default_factory=dict)
    ratings: tuple[Text, ...] = ("fully meets", "partially meets", "does not meet", "not applicable")
    practice_age_months: Annotated[int, Field(gt=0, le=240)] | None = None
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    def requirement(self, requirement_id: str) -> Requirement:
        """The requirement with this id. Raises `KeyError` when the framework has none."""
        return self.find(requirement_id)[1]

    def find(self, requirement_id: str) -> tuple[Criterion, Requirement]:
        """Criterion and requirement for a requirement id. Raises `KeyError` when the framework has none."""
        for criterion in self.criteria:
            for requirement in criterion.requirements:
                if requirement.id == requirement_id:
                    return criterion, requirement
        raise KeyError(requirement_id)

    def digest(self) -> str:
        """SHA-256 (hex) of the catalogue's content, recorded with every run."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class Site(Frozen):
    """The assessed site. A fact that is absent is unknown: what depends on it then applies."""

    name: Text
    kinds: tuple[SiteKind, ...] = (SiteKind.MINE,)
    country: str = ""
    aliases: tuple[Text, ...] = ()
    group: str = ""
    other_sites: tuple[Text, ...] = ()
    facts: dict[SiteFact, bool] = Field(default_factory=dict)


# --- findings ----------------------------------------------------------------------------------------------


class Stance(StrEnum):
    """Whether a quote speaks for or against conformity."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"


class Evidence(Frozen):
    """A verified quote proposed for one requirement.

    `text[start:end]` of page `page` of document `sha256` is `quote`; nothing else is ever shown as evidence.
    """

    requirement_id: str
    sha256: str
    document: str
    page: int
    start: int
    end: int
    quote: str
    judged: tuple[int, int] | None = None
    """Where in the page's text the judged sentences stand; the others are their context. None: all were judged."""
    kind: EvidenceKind
    stance: Stance = Stance.SUPPORTS
    strength: Annotated[float, Field(ge=0, le=1)]
    language: str = ""
    heading: tuple[str, ...] = ()
    caveats: tuple[GapReason, ...] = ()
    caveat_notes: tuple[str, ...] = ()
    closes: bool = False
    reason: str = ""
    also_in: tuple[str, ...] = ()
    """Other documents in which the same words stand, as "name, page N"."""
    score_parts: dict[str, float] = Field(default_factory=dict)

    @property
    def key(self) -> str:
        """Stable identity across runs: requirement, document content, letters and digits of what was judged."""
        return evidence_key(self.requirement_id, self.sha256, self.in_parts[1])

    @property
    def in_parts(self) -> tuple[str, str, str]:
        """Context before, the judged sentences, context after: together they are the quote."""
        first, last = (at - self.start for at in self.judged or (self.start, self.end))
        return self.quote[:first], self.quote[first:last], self.quote[last:]


class SearchRecord(Frozen):
    """What was searched for one requirement, and in how much text: the proof behind a gap."""

    queries: tuple[str, ...]
    confirmed: tuple[str, ...] = Field((), exclude_if=lambda value: not value)
    """Quotes a person had confirmed for the requirement, which were searched for in other documents than their own."""
    languages: tuple[str, ...] = ()
    documents: int
    pages: int
    passages: int
    candidates: int
    unread: tuple[str, ...] = ()


class Gap(Frozen):
    """Why a requirement is open, the best thing found, and what would close it."""

    reasons: tuple[GapReason, ...]
    explanation: str
    best: Evidence | None = None
    best_why_not: str = ""
    would_close: tuple[str, ...] = ()


DISAGREEMENT = "Two judges disagree:"
"""How the note begins that a second opinion leaves where its judges differ."""
UNASKED = "It was judged without the language model."
"""How the note ends that a judge leaves when it asked its language model no more."""


class Finding(Frozen):
    """The engine's proposal for one requirement in one run."""

    requirement_id: str
    criterion_id: str
    status: Status
    strength: Annotated[float, Field(ge=0, le=1)] = 0.0
    evidence: tuple[Evidence, ...] = ()
    gap: Gap | None = None
    search: SearchRecord | None = None
    quotes_proposed: int = 0
    quotes_failed: int = 0
    judge: str = ""
    notes: tuple[str, ...] = ()
    prior: Annotated[float, Field(ge=0, le=1)] | None = Field(None, exclude_if=lambda value: value is None)
    """The evidence model's probability that the documents hold evidence, whatever the judge made of it."""
    exchange: tuple[str, ...] = Field((), exclude_if=lambda value: not value)
    """Hashes of the exact prompts and answers of a language model behind it, in the order they were sent and came."""

    @property
    def disputed(self) -> bool:
        """Whether two judges disagreed on it: a person looks at these first."""
        return any(note.startswith(DISAGREEMENT) for note in self.notes)

    @property
    def unasked(self) -> bool:
        """Whether it was left to the judge without a language model, because the model was no longer asked."""
        return any(note.endswith(UNASKED) for note in self.notes)


# --- people ------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """A person's decision on a proposal. `WITHDRAWN` undoes the one before it; nothing is erased."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Decision(Frozen):
    """One append-only decision on a piece of evidence (`target="evidence"`) or on a gap (`target="gap"`).

    `key` is `Evidence.key` for evidence and the requirement id for a gap.
    """

    id: int
    target: Literal["evidence", "gap"]
    key: str
    requirement_id: str
    verdict: Verdict
    reason: str = ""
    person: str
    at: datetime
    run_id: int | None = None


class Rating(Frozen):
    """A person's rating of one criterion with its rationale; the latest one counts, earlier ones stay."""

    id: int
    criterion_id: str
    rating: str
    rationale: str
    person: str
    at: datetime


class RunRecord(Frozen):
    """Everything needed to repeat a run and to lead an exported finding back to its sources."""

    id: int
    started: datetime
    finished: datetime | None = None
    framework_id: str
    framework_version: str
    framework_digest: str
    site: Site
    documents: dict[str, str]
    engine: str
    models: dict[str, str]
    prompts: dict[str, str] = Field(default_factory=dict)
    settings: dict[str, str] = Field(default_factory=dict)
    promise: str = ""
    today: date
    digest: str = ""


def letters_and_digits(text: str) -> str:
    """`text` reduced to what quotes are compared on: NFKC, case folded, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def evidence_key(requirement_id: str, sha256: str, quote: str) -> str:
    """Hex key that names the same quote of the same document content for the same requirement in any run."""
    payload = "\x1f".join((requirement_id, sha256, letters_and_digits(quote)))
    return hashlib.sha256(payload.encode()).hexdigest()[:32]
