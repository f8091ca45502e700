from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.judge.conclusion import Bars, Conclusion, carriers, conclude, kind_suffices
from assistant.judge.kinds import KindClassifier
from assistant.judge.protocol import Judgement, Opinion, Proposal
from assistant.models import Evidence, EvidenceKind, GapReason, Requirement, SearchRecord, Stance, Status
from ingestion.models import DocumentRead, FactName, Suspicion
from tests.assistant.judge.builders import case, document, proposal, requirement

TEXT = "The dam was inspected on 3 May 2026 and no seepage was seen."
PRACTICE = (EvidenceKind.RECORD, EvidenceKind.PERFORMANCE)
BARS = Bars(closes=0.3, contradicts=0.5, shown=3)
SEARCH = SearchRecord(queries=("q",), documents=1, pages=1, passages=1, candidates=1)


class SaysRecord(KindClassifier):
    """Takes every quote for a record."""

    def __init__(self, kind: EvidenceKind = EvidenceKind.RECORD) -> None:
        object.__setattr__(self, "kind", kind)

    def classify(self, text: str) -> EvidenceKind:
        return self.kind  # type: ignore[attr-defined, no-any-return]


def concluded(
    asked: Requirement,
    source: DocumentRead,
    proposals: Sequence[Proposal],
    opinion: Opinion = Opinion.SUPPORTED,
    kind: EvidenceKind = EvidenceKind.RECORD,
    strength: float = 0.9,
) -> Conclusion:
    return conclude(
        case(asked, proposals),
        Judgement(opinion, strength, tuple(proposals)),
        documents={source.sha256: source},
        kinds=SaysRecord(kind),
        bars=BARS,
        search=SEARCH,
        judge="test",
    )


def test_a_document_carries_a_requirement_by_a_strong_quote_of_its_own() -> None:
    source = document(TEXT)
    strong = proposal(source, TEXT, strength=0.5)
    assert carriers([strong], 0.5) == {source.sha256}
    for weaker in (
        replace(strong, strength=0.49),
        replace(strong, claimed="19.b"),
        replace(strong, stance=Stance.CONTRADICTS),
        replace(strong, judged=(0, len("The dam was"))),
    ):
        assert carriers([weaker], 0.5) == set()
    assert carriers([replace(strong, quote="Dam safe.", judged=None)], 0.5) == set()


def test_a_verified_record_in_force_closes() -> None:
    source = document(TEXT)
    finding = concluded(requirement(PRACTICE), source, [proposal(source, TEXT)]).finding
    assert finding.status is Status.SUPPORTED
    assert finding.gap is None
    assert [(e.quote, e.start, e.end, e.closes) for e in finding.evidence] == [(TEXT, 0, len(TEXT), True)]


def test_an_invented_quote_is_counted_and_never_shown() -> None:
    source = document(TEXT)
    finding = concluded(requirement(PRACTICE), source, [proposal(source, TEXT.replace("3 May", "4 May"))]).finding
    assert finding.evidence == ()
    assert (finding.quotes_proposed, finding.quotes_failed) == (1, 1)
    assert finding.status is Status.NEEDS_PERSON


def test_a_quote_from_a_page_or_document_that_does_not_exist_fails() -> None:
    source, other = document(TEXT), document(TEXT, "b.txt")
    wrong_page = Proposal(source.sha256, 7, TEXT, 0.9)
    assert concluded(requirement(), source, [wrong_page, proposal(other, TEXT)]).finding.quotes_failed == 2


