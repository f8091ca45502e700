from __future__ import annotations

import pytest

from assistant.access import Person, Role
from assistant.errors import AccessError, DecisionError, NotFoundError
from assistant.models import Verdict
from tests.assistant.service.scripted import framework, gap
from tests.assistant.service.world import DRILLS, WATER, World


@pytest.fixture
def matched(world: World) -> World:
    world.add("a.txt", DRILLS, WATER)
    world.match(a1="Drills were held", b2="monitor water")
    return world


def verdicts(world: World, requirement_id: str) -> list[str | None]:
    return [e.decision.verdict.value if e.decision else None for e in world.finding(requirement_id).evidence]


def test_a_decision_is_kept_with_who_when_and_on_what(world_on: World) -> None:
    world_on.add("a.txt", DRILLS)
    world_on.match(a1="Drills were held")
    shown = world_on.finding("1.a").evidence[0].evidence
    made = world_on.service.decide("evidence", shown.key, "1.a", "confirmed")
    assert (made.person, made.verdict, made.run_id, made.proposal) == ("Ana Ruiz", Verdict.CONFIRMED, 1, shown)
    other = world_on.open()
    assert other.decisions() == [made]
    assert other.findings()[0].evidence[0].decision == made
    assert other.verify().problems == ()


def test_a_gap_can_be_confirmed_and_rejected(matched: World) -> None:
    made = matched.service.decide("gap", "1.b", "1.b", Verdict.CONFIRMED)
    assert matched.finding("1.b").gap_decision == made
    matched.service.decide("gap", "1.b", "1.b", "rejected", "it is in the annex")
    found = matched.finding("1.b").gap_decision
    assert found is not None
    assert (found.verdict, found.reason) == (Verdict.REJECTED, "it is in the annex")


