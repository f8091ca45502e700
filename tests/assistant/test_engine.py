"""How the engine ranks passages and quotes for a requirement, and what it takes from the framework."""

from datetime import date

import numpy as np
import pytest

import assistant.engine
from assistant.engine import DEPTH, Engine, _Look, _rank_passages, _rank_spans
from assistant.judge.spans import Span
from assistant.models import EvidenceKind, GapReason, Requirement, Site, Status
from ingestion.models import Fact, FactName
from tests.assistant.retrieve.fakes import framework, pages, prepared


def look(probabilities: list[float], fused: list[float]) -> _Look:
    """One unit in each passage, with the unit's probability and the passage's fused score."""
    every = np.arange(len(fused))
    none = np.zeros((len(fused), 0), dtype=np.float32)
    return _Look(
        0, every, np.asarray(fused), every, {}, none, np.zeros(len(fused)), every[:0], [],
        probabilities=np.asarray(probabilities, dtype=np.float32),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("probabilities", "fused", "order"),
    [
        ([0.2, 0.9, 0.5], [0.1, 0.1, 0.1], [1, 2, 0]),
        ([0.02, 0.02, 0.02], [0.1, 0.3, 0.2], [1, 2, 0]),
        ([0.95, 0.02, 0.01], [0.06, 0.1, 0.01], [0, 1, 2]),
        ([0.03, 0.02, 0.0], [0.02, 0.01, 0.1], [0, 2, 1]),
    ],
    ids=["as near: the likelier", "as likely: the nearer", "a sure one stays first", "nearness lifts an unlikely one"],
)
def test_passages_rank_by_probability_and_by_nearness(
    probabilities: list[float], fused: list[float], order: list[int]
) -> None:
    site = prepared(pages("One is here.", "Two is here.", "Three is here."))
    ranked = _rank_passages(site, look(probabilities, fused))
    assert [passage.page - 1 for passage in ranked] == order
    assert [passage.score for passage in ranked] == pytest.approx([probabilities[i] for i in order])


@pytest.mark.parametrize(
    ("probabilities", "fused", "order"),
    [
        ([0.2, 0.9, 0.5], [0.1, 0.1, 0.1], [1, 2, 0]),
        ([0.02, 0.02, 0.02], [0.1, 0.3, 0.2], [1, 2, 0]),
        ([0.05, 0.16, 0.01], [0.1, 0.05, 0.1], [1, 0, 2]),
        ([0.14, 0.16, 0.01], [0.1, 0.05, 0.1], [0, 1, 2]),
    ],
    ids=["as near: the likelier", "as likely: the nearer", "nearness does not lift a weak one", "a like one it does"],
)
def test_quotes_rank_by_probability_and_less_by_nearness(
    probabilities: list[float], fused: list[float], order: list[int]
) -> None:
    site = prepared(pages("One is here.", "Two is here.", "Three is here."))
    spans = [Span(unit, unit, unit, strength, unit, unit) for unit, strength in enumerate(probabilities)]
    ranked = _rank_spans(site, look(probabilities, fused), spans)
    assert [span.best for span in ranked] == order
    assert _rank_spans(site, look(probabilities, fused), []) == []


def test_a_ranking_has_an_end() -> None:
    site = prepared(pages(*(f"Number {number} is here." for number in range(DEPTH + 5))))
    assert len(_rank_passages(site, look([0.5] * (DEPTH + 5), [0.0] * (DEPTH + 5)))) == DEPTH


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


DAM = "In March 2021 the independent engineer inspected the tailings dam and closed all five findings."
ASKED = Requirement(
    id="19.a", text="An independent engineer inspects the tailings dam.", kinds=(EvidenceKind.RECORD,),
    commitment_alone=False,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("age", "status"), [(36, Status.GAP), (120, Status.SUPPORTED), (None, Status.SUPPORTED)])
def test_how_old_a_record_may_be_is_the_frameworks_affair(engine: Engine, age: int | None, status: Status) -> None:
    issued = Fact(name=FactName.ISSUED, value="2021-04-01", origin="text")
    report = pages(f"{DAM} All of the findings of the inspection of the dam were closed.").model_copy(
        update={"facts": (issued,)}
    )
    asked = framework({"19 Tailings": [ASKED]}).model_copy(update={"practice_age_months": age})
    [finding] = engine.match(engine.prepare([report]), asked, Site(name="Cerro Ejemplo"), today=date(2026, 11, 22))
    assert finding.status is status
    assert (finding.gap is not None and GapReason.STALE in finding.gap.reasons) is (status is Status.GAP)


@pytest.mark.slow
def test_cases_hold_quotes_as_they_are_ranked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    site = engine.prepare([pages(DAM, "The canteen serves soup. The dam is a large one.", "Dams are inspected.")])
    asked, where = framework({"19 Tailings": [ASKED]}), Site(name="Cerro Ejemplo")

    def ranked() -> list[str]:
        [matched] = engine.match_detailed(site, asked, where, today=date(2026, 11, 22))
        return [quote.quote for quote in matched.quotes]

    usual = ranked()
    order = assistant.engine._rank_spans
    monkeypatch.setattr(assistant.engine, "_rank_spans", lambda *given: order(*given)[::-1])
    assert len(usual) > 1
    assert ranked() != usual
