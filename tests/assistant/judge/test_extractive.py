"""What the judge without a language model proposes of the evidence model's quotes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.judge.evidence_model import load_evidence_model
from assistant.judge.extractive import KEPT, ExtractiveJudge
from assistant.models import Stance


def proposed(kit: Any, strengths: list[float], against: tuple[int, ...] = ()) -> list[float]:
    """The strengths of what is proposed, in order; the quotes at the places `against` speak against."""
    case = kit.make_case()
    spans = [replace(case.spans[0], strength=strength) for strength in strengths]
    spans = [replace(span, stance=Stance.CONTRADICTS) if place in against else span for place, span in enumerate(spans)]
    [judgement] = ExtractiveJudge(load_evidence_model()).judge([replace(case, spans=tuple(spans))])
    return [proposal.strength for proposal in judgement.proposals]


def test_quotes_keep_the_order_of_the_ranking_and_faint_ones_are_left_out(kit: Any) -> None:
    assert proposed(kit, [0.2, 0.6, 0.04, 0.3]) == [0.2, 0.6, 0.3]


def test_where_there_are_too_many_the_weakest_are_left_out_wherever_they_rank(kit: Any) -> None:
    strengths = [0.06, *[0.1] * KEPT, 0.9]
    assert proposed(kit, strengths) == [*[0.1] * (KEPT - 1), 0.9]
    assert proposed(kit, strengths, against=(0,)) == [0.06, *[0.1] * (KEPT - 2), 0.9]
