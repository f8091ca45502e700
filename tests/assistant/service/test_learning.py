"""Which confirmed quotes a workspace searches by, what a run says of them, and what they find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.access import Person
from assistant.config import Settings
from assistant.models import (
    Criterion,
    Evidence,
    EvidenceKind,
    Framework,
    Requirement,
    Site,
    Stance,
    Verdict,
)
from assistant.retrieve import Confirmed
from assistant.service import Service
from assistant.service.learning import learned, recorded
from tests.assistant.service.scripted import framework
from tests.assistant.service.world import DRILLS, WATER, World


def known(world: World) -> dict[str, tuple[Confirmed, ...]]:
    store = world.service.store
    return dict(learned(store, store.corpus(), world.service.framework()))


@pytest.fixture
def matched(world: World) -> World:
    world.add("a.txt", DRILLS, WATER)
    world.match(a1="Drills were held", b1="We monitor|every month")
    return world


def test_confirmed_quotes_are_known_in_their_order_and_others_are_not(matched: World) -> None:
    assert known(matched) == {}
    matched.decide("1.b", which=1)
    matched.decide("1.b", which=0)
    matched.decide("1.a", "rejected", "another year")
    [document] = matched.service.store.corpus().documents
    said = [Confirmed(document.sha256, quote) for quote in ("every month", "We monitor")]
    assert known(matched) == {"1.b": tuple(said)}


def test_what_is_withdrawn_overruled_or_reworded_is_forgotten(matched: World) -> None:
    first = matched.decide("1.a")
    matched.decide("1.b", which=0)
    assert set(known(matched)) == {"1.a", "1.b"}
    matched.decide("1.b", "rejected", "of a contractor", which=0)
    assert set(known(matched)) == {"1.a"}
    matched.service.undo(first)
    assert known(matched) == {}
    matched.decide("1.a")
    other = framework()
    requirement = other.criteria[0].requirements[0].model_copy(update={"text": "Do another thing."})
    changed = other.criteria[0].model_copy(update={"requirements": (requirement,)})
    store = matched.service.store
    assert learned(store, store.corpus(), other.model_copy(update={"criteria": (changed,)})) == {}


def test_a_document_that_left_is_forgotten_and_so_is_what_speaks_against(matched: World) -> None:
    store = matched.service.store
    matched.decide("1.a")
    whole = store.corpus()
    assert learned(store, whole.model_copy(update={"documents": ()}), matched.service.framework()) == {}
    item = matched.finding("1.b").evidence[0].evidence
    against = item.model_copy(update={"stance": Stance.CONTRADICTS})
    made_on = store.decisions.all()[-1]
    store.decisions.add(
        target="evidence", key=against.key, requirement_id="1.b", verdict=Verdict.CONFIRMED, reason="", person="Ana",
        run_id=made_on.run_id, wording=made_on.wording, proposal=against,
    )  # fmt: skip
    assert set(known(matched)) == {"1.a"}


def test_a_run_records_how_many_and_which() -> None:
    assert recorded({}) == {}
    one = recorded({"1.a": (Confirmed("a", "x"),), "1.b": (Confirmed("a", "y"), Confirmed("b", "z"))})
    assert one["confirmed_quotes"] == "3"
    assert recorded({"1.a": (Confirmed("a", "x"),)})["confirmed_digest"] != one["confirmed_digest"]


_RECORD: dict[str, Any] = {"kinds": (EvidenceKind.RECORD,), "commitment_alone": False}
SAID = "In May 2026 the works committee of the smelter and the company signed the paritaria accord for two years."
ALIKE = "The paritaria accord of the concentrator was signed by both sides in June 2026."


@pytest.mark.slow
def test_the_engine_finds_in_another_document_what_a_confirmed_quote_says(tmp_path: Path) -> None:
    requirements = (
        Requirement(id="1.a", text="Wages and hours are agreed with a trade union.", **_RECORD),
        Requirement(id="1.b", text="Water quality is monitored.", **_RECORD),
    )
    chosen = Framework(id="small", version="1", criteria=(Criterion(id="1", title="Work", requirements=requirements),))
    catalogue = tmp_path / "framework.json"
    catalogue.write_text(chosen.model_dump_json(), encoding="utf-8")
    files = tmp_path / "files"
    files.mkdir()
    canteen = "The canteen serves soup on Mondays.\n\nThe bus leaves at six.\n\n"
    (files / "smelter.txt").write_text(f"Notes of the smelter\n\n{SAID}\n\n{canteen}", encoding="utf-8")
    (files / "concentrator.txt").write_text(f"Notes of the concentrator\n\n{canteen}{ALIKE}\n", encoding="utf-8")
    settings = Settings(workspace=tmp_path / "workspace")
    service = Service.create(
        tmp_path / "workspace", Site(name="Cerro Ejemplo"), str(catalogue), Person(name="Ana Ruiz"), settings=settings
    )
    list(service.add([files]))

    def quotes() -> dict[str, Evidence]:
        [view] = [view for view in service.findings() if view.requirement.id == "1.a"]
        best = view.finding.gap.best if view.finding.gap is not None else None
        items = [*view.finding.evidence, *([best] if best is not None else [])]
        return {item.document: item for item in reversed(items)}

    first = service.match()
    before = quotes()
    [prior] = [view.finding.prior for view in service.findings() if view.requirement.id == "1.a"]
    assert prior is not None
    assert "paritaria" in before["smelter.txt"].quote
    decision = service.decide("evidence", before["smelter.txt"].key, "1.a", "confirmed")
    second = service.match()
    assert (first.learned, second.learned) == ("", "1 confirmed quote was searched for in other documents as well.")
    assert second.run.settings["confirmed_quotes"] == "1"
    [view] = [view for view in service.findings() if view.requirement.id == "1.a"]
    assert view.finding.search is not None
    assert len(view.finding.search.confirmed) == 1
    assert view.finding.prior == prior
    after = quotes()
    assert "paritaria" in after["concentrator.txt"].quote
    was = before.get("concentrator.txt")  # not even proposed, when this was written
    assert was is None or after["concentrator.txt"].strength > was.strength
    assert after["smelter.txt"].key == before["smelter.txt"].key
    assert after["smelter.txt"].strength == before["smelter.txt"].strength
    assert service.verify().problems == ()
    # Undone, the workspace finds what it found.
    service.undo(decision.id)
    third = service.match()
    assert third.run.digest == first.run.digest
    assert "confirmed_quotes" not in third.run.settings
    service.close()