@pytest.mark.parametrize(
    ("target", "requirement_id", "verdict", "reason", "sentence"),
    [
        ("evidence", "1.a", "rejected", "  ", "A rejection needs a reason"),
        ("gap", "1.b", "rejected", "", "A rejection needs a reason"),
        ("gap", "1.a", "confirmed", "", "No gap is proposed for requirement 1.a"),
        ("evidence", "1.b", "confirmed", "", "This quote is not proposed for requirement 1.b"),
        ("evidence", "1.a", "withdrawn", "", "withdrawn by undoing it"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    matched: World, target: str, requirement_id: str, verdict: str, reason: str, sentence: str
) -> None:
    key = matched.finding("1.a").evidence[0].evidence.key if target == "evidence" else requirement_id
    with pytest.raises(DecisionError, match=sentence):
        matched.service.decide(target, key, requirement_id, verdict, reason)  # type: ignore[arg-type]
    assert matched.service.decisions() == []


def test_nothing_can_be_decided_before_a_run_or_for_what_is_not_there(world: World) -> None:
    with pytest.raises(DecisionError, match="run the matching first"):
        world.service.decide("gap", "1.a", "1.a", "confirmed")
    world.add("a.txt", DRILLS)
    world.match()
    with pytest.raises(NotFoundError, match=r"says nothing on requirement 9\.z"):
        world.service.decide("gap", "9.z", "9.z", "confirmed")


def test_matching_again_changes_no_decision(matched: World) -> None:
    matched.decide("1.a")
    matched.decide("2.b", "rejected", "another site")
    matched.service.decide("gap", "1.b", "1.b", "confirmed")
    before = matched.service.decisions()
    matched.add("b.txt", "Nothing new.")
    matched.match(a1="Drills were held", b2="monitor water|every month")
    assert matched.service.decisions() == before
    assert verdicts(matched, "1.a") == ["confirmed"]
    assert verdicts(matched, "2.b") == ["rejected", None]
    assert matched.finding("1.b").gap_decision == before[2]
    status = matched.service.status()
    assert (status.confirmed, status.rejected, status.orphaned) == (2, 1, 0)


def test_a_quote_that_is_no_longer_proposed_keeps_its_decision_in_sight(matched: World) -> None:
    number = matched.decide("1.a")
    matched.match(a1="held in March")
    view = matched.finding("1.a")
    assert verdicts(matched, "1.a") == [None]
    assert [d.id for d in view.orphaned] == [number]
    assert matched.service.orphaned() == list(view.orphaned)
    assert matched.service.status().orphaned == 1
    assert view.orphaned[0].proposal is not None
    matched.match(a1="Drills were held")
    assert verdicts(matched, "1.a") == ["confirmed"]
    assert matched.service.orphaned() == []


def test_decisions_on_a_requirement_that_is_gone_stay_in_sight(matched: World) -> None:
    number = matched.decide("2.b")
    matched.use(framework(1, 3))
    matched.match(a1="Drills were held")
    assert [d.id for d in matched.service.orphaned()] == [number]
    assert matched.service.status().orphaned == 1


def test_what_was_not_seen_is_not_decided(matched: World) -> None:
    """A page that was open while somebody matched again: its button must not decide on other words."""
    stale = matched.finding("1.a").evidence[0].evidence
    matched.match(a1="held in March")
    with pytest.raises(DecisionError, match=r"not proposed for requirement 1\.a in the latest run"):
        matched.service.decide("evidence", stale.key, "1.a", "confirmed", run_id=1)
    matched.engine.words = {}
    match = matched.engine.match
    matched.engine.match = lambda *a, **k: (  # type: ignore[method-assign,assignment]
        gap("1.b", "draft") if f.requirement_id == "1.b" else f  # type: ignore[arg-type]
        for f in match(*a, **k)
    )
    matched.match()
    with pytest.raises(DecisionError, match=r"The gap of requirement 1\.b has changed since run 1"):
        matched.service.decide("gap", "1.b", "1.b", "confirmed", run_id=1)
    matched.service.decide("gap", "1.c", "1.c", "confirmed", run_id=1)
    matched.service.decide("gap", "1.b", "1.b", "confirmed", run_id=3)
    assert [d.requirement_id for d in matched.service.decisions()] == ["1.c", "1.b"]


def test_quotes_that_differ_in_a_point_are_told_apart_by_their_words(world: World) -> None:
    world.add("a.txt", "We emit 1.5 t a year. They emit 15 t a year.")
    world.match(a1="emit 1.5 t|emit 15 t")
    one, other = (view.evidence for view in world.finding("1.a").evidence)
    assert one.key == other.key
    with pytest.raises(DecisionError, match="differ only in their figures"):
        world.service.decide("evidence", one.key, "1.a", "confirmed")
    with pytest.raises(DecisionError, match="other figures than the one you saw"):
        world.service.decide("evidence", one.key, "1.a", "confirmed", quote="emit 1,5 t")
    world.service.decide("evidence", other.key, "1.a", "confirmed", quote=other.quote)
    assert verdicts(world, "1.a") == [None, "confirmed"]


def test_undo_is_a_further_decision_that_names_the_one_it_takes_back(matched: World) -> None:
    first = matched.decide("1.a")
    second = matched.decide("1.a", "rejected", "wrong year")
    undone = matched.service.undo(second, "it was right")
    assert (undone.verdict, undone.undoes, undone.reason) == (Verdict.WITHDRAWN, second, "it was right")
    assert verdicts(matched, "1.a") == ["confirmed"]
    matched.service.undo(first)
    assert verdicts(matched, "1.a") == [None]
    assert [d.id for d in matched.service.decisions()] == [first, second, undone.id, undone.id + 1]
    with pytest.raises(DecisionError, match=f"Decision {second} was withdrawn already"):
        matched.service.undo(second)
    with pytest.raises(DecisionError, match="is itself a withdrawal"):
        matched.service.undo(undone.id)
    with pytest.raises(NotFoundError, match="no decision 99"):
        matched.service.undo(99)
    assert matched.service.verify().problems == ()


def test_a_rating_is_a_person_s_with_a_rationale(matched: World) -> None:
    made = matched.service.rate("1", "partially meets", " Drills are recorded, a plan is missing. ")
    matched.service.rate("1", "fully meets", "The plan came.")
    assert made.rationale == "Drills are recorded, a plan is missing."
    assert [(r.rating, r.person) for r in matched.service.ratings()] == [
        ("partially meets", "Ana Ruiz"),
        ("fully meets", "Ana Ruiz"),
    ]
    assert [c.rating for c in matched.service.status().criteria] == ["fully meets", None]
    matched.match(a1="Drills")
    assert [c.rating for c in matched.service.status().criteria] == ["fully meets", None]


@pytest.mark.parametrize(
    ("criterion", "rating", "rationale", "sentence"),
    [
        ("1", "great", "r", "'great' is not a rating of small; choose fully meets, partially meets, does not meet"),
        ("1", "fully meets", " ", "A rating needs a rationale"),
        ("9", "fully meets", "r", "no criterion 9"),
    ],
)
def test_a_rating_that_cannot_be_is_refused(
    matched: World, criterion: str, rating: str, rationale: str, sentence: str
) -> None:
    with pytest.raises((DecisionError, NotFoundError)) as caught:
        matched.service.rate(criterion, rating, rationale)
    assert sentence in str(caught.value)
    assert matched.service.ratings() == []


def test_only_who_is_signed_in_and_may_decides(matched: World) -> None:
    key = matched.finding("1.a").evidence[0].evidence.key
    made = matched.decide("1.a")
    for person, said in (
        (None, "Nobody is signed in"),
        (Person(name="Li Wei", role=Role.REVIEWER), "Li Wei is signed in as reviewer"),
        (Person(name="Li Wei", role=Role.PRODUCER), "Li Wei is signed in as producer"),
        (Person(name="Li Wei", sites=("Norte",)), "Li Wei works on Norte"),
    ):
        service = matched.service.signed_in(person)
        for attempt in (
            lambda service=service: service.decide("evidence", key, "1.a", "confirmed"),
            lambda service=service: service.undo(made),
            lambda service=service: service.rate("1", "fully meets", "r"),
        ):
            with pytest.raises(AccessError, match=said):
                attempt()
    assert len(matched.service.decisions()) == 1
    assert matched.service.ratings() == []


def test_comments_decide_nothing(matched: World) -> None:
    reviewer = matched.service.signed_in(Person(name="Li Wei", role=Role.REVIEWER))
    reviewer.comment("1.a", " Ask for the minutes. ")
    reviewer.comment("2.b", "Fine.")
    assert [(c.person, c.payload["text"]) for c in matched.service.comments("1.a")] == [
        ("Li Wei", "Ask for the minutes.")
    ]
    assert len(matched.service.comments()) == 2
    assert matched.finding("1.a").decided == 0
    with pytest.raises(DecisionError, match="needs some words"):
        reviewer.comment("1.a", " ")


def test_words_of_a_requirement_that_changed_mark_the_decision(matched: World) -> None:
    matched.decide("1.a")
    catalogue = framework()
    first = catalogue.criteria[0].requirements[0].model_copy(update={"text": "Do something else"})
    criterion = catalogue.criteria[0].model_copy(
        update={"requirements": (first, *catalogue.criteria[0].requirements[1:])}
    )
    matched.use(catalogue.model_copy(update={"criteria": (criterion, *catalogue.criteria[1:])}))
    matched.match(a1="Drills were held")
    [view] = matched.finding("1.a").evidence
    assert view.decision is not None
    assert view.reworded
