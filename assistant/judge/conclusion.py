"""From a judge's opinion to a finding: quotes are verified, then rules on kind, time, place and contradiction decide.

Rules may lower a verdict and never raise it. Nothing a judge says becomes evidence unless it stands on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from assistant.judge.certificates import silent_because
from assistant.judge.contents import in_contents
from assistant.judge.extractive import KEPT
from assistant.judge.kinds import KindClassifier, in_document
from assistant.judge.people import asks_of_workers, outsiders
from assistant.judge.promises import is_promise
from assistant.judge.protocol import Case, Judgement, Opinion, Proposal
from assistant.judge.validity import PRACTICE, Caveats, caveats, latest
from assistant.models import (
    Evidence,
    EvidenceKind,
    Finding,
    Gap,
    GapReason,
    Requirement,
    SearchRecord,
    Stance,
    Status,
    letters_and_digits,
)
from assistant.quotes import locate
from assistant.retrieve.prepared import MAX_QUOTE
from ingestion.models import DocumentRead, FactName

COMPARABLE = 0.75
"""A quote counts beside the best one of a kind that suffices only if it is at least this strong relative to it: where
the best is a draft, an expired paper or another site's, a much weaker quote must not close the requirement."""
NEAR = 0.15
"""Strength from which what was found says why a requirement is open ("weak" in words)."""
OTHER_PEOPLE = "The document is for people outside the company (its title says: {}), not for workers."
CLAIMED_BY = "Its words speak more clearly for {}."
LEAST_WORDS = 5
"""A title or a heading names a subject; to close a requirement a quote has to say something (CJK: two signs a word)."""
OPEN = frozenset({Status.NEEDS_PERSON, Status.GAP})
"""Statuses under which no quote closes anything."""
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}|[^\W_]+")
KIND_WORDS: dict[EvidenceKind, str] = {
    EvidenceKind.COMMITMENT: "a commitment",
    EvidenceKind.PROCEDURE: "a procedure",
    EvidenceKind.RECORD: "a record of practice",
    EvidenceKind.PERFORMANCE: "performance data",
    EvidenceKind.ASSURANCE: "external assurance",
}


@dataclass(frozen=True, slots=True)
class Bars:
    """Strengths in [0, 1] from which a quote may close a requirement, or contradict it; `shown` quotes are kept."""

    closes: float
    contradicts: float
    shown: int


@dataclass(frozen=True)
class Conclusion:
    """The finding, which keeps the first `Bars.shown` quotes, and what the judge proposed, verified, in its order."""

    finding: Finding
    proposed: tuple[Evidence, ...]
    weaker: Callable[[], Sequence[Evidence]]

    @cached_property
    def quotes(self) -> tuple[Evidence, ...]:
        """All verified quotes: behind those proposed the evidence model's weaker ones, looked up when asked for."""
        return (*self.proposed, *self.weaker())