def test_text_under_suspicion_is_never_evidence() -> None:
    suspicion = Suspicion(kind="instruction", message="addresses a machine", page=1, start=10, end=20)
    source = document(TEXT, suspicions=[suspicion])
    finding = concluded(requirement(PRACTICE), source, [proposal(source, TEXT)]).finding
    assert finding.evidence == ()
    assert finding.notes == ("A passage of a.txt, page 1, was set aside: addresses a machine",)
    assert finding.status is Status.NEEDS_PERSON


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({FactName.VALID_UNTIL: "2025-01-31"}, GapReason.EXPIRED),
        ({FactName.STATUS: "draft"}, GapReason.DRAFT),
        ({FactName.STATUS: "superseded"}, GapReason.SUPERSEDED),
        ({FactName.SUPERSEDED_BY: "v3"}, GapReason.SUPERSEDED),
        ({FactName.SCOPE: "Planta Los Boldos"}, GapReason.OTHER_SITE),
        ({FactName.ISSUED: "2019-05-01"}, GapReason.STALE),
    ],
)
def test_what_is_not_in_force_here_is_shown_and_does_not_close(facts: dict[FactName, str], reason: GapReason) -> None:
    text = TEXT.replace("2026", "2019") if reason is GapReason.STALE else TEXT
    source = document(text, facts=facts)
    finding = concluded(requirement(PRACTICE), source, [proposal(source, text)]).finding
    assert finding.status is Status.GAP
    assert finding.gap is not None
    assert finding.gap.reasons == (reason,)
    assert [e.caveats for e in finding.evidence] == [(reason,)]
    assert finding.gap.best is not None
    assert finding.gap.would_close


def test_a_paper_for_a_community_closes_nothing_about_workers() -> None:
    source = document(TEXT, facts={FactName.TITLE: "Community Dam Watch"})
    asked = requirement(PRACTICE).model_copy(update={"text": "Workers inspect the dam."})
    finding = concluded(asked, source, [proposal(source, TEXT)]).finding
    assert finding.status is Status.GAP
    assert finding.gap is not None
    assert finding.gap.reasons == (GapReason.OTHER_PEOPLE,)
    assert "its title says: community" in finding.gap.best_why_not
    assert finding.gap.would_close[0] == "The same for the workers of the site."
    assert concluded(requirement(PRACTICE), source, [proposal(source, TEXT)]).finding.status is Status.SUPPORTED


def test_a_commitment_alone_never_closes_what_asks_for_practice() -> None:
    source = document("We will inspect the dam.")
    quote = proposal(source, "We will inspect the dam", kind=None)
    finding = concluded(requirement(PRACTICE), source, [quote], kind=EvidenceKind.COMMITMENT).finding
    assert finding.status is Status.PARTLY
    assert finding.gap is not None
    assert finding.gap.reasons == (GapReason.ONLY_COMMITMENT,)
    assert "needed is a record of practice or performance data" in finding.gap.best_why_not


def test_a_judge_cannot_call_a_commitment_a_record() -> None:
    source = document("We will inspect the dam.")
    claimed = proposal(source, "We will inspect the dam", kind=EvidenceKind.RECORD)
    finding = concluded(requirement(PRACTICE), source, [claimed], kind=EvidenceKind.COMMITMENT).finding
    assert finding.evidence[0].kind is EvidenceKind.COMMITMENT
    assert finding.status is Status.PARTLY


def test_a_contradiction_outweighs_support() -> None:
    source = document(TEXT + " The regulator found that no inspection took place.")
    quotes = [
        proposal(source, TEXT),
        proposal(source, "The regulator found that no inspection took place", stance=Stance.CONTRADICTS),
    ]
    finding = concluded(requirement(PRACTICE), source, quotes).finding
    assert finding.status is Status.CONTRADICTED
    assert finding.gap is not None
    assert finding.gap.reasons == (GapReason.CONTRADICTED,)


@pytest.mark.parametrize(
    ("opinion", "status"),
    [
        (Opinion.ABSENT, Status.GAP),
        (Opinion.UNSURE, Status.NEEDS_PERSON),
        (Opinion.PARTLY, Status.PARTLY),
        (Opinion.SUPPORTED, Status.SUPPORTED),
        (Opinion.CONTRADICTED, Status.NEEDS_PERSON),
    ],
)
def test_rules_never_raise_an_opinion(opinion: Opinion, status: Status) -> None:
    source = document(TEXT)
    assert concluded(requirement(PRACTICE), source, [proposal(source, TEXT)], opinion).finding.status is status


def test_a_gap_carries_its_search_record_and_what_would_close_it() -> None:
    source = document(TEXT)
    finding = concluded(requirement(PRACTICE), source, [], Opinion.ABSENT).finding
    assert finding.search == SEARCH
    assert finding.gap is not None
    assert finding.gap.reasons == (GapReason.NOTHING_FOUND,)
    assert len(finding.gap.would_close) == 1


