"""Which decisions of a workspace say whether the documents hold evidence, and that matching twice reads them alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.judge.refit import Decided
from assistant.models import Finding, GapReason, Status
from assistant.service.refitting import decided
from tests.assistant.service.scripted import ScriptedEngine, gap
from tests.assistant.service.world import DRILLS, WATER, World

PRIORS = {"1.a": 0.9, "1.b": 0.2, "1.c": 0.3, "2.a": 0.1, "2.b": 0.8, "2.c": 0.4}


class WithPriors(ScriptedEngine):
    """The scripted engine with the evidence model's probabilities; 2.a is a gap because what was found is expired."""

    settings: Any

    def match(self, *args: Any, **kwargs: Any) -> Iterator[Finding]:
        for finding in super().match(*args, **kwargs):
            if finding.requirement_id == "2.a" and finding.status is Status.GAP:
                finding = gap("2.a", GapReason.EXPIRED)
            yield finding.model_copy(update={"prior": PRIORS[finding.requirement_id]})


@pytest.fixture
def matched(world: World) -> World:
    world.engine = WithPriors()
    world.add("a.txt", DRILLS, WATER)
    match(world)
    return world


MODELS = {"sentences": "s", "passages": "p", "reader": "r", "evidence": "v1", "judge": "none"}


def match(world: World, **other: str) -> None:
    world.engine.words = {"1.a": ("Drills were held",), "2.b": ("We monitor", "every month")}
    world.engine.models = MODELS | other
    world.service.match()


def read(world: World, **other: str) -> list[Decided]:
    return decided(world.service.store, MODELS | other)


def on_gap(world: World, requirement_id: str, verdict: str = "confirmed") -> int:
    return world.service.decide("gap", requirement_id, requirement_id, verdict, "because").id


def test_nothing_decided_says_nothing(matched: World) -> None:
    assert read(matched) == []


def test_a_confirmed_quote_is_evidence_and_gaps_say_it_themselves(matched: World) -> None:
    matched.decide("1.a")
    on_gap(matched, "1.b")
    on_gap(matched, "1.c", "rejected")
    assert read(matched) == [Decided(0.9, True), Decided(0.2, False), Decided(0.3, True)]


def test_a_gap_that_rests_on_a_rule_says_nothing_about_the_model(matched: World) -> None:
    on_gap(matched, "2.a")
    assert read(matched) == []


def test_only_where_every_quote_was_rejected_is_nothing_left(matched: World) -> None:
    matched.decide("2.b", "rejected", "other thing", which=0)
    assert read(matched) == []
    matched.decide("2.b", "rejected", "other thing", which=1)
    assert read(matched) == [Decided(0.8, False)]
    matched.decide("2.b", "confirmed", which=1)
    assert read(matched) == [Decided(0.8, True)]


def test_the_last_decision_counts_and_a_withdrawn_one_does_not(matched: World) -> None:
    first = on_gap(matched, "1.b")
    on_gap(matched, "1.b", "rejected")
    assert read(matched) == [Decided(0.2, True)]
    second = matched.service.decisions()[-1].id
    matched.service.undo(second)
    assert read(matched) == [Decided(0.2, False)]
    matched.service.undo(first)
    assert read(matched) == []


@pytest.mark.parametrize("role", ["sentences", "passages", "reader", "evidence"])
def test_decisions_on_another_model_do_not_count(matched: World, role: str) -> None:
    on_gap(matched, "1.b")
    assert read(matched, **{role: "other"}) == []
    match(matched, **{role: "other"})
    assert read(matched, **{role: "other"}) == []
    assert read(matched) == [Decided(0.2, False)]
    on_gap(matched, "1.c")
    assert read(matched, **{role: "other"}) == [Decided(0.3, False)]


def test_which_language_model_judged_does_not_matter_for_what_the_evidence_model_said(matched: World) -> None:
    on_gap(matched, "1.b")
    assert read(matched, judge="llm:other") == [Decided(0.2, False)]


def test_a_refitted_run_is_read_on_the_scale_of_the_shipped_model(matched: World) -> None:
    matched.engine.settings = {"refit_scale": "2.0", "refit_shift": "1.0"}  # type: ignore[dict-item]
    match(matched, evidence="v1+12345678")
    on_gap(matched, "1.b")
    [pair] = read(matched)
    # log-odds of .2 are -1.386; (-1.386 - 1) / 2 are those of .233
    assert pair.prior == pytest.approx(0.2327, abs=1e-4)


def test_matching_again_reads_the_same(matched: World) -> None:
    matched.decide("1.a")
    on_gap(matched, "1.b")
    before = read(matched)
    match(matched)
    assert read(matched) == before