def conclude(
    case: Case,
    judgement: Judgement,
    *,
    documents: Mapping[str, DocumentRead],
    kinds: KindClassifier,
    bars: Bars,
    search: SearchRecord,
    judge: str,
) -> Conclusion:
    """Verify, classify and decide one case."""
    verified: list[Evidence] = []
    failed = 0
    notes: list[str] = list(judgement.notes)
    seen: set[str] = set()
    claimed: dict[str, str] = {}
    for proposal in judgement.proposals:
        document = documents.get(proposal.sha256)
        evidence = _verified(case, proposal, document, kinds, bars) if document else None
        if evidence is None:
            failed += 1
        elif isinstance(evidence, str):
            notes.append(evidence)
        elif evidence.key not in seen:
            seen.add(evidence.key)
            verified.append(evidence)
            if proposal.claimed:
                claimed[evidence.key] = proposal.claimed
    merged = _merged(verified)
    status, reasons = _status(case, judgement, merged, bars, claimed)
    # What closes comes first, then what speaks against, then what is strong enough to decide; else the judge's order.
    ordered = sorted(merged, key=lambda e: (not e.closes, e.stance is Stance.SUPPORTS, e.strength < bars.closes))
    if status in OPEN:
        verified, ordered = [_left_open(e) for e in verified], [_left_open(e) for e in ordered]
    weaker = partial(_weaker, case, seen, KEPT - len(verified), documents, kinds, bars, status)
    room = bars.shown
    if status is Status.CONTRADICTED:
        # Both sides are shown: what speaks against leads, and leaves room for what is claimed.
        against = [e for e in ordered if e.stance is Stance.CONTRADICTS]
        leading = against[: max(1, bars.shown // 2)]
        ordered = [*leading, *(e for e in ordered if e not in leading)]
        room += len(leading)
    shown = (
        tuple(ordered[:room])
        if status is not Status.GAP
        else tuple(e for e in ordered if e.caveats or _of_another_kind(case.requirement, e))[:room]
    )
    gap = None
    if status is not Status.SUPPORTED:
        gap = _gap(case, judgement, status, reasons, ordered, search, bars)
    finding = Finding(
        requirement_id=case.requirement.id,
        criterion_id=case.criterion.id,
        status=status,
        strength=min(1.0, max(0.0, judgement.strength)),
        evidence=shown,
        gap=gap,
        search=search,
        quotes_proposed=len(judgement.proposals),
        quotes_failed=failed,
        judge=judge,
        notes=tuple(dict.fromkeys(notes)),
        prior=min(1.0, max(0.0, case.prior)),
        exchange=judgement.exchange,
    )
    return Conclusion(finding, tuple(verified), weaker)


def _weaker(
    case: Case,
    seen: Collection[str],
    room: int,
    documents: Mapping[str, DocumentRead],
    kinds: KindClassifier,
    bars: Bars,
    status: Status,
) -> list[Evidence]:
    """Up to `room` verified quotes of the evidence model that are not in `seen`, in its order."""
    found: dict[str, Evidence] = {}
    for span in case.spans:
        document = documents.get(span.sha256)
        if len(found) >= room or document is None:
            continue
        evidence = _verified(case, span, document, kinds, bars)
        if isinstance(evidence, Evidence) and evidence.key not in seen:
            found.setdefault(evidence.key, _left_open(evidence) if status in OPEN else evidence)
    return list(found.values())


def _left_open(evidence: Evidence) -> Evidence:
    """The same, closing nothing: what the judge leaves open is not closed by a quote of it."""
    return evidence.model_copy(update={"closes": False}) if evidence.closes else evidence


def _of_another_kind(requirement: Requirement, evidence: Evidence) -> bool:
    """Whether it comes near and is of a kind that cannot close the requirement: a person should see it with the gap."""
    return evidence.strength >= NEAR and not kind_suffices(requirement, evidence.kind)


def _merged(verified: Sequence[Evidence]) -> list[Evidence]:
    """One piece of evidence for the same words in several documents; the one with the fewest caveats names them."""
    groups: dict[tuple[str, Stance], list[Evidence]] = {}
    for evidence in verified:
        groups.setdefault((letters_and_digits(evidence.in_parts[1]), evidence.stance), []).append(evidence)
    merged: list[Evidence] = []
    for same in groups.values():
        first = min(same, key=lambda e: (not e.closes, len(e.caveats), -e.strength))
        others = tuple(dict.fromkeys(f"{e.document}, page {e.page}" for e in same if e is not first))
        merged.append(first.model_copy(update={"also_in": others}) if others else first)
    return merged


def _verified(
    case: Case, proposal: Proposal, document: DocumentRead, kinds: KindClassifier, bars: Bars
) -> Evidence | str | None:
    """The evidence, or a note why the quote is set aside, or None when it does not stand on the page."""
    page = next((page for page in document.pages if page.number == proposal.page), None)
    if page is None or len(proposal.quote) > MAX_QUOTE:
        return None
    place = locate(proposal.quote, page.text, proposal.start)
    if place is None:
        return None
    start, end = place
    for suspicion in document.suspicions:
        if suspicion.page == proposal.page and suspicion.start < end and start < suspicion.end:
            return f"A passage of {document.name}, page {proposal.page}, was set aside: {suspicion.message}"
    quote = page.text[start:end]
    judged = proposal.judged if proposal.judged and start <= proposal.judged[0] < proposal.judged[1] <= end else None
    first, last = judged or (start, end)
    words = page.text[first:last]
    passage = next((p for p in document.passages if p.page == page.number and p.start <= first < p.end), None)
    if passage and in_contents(passage.text, first - passage.start, last - passage.start):
        return f"The table of contents of {document.name}, page {page.number}, names topics and is no evidence."
    facts = latest(document)
    document_kind = facts[FactName.KIND].value if FactName.KIND in facts else ""
    language = passage.language if passage else ""
    kind = in_document(proposal.classified or kinds.classify(words), document_kind)
    if proposal.kind is not None and not (proposal.kind in PRACTICE and kind is EvidenceKind.COMMITMENT):
        kind = proposal.kind
    if is_promise(words, case.today):
        kind = EvidenceKind.COMMITMENT
    notes = caveats(document, case.requirement, kind, case.site, case.today, case.practice_age, words)
    people = outsiders(document) if asks_of_workers(case.criterion, case.requirement) else ""
    if people:
        notes[GapReason.OTHER_PEOPLE] = OTHER_PEOPLE.format(people)
    if unheard := silent_because(case.requirement, document, strength=proposal.strength):
        notes[GapReason.WRONG_KIND] = unheard
    return Evidence(
        requirement_id=case.requirement.id,
        sha256=document.sha256,
        document=document.name,
        page=page.number,
        start=start,
        end=end,
        quote=quote,
        judged=judged if judged != (start, end) else None,
        kind=kind,
        stance=proposal.stance,
        strength=min(1.0, max(0.0, proposal.strength)),
        language=language,
        heading=passage.heading if passage else (),
        caveats=tuple(notes),
        caveat_notes=tuple(notes.values()),
        closes=_closes(case.requirement, kind, proposal, notes, bars) and says_something(words),
        reason=proposal.reason or (CLAIMED_BY.format(proposal.claimed) if proposal.claimed else ""),
        score_parts=proposal.score_parts,
    )


def _closes(requirement: Requirement, kind: EvidenceKind, proposal: Proposal, notes: Caveats, bars: Bars) -> bool:
    return _strong(proposal, bars.closes) and not notes and kind_suffices(requirement, kind)


def _strong(proposal: Proposal, closes: float) -> bool:
    return proposal.stance is Stance.SUPPORTS and not proposal.claimed and proposal.strength >= closes


def says_something(quote: str) -> bool:
    """Whether a quote has as many words as a statement needs."""
    return len(_WORDS.findall(quote)) >= LEAST_WORDS


def carriers(proposals: Iterable[Proposal], closes: float) -> set[str]:
    """Hashes of the documents with a quote that supports, is strong by itself, and speaks for nothing else more."""
    return {
        proposal.sha256 for proposal in proposals if _strong(proposal, closes) and says_something(proposal.judged_words)
    }


def kind_suffices(requirement: Requirement, kind: EvidenceKind) -> bool:
    """Whether evidence of this kind can close the requirement. Records and figures stand for each other as practice."""
    if not requirement.kinds:
        return True
    if kind is EvidenceKind.COMMITMENT:
        return requirement.commitment_alone and kind in requirement.kinds
    if kind in PRACTICE and PRACTICE & set(requirement.kinds):
        return True
    return kind in requirement.kinds or (EvidenceKind.COMMITMENT in requirement.kinds and requirement.commitment_alone)


def _status(
    case: Case, judgement: Judgement, verified: Sequence[Evidence], bars: Bars, claimed: Mapping[str, str]
) -> tuple[Status, tuple[GapReason, ...]]:
    # A quote of a kind that could never close it sets no bar for those that can.
    telling = [e for e in verified if says_something(e.in_parts[1]) and e.key not in claimed]
    rivals = [e for e in telling if e.stance is Stance.SUPPORTS and kind_suffices(case.requirement, e.kind)]
    bar = max(bars.closes, COMPARABLE * max((e.strength for e in rivals), default=0.0))
    strong = [e for e in telling if e.strength >= bar]
    if any(e.stance is Stance.CONTRADICTS and e.strength >= bars.contradicts and not e.caveats for e in verified):
        return Status.CONTRADICTED, (GapReason.CONTRADICTED,)
    supporting = [e for e in strong if e.stance is Stance.SUPPORTS]
    reasons = _reasons(case.requirement, supporting)
    # What comes nearest may say why: a promise, a draft, another site's paper. Else it is only weak.
    nearest = sorted((e for e in verified if e.stance is Stance.SUPPORTS), key=lambda e: -e.strength)[:1]
    near = [e for e in nearest if (e.caveats and e.strength >= NEAR) or _of_another_kind(case.requirement, e)]
    weak = _reasons(case.requirement, near) or (GapReason.WEAK if verified else GapReason.NOTHING_FOUND,)
    if judgement.opinion is Opinion.ABSENT:
        return Status.GAP, weak
    if judgement.opinion is Opinion.CONTRADICTED or judgement.opinion is Opinion.UNSURE or not supporting:
        return Status.NEEDS_PERSON, reasons or weak
    if any(e.closes for e in supporting):
        return (Status.PARTLY if judgement.opinion is Opinion.PARTLY else Status.SUPPORTED), reasons
    if any(not e.caveats for e in supporting):
        return Status.PARTLY, reasons
    return Status.GAP, reasons


def _reasons(requirement: Requirement, supporting: Sequence[Evidence]) -> tuple[GapReason, ...]:
    """Why none of the supporting quotes closes the requirement; empty when one does."""
    if not supporting or any(e.closes for e in supporting):
        return ()
    found: list[GapReason] = []
    free = [e for e in supporting if not e.caveats]
    if free:
        best = max(free, key=lambda e: e.strength)
        found.append(GapReason.ONLY_COMMITMENT if best.kind is EvidenceKind.COMMITMENT else GapReason.WRONG_KIND)
    found.extend(reason for e in supporting for reason in e.caveats)
    return tuple(dict.fromkeys(found))


_EXPLANATIONS: dict[GapReason, str] = {
    GapReason.NOTHING_FOUND: "Nothing in the documents speaks to this.",
    GapReason.WEAK: "The nearest passages do not clearly speak to this.",
    GapReason.ONLY_COMMITMENT: "The documents promise this but show no practice.",
    GapReason.WRONG_KIND: "What was found is not of the kind this requirement needs.",
    GapReason.EXPIRED: "What was found is no longer valid.",
    GapReason.STALE: "What was found is too old.",
    GapReason.DRAFT: "What was found is a draft.",
    GapReason.SUPERSEDED: "What was found has been superseded.",
    GapReason.OTHER_SITE: "What was found speaks of another site.",
    GapReason.OTHER_PEOPLE: "What was found is for people outside the company.",
    GapReason.CONTRADICTED: "A document says the opposite.",
    GapReason.NOT_READ: "Some documents could not be read.",
}


def _gap(
    case: Case,
    judgement: Judgement,
    status: Status,
    reasons: Sequence[GapReason],
    ordered: Sequence[Evidence],
    search: SearchRecord,
    bars: Bars,
) -> Gap:
    all_reasons = tuple(dict.fromkeys((*reasons, *((GapReason.NOT_READ,) if search.unread else ()))))
    sentences = [_EXPLANATIONS[reason] for reason in all_reasons]
    if status is Status.NEEDS_PERSON:
        sentences.append(
            f"The probability that the documents hold evidence is {judgement.strength:.0%}: a person decides."
        )
    best = max(ordered, key=lambda e: e.strength, default=None)
    return Gap(
        reasons=all_reasons,
        explanation=" ".join([*sentences, judgement.missing]).strip(),
        best=best,
        best_why_not=_why_not(case.requirement, best, bars) if best else "",
        would_close=would_close(case, reasons),
    )


def _why_not(requirement: Requirement, best: Evidence, bars: Bars) -> str:
    if best.stance is Stance.CONTRADICTS:
        return "It speaks against the requirement."
    if best.caveat_notes:
        return " ".join(best.caveat_notes)
    if best.reason.startswith(CLAIMED_BY.partition("{")[0]):
        return best.reason
    if not kind_suffices(requirement, best.kind):
        needed = " or ".join(KIND_WORDS[kind] for kind in requirement.kinds)
        return f"It is {KIND_WORDS[best.kind]}; needed is {needed}."
    if best.strength >= bars.closes and says_something(best.in_parts[1]):
        return f"Kind, date and scope fit; at a strength of {best.strength:.0%} and alone it is not enough."
    return f"Its strength is only {best.strength:.0%}."


def would_close(case: Case, reasons: Sequence[GapReason]) -> tuple[str, ...]:
    """What a producer could bring to close the gap, as sentences."""
    requirement = case.requirement
    asked = "; ".join(requirement.evidence_examples)
    shown = [kind for kind in requirement.kinds if kind is not EvidenceKind.COMMITMENT]
    kinds = " or ".join(KIND_WORDS[kind] for kind in shown)
    sentences: list[str] = []
    if GapReason.EXPIRED in reasons:
        sentences.append("The renewed certificate or permit, valid today.")
    if GapReason.DRAFT in reasons:
        sentences.append("The approved version of the draft.")
    if GapReason.SUPERSEDED in reasons:
        sentences.append("The version now in force.")
    if GapReason.OTHER_SITE in reasons:
        sentences.append(f"The same for {case.site.name}.")
    if GapReason.OTHER_PEOPLE in reasons:
        sentences.append("The same for the workers of the site.")
    if GapReason.CONTRADICTED in reasons:
        sentences.append("A record of how the contradiction was resolved.")
    age = ""
    if requirement.max_age_months:
        age = f", not older than {requirement.max_age_months} months"
    elif case.practice_age and PRACTICE & set(shown):
        which = "" if set(shown) <= PRACTICE else "records and figures "
        age = f", {which}not older than {case.practice_age} months"
    if kinds:
        sentences.append(f"For {case.site.name}: {kinds}{age}" + (f", for example: {asked}." if asked else "."))
    elif asked:
        sentences.append(f"For {case.site.name}, for example: {asked}.")
    return tuple(sentences)