@pytest.mark.parametrize(
    ("kinds", "months", "asked"),
    [
        ((EvidenceKind.RECORD,), None, "a record of practice, not older than 36 months"),
        (PRACTICE, None, "a record of practice or performance data, not older than 36 months"),
        (
            (EvidenceKind.PROCEDURE, EvidenceKind.RECORD),
            None,
            "a procedure or a record of practice, records and figures not older than 36 months",
        ),
        (
            (EvidenceKind.PROCEDURE, EvidenceKind.RECORD),
            12,
            "a procedure or a record of practice, not older than 12 months",
        ),
        ((EvidenceKind.PROCEDURE,), None, "a procedure"),
    ],
)
def test_a_gap_asks_for_evidence_that_is_young_enough(
    kinds: tuple[EvidenceKind, ...], months: int | None, asked: str
) -> None:
    needs = requirement(kinds, max_age_months=months)
    finding = concluded(needs, document(TEXT), [], Opinion.ABSENT).finding
    assert finding.gap is not None
    assert finding.gap.would_close == (f"For Cerro Ejemplo: {asked}, for example: inspection report.",)


@pytest.mark.parametrize(
    ("kinds", "alone", "kind", "expected"),
    [
        ((), False, EvidenceKind.COMMITMENT, True),
        ((EvidenceKind.COMMITMENT,), True, EvidenceKind.COMMITMENT, True),
        ((EvidenceKind.COMMITMENT, EvidenceKind.RECORD), False, EvidenceKind.COMMITMENT, False),
        ((EvidenceKind.RECORD,), False, EvidenceKind.PERFORMANCE, True),
        ((EvidenceKind.RECORD,), False, EvidenceKind.PROCEDURE, False),
        ((EvidenceKind.COMMITMENT,), True, EvidenceKind.PROCEDURE, True),
        ((EvidenceKind.ASSURANCE,), False, EvidenceKind.RECORD, False),
    ],
)
def test_which_kind_suffices(kinds: tuple[EvidenceKind, ...], alone: bool, kind: EvidenceKind, expected: bool) -> None:
    assert kind_suffices(requirement(kinds, commitment_alone=alone), kind) is expected


def test_the_same_words_in_two_documents_are_shown_once_and_name_both() -> None:
    one, two = document(TEXT, "a.txt", {FactName.STATUS: "draft"}), document(TEXT, "b.txt")
    proposals = [proposal(one, TEXT, 0.9), proposal(two, TEXT, 0.8)]
    found = conclude(
        case(requirement(PRACTICE), proposals),
        Judgement(Opinion.SUPPORTED, 0.9, tuple(proposals)),
        documents={one.sha256: one, two.sha256: two},
        kinds=SaysRecord(),
        bars=BARS,
        search=SEARCH,
        judge="test",
    ).finding
    assert [(e.document, e.also_in, e.closes) for e in found.evidence] == [("b.txt", ("a.txt, page 1",), True)]


def test_words_that_speak_more_clearly_for_another_requirement_close_nothing() -> None:
    source = document(TEXT)
    claimed = replace(proposal(source, TEXT), claimed="19.c")
    finding = concluded(requirement(PRACTICE), source, [claimed]).finding
    assert finding.status is Status.NEEDS_PERSON
    assert [(e.closes, e.reason) for e in finding.evidence] == [(False, "Its words speak more clearly for 19.c.")]
    assert finding.gap is not None
    assert finding.gap.best_why_not == "Its words speak more clearly for 19.c."


@pytest.mark.parametrize("opinion", [Opinion.ABSENT, Opinion.UNSURE])
def test_a_gap_says_that_only_a_promise_came_near(opinion: Opinion) -> None:
    source = document(TEXT)
    near = replace(proposal(source, TEXT), strength=0.2)
    finding = concluded(requirement(PRACTICE), source, [near], opinion, EvidenceKind.COMMITMENT).finding
    assert finding.status is (Status.GAP if opinion is Opinion.ABSENT else Status.NEEDS_PERSON)
    assert finding.gap is not None
    assert finding.gap.reasons == (GapReason.ONLY_COMMITMENT,)
    assert [e.quote for e in finding.evidence] == [TEXT]


