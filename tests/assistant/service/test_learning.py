"""Which confirmed quotes a workspace searches by, what a run says of them, and what they find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evaluation.sample_site
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
    Status,
    Verdict,
    letters_and_digits,
)
from assistant.retrieve import Confirmed
from assistant.service import Service
from assistant.service.learning import learned, recorded
from tests.assistant.service.scripted import TODAY, framework
from tests.assistant.service.world import DRILLS, WATER, World
from tests.conftest import Demonstration


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


SAMPLE_SITE = Path(evaluation.sample_site.__file__).parent
RISING = (Status.GAP, Status.NEEDS_PERSON, Status.PARTLY, Status.SUPPORTED)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("sample site")
def test_on_the_sample_site_no_status_gets_worse_and_no_probability_moves(
    demonstration: Demonstration, tmp_path: Path
) -> None:
    folder = demonstration.copied(tmp_path / "workspace")
    service = Service.open(folder, Person(name="Ana Ruiz"), settings=Settings(workspace=folder, today=TODAY))
    key = [json.loads(line) for line in (SAMPLE_SITE / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    said = {(label["requirement"], letters_and_digits(quote)) for label in key for quote in label.get("quotes") or ()}
    service.match()
    before = {view.requirement.id: view.finding for view in service.findings()}
    confirmed = 0
    for name, finding in before.items():
        for item in finding.evidence:
            words = letters_and_digits(item.in_parts[1])
            if any(name == asked and (words in quote or quote in words) for asked, quote in said):
                service.decide("evidence", item.key, name, "confirmed")
                confirmed += 1
                break
    assert confirmed >= 50
    summary = service.match()
    after = {view.requirement.id: view.finding for view in service.findings()}
    assert summary.confirmed >= 50
    assert summary.run.settings["confirmed_quotes"] == str(summary.confirmed)
    assert {name: finding.prior for name, finding in after.items()} == {n: f.prior for n, f in before.items()}
    changed = {
        name: (was.status, after[name].status) for name, was in before.items() if was.status != after[name].status
    }
    assert {name: pair for name, pair in changed.items() if RISING.index(pair[1]) < RISING.index(pair[0])} == {}
    searched = [name for name, finding in after.items() if finding.search is not None and finding.search.confirmed]
    assert any(after[name].evidence != before[name].evidence for name in searched)
    assert service.verify().problems == ()
    service.close()
