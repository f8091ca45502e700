"""What a decision is attached to, and what it is never attached to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models import Evidence, EvidenceKind, Finding, Gap, GapReason, Status, Verdict, evidence_key
from assistant.review import Attached, attach, proposed, same_figures, same_gap, standing, wording
from assistant.store import RecordedDecision
from tests.assistant.service.scripted import framework

FRAMEWORK = framework(1, 2)
REQUIREMENT = FRAMEWORK.requirement("1.a")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def quote(words: str, document: str = "a" * 64, requirement_id: str = "1.a") -> Evidence:
    return Evidence(
        requirement_id=requirement_id,
        sha256=document,
        document="a.pdf",
        page=1,
        start=0,
        end=len(words),
        quote=words,
        kind=EvidenceKind.RECORD,
        strength=0.5,
    )


def gap_of(*reasons: GapReason, best: Evidence | None = None) -> Gap:
    return Gap(reasons=reasons, explanation="", best=best)


def finding(*items: Evidence, gap: Gap | None = None) -> Finding:
    return Finding(requirement_id="1.a", criterion_id="1", status=Status.PARTLY, evidence=items, gap=gap)


def decision(
    number: int, on: Evidence | Gap, verdict: str = "confirmed", undoes: int | None = None
) -> RecordedDecision:
    return RecordedDecision(
        id=number,
        target="evidence" if isinstance(on, Evidence) else "gap",
        key=on.key if isinstance(on, Evidence) else "1.a",
        requirement_id="1.a",
        verdict=Verdict(verdict),
        reason="because",
        person="Ana Ruiz",
        at=NOW,
        run_id=1,
        undoes=undoes,
        wording=wording(REQUIREMENT),
        proposal=on,
    )


def attached(shown: Finding, *decisions: RecordedDecision) -> Attached:
    return attach([shown], decisions, FRAMEWORK)["1.a"]


def ids(found: Attached) -> tuple[list[int | None], int | None, list[int]]:
    """Ids of the decisions on evidence, on the gap, and orphaned."""
    evidence = [None if d is None else d.id for d in found.evidence]
    return evidence, None if found.gap is None else found.gap.id, [d.id for d in found.orphaned]


ONE, TWO = quote("Drills were held."), quote("Water is monitored.")


def test_a_decision_stays_when_only_the_context_of_its_quote_moves() -> None:
    before = "In May 31 people met. "
    longer = ONE.model_copy(
        update={
            "quote": before + ONE.quote,
            "end": len(before) + len(ONE.quote),
            "judged": (len(before), len(before) + len(ONE.quote)),
        }
    )
    assert longer.key == ONE.key
    assert ids(attached(finding(longer), decision(1, ONE))) == ([1], None, [])
    assert ids(attached(finding(ONE), decision(1, longer))) == ([1], None, [])


def test_a_decision_counts_for_its_quote_alone() -> None:
    assert ids(attached(finding(TWO, ONE), decision(1, ONE))) == ([None, 1], None, [])


def test_the_latest_decision_on_a_quote_counts() -> None:
    both = decision(1, ONE), decision(2, ONE, "rejected")
    assert ids(attached(finding(ONE), *both)) == ([2], None, [])
    assert ids(attached(finding(ONE), *reversed(both))) == ([2], None, [])


def test_a_withdrawal_brings_back_what_was_decided_before() -> None:
    made = [decision(1, ONE), decision(2, ONE, "rejected"), decision(3, ONE, "withdrawn", undoes=2)]
    assert ids(attached(finding(ONE), *made)) == ([1], None, [])
    made.append(decision(4, ONE, "withdrawn", undoes=1))
    assert ids(attached(finding(ONE), *made)) == ([None], None, [])
    assert standing(made) == []


def test_what_is_no_longer_proposed_stays_as_orphaned_once() -> None:
    made = [decision(1, ONE), decision(2, ONE, "rejected"), decision(3, TWO)]
    assert ids(attached(finding(TWO), *made)) == ([3], None, [2])


def test_the_same_words_with_other_figures_are_another_quote() -> None:
    seen, now = quote("We emit 1.5 t a year."), quote("We emit 15 t a year.")
    assert seen.key == now.key
    assert ids(attached(finding(now), decision(1, seen))) == ([None], None, [1])
    assert ids(attached(finding(now, seen), decision(1, seen))) == ([None, 1], None, [])


def test_a_gap_is_the_same_when_it_claims_the_same() -> None:
    nothing = gap_of(GapReason.NOTHING_FOUND)
    draft = gap_of(GapReason.DRAFT, GapReason.STALE, best=ONE)
    assert ids(attached(finding(gap=nothing), decision(1, nothing))) == ([], 1, [])
    assert ids(attached(finding(gap=draft), decision(1, nothing))) == ([], None, [1])
    assert ids(attached(finding(gap=gap_of(GapReason.DRAFT, best=ONE)), decision(1, draft))) == ([], None, [1])
    assert same_gap(draft, gap_of(GapReason.STALE, GapReason.DRAFT, best=ONE))
    assert not same_gap(draft, gap_of(GapReason.STALE, GapReason.DRAFT, best=TWO))


def test_a_gap_that_closed_leaves_its_decision_orphaned() -> None:
    assert ids(attached(finding(ONE), decision(1, gap_of(GapReason.NOTHING_FOUND)))) == ([None], None, [1])


def test_the_best_find_of_a_gap_can_be_decided_on() -> None:
    shown = finding(gap=gap_of(GapReason.WEAK, best=ONE))
    found = attached(shown, decision(1, ONE))
    assert found.best is not None
    assert (found.best.id, found.orphaned) == (1, ())
    assert proposed(shown) == [ONE]


def test_a_decision_on_other_words_of_the_requirement_is_marked() -> None:
    old = decision(1, ONE).model_copy(update={"wording": wording(REQUIREMENT.model_copy(update={"text": "Do other"}))})
    assert attached(finding(ONE), old).reworded == {1}
    assert attached(finding(ONE), decision(1, ONE)).reworded == frozenset()
    searched = REQUIREMENT.model_copy(update={"probes": ("drill",)})
    assert wording(searched) == wording(REQUIREMENT)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Drills, held.", "drills HELD", True),
        ("1.5 t", "15 t", False),
        ("< 5 mg", "5 mg", True),
        ("<5 mg", ">5 mg", False),
        ("in 2024/2025", "in 20242025", False),
        ("1,000 t", "1,000  t", True),
        ("１５ t", "15 t", True),
    ],
)
def test_figures(one: str, other: str, same: bool) -> None:
    assert same_figures(one, other) is same


WORDS = st.text(alphabet="ab1 .,<", min_size=1, max_size=6).filter(lambda text: any(char.isalnum() for char in text))


@given(
    decided=st.lists(st.tuples(WORDS, st.sampled_from(["confirmed", "rejected", "undo"])), max_size=8),
    later=st.lists(WORDS, max_size=6),
)
def test_every_decision_stays_on_the_same_quote_or_is_orphaned(
    decided: list[tuple[str, str]], later: list[str]
) -> None:
    """Whatever is decided and whatever is proposed later: nothing is lost, nothing lands on other words."""
    made: list[RecordedDecision] = []
    for number, (words, verdict) in enumerate(decided, start=1):
        counting = standing(made)
        if verdict == "undo":
            if counting:
                last = counting[-1]
                made.append(decision(number, last.proposal, "withdrawn", undoes=last.id))  # type: ignore[arg-type]
            continue
        made.append(decision(number, quote(words), verdict))
    shown = finding(*(quote(words) for words in later))
    found = attached(shown, *made)
    for item, own in zip(shown.evidence, found.evidence, strict=True):
        expected = [
            d for d in standing(made) if isinstance(d.proposal, Evidence) and d.key == item.key
            and same_figures(d.proposal.quote, item.quote)
        ]  # fmt: skip
        assert own == (expected[-1] if expected else None)
    kept = [d for d in (*found.evidence, *found.orphaned) if d is not None]
    for counting_decision in standing(made):
        assert isinstance(counting_decision.proposal, Evidence)
        words = counting_decision.proposal.quote
        assert any(
            isinstance(d.proposal, Evidence)
            and d.key == counting_decision.key
            and same_figures(d.proposal.quote, words)
            for d in kept
        )
    assert evidence_key("1.a", "a" * 64, "x") != evidence_key("1.b", "a" * 64, "x")