def test_a_title_closes_nothing() -> None:
    source = document("Dam inspection 2026")
    finding = concluded(requirement(PRACTICE), source, [proposal(source, "Dam inspection 2026")]).finding
    assert [e.closes for e in finding.evidence] == [False]
    assert finding.status is Status.NEEDS_PERSON


def test_what_stands_around_the_judged_words_decides_nothing() -> None:
    title, promise, record = "Dam inspection 2030", "We will inspect the dam in 2030.", "In 2025 we inspected it twice."
    source = document(f"{title}\n{promise} {record}")
    page = source.pages[0].text

    def said(words: str) -> Evidence:
        at = page.index(words)
        given = replace(proposal(source, page), start=0, judged=(at, at + len(words)))
        [found] = concluded(requirement(PRACTICE), source, [given]).finding.evidence
        assert found.quote == page
        assert "".join(found.in_parts) == page
        assert found.in_parts[1] == words
        return found

    assert said(record).closes
    assert said(promise).kind is EvidenceKind.COMMITMENT
    assert not said(promise).closes
    assert not said(title).closes


def test_a_place_outside_the_quote_is_not_what_was_judged() -> None:
    source = document(TEXT)
    given = replace(proposal(source, TEXT), judged=(0, len(TEXT) + 5))
    [found] = concluded(requirement(PRACTICE), source, [given]).finding.evidence
    assert found.judged is None
    assert found.in_parts == ("", found.quote, "")


def test_weaker_quotes_of_the_evidence_model_stand_at_the_end_of_the_ranking_and_decide_nothing() -> None:
    source = document(TEXT + " The dam is old. Lunch is at noon.")
    strong, weak, weaker = (
        proposal(source, "The dam was inspected on 3 May 2026", 0.9),
        proposal(source, "The dam is old.", 0.01),
        proposal(source, "Lunch is at noon.", 0.001),
    )
    invented = proposal(source, "The dam is new.", 0.01)
    asked = requirement(PRACTICE)
    found = conclude(
        case(asked, (strong, invented, weak, weaker)),
        Judgement(Opinion.SUPPORTED, 0.9, (strong,)),
        documents={source.sha256: source},
        kinds=SaysRecord(),
        bars=BARS,
        search=SEARCH,
        judge="test",
    )
    assert [quote.quote for quote in found.quotes] == [strong.quote, weak.quote, weaker.quote]
    assert [quote.quote for quote in found.finding.evidence] == [strong.quote]
    assert (found.finding.quotes_proposed, found.finding.quotes_failed, found.finding.notes) == (1, 0, ())


def test_a_weak_quote_that_a_judge_proposes_is_shown() -> None:
    source = document(TEXT)
    found = concluded(requirement(PRACTICE), source, [proposal(source, TEXT, 0.01)], Opinion.UNSURE)
    assert [quote.strength for quote in found.finding.evidence] == [0.01]


@pytest.mark.parametrize(("opinion", "status"), [(Opinion.ABSENT, Status.GAP), (Opinion.UNSURE, Status.NEEDS_PERSON)])
def test_what_a_judge_leaves_open_no_quote_closes(opinion: Opinion, status: Status) -> None:
    source = document(TEXT)
    found = concluded(requirement(PRACTICE), source, [proposal(source, TEXT)], opinion, strength=0.3)
    assert found.finding.status is status
    assert found.finding.gap is not None
    assert found.finding.gap.best is not None
    assert "alone" in found.finding.gap.best_why_not
    assert [e.closes for e in (found.finding.gap.best, *found.finding.evidence, *found.quotes) if e.closes] == []


def test_what_can_decide_is_shown_before_what_is_only_near() -> None:
    words = [f"Inspection {number} of the dam found it in good order." for number in range(8)]
    source = document("\n\n".join(words), facts={FactName.STATUS: "draft"})
    strengths = [0.02, 0.16, 0.02, 0.1, 0.02, 0.16, 0.9, 0.8]
    quotes = [proposal(source, text, strength) for text, strength in zip(words, strengths, strict=True)]
    finding = concluded(requirement(PRACTICE), source, quotes).finding
    assert [e.strength for e in finding.evidence] == [0.9, 0.8, 0.02, 0.16, 0.02, 0.1][: BARS.shown]
    assert finding.gap is not None
    assert finding.gap.best is not None
    assert finding.gap.best.strength == 0.9
