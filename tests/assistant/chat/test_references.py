from __future__ import annotations

import pytest

from assistant.catalogue import load
from assistant.chat.references import References, references
from assistant.models import SiteKind

RRA = load("rra-v2")


@pytest.mark.parametrize(
    ("question", "criteria"),
    [
        ("What does criterion 31 expect?", ("31",)),
        ("¿Qué exige el criterio n.º 12?", ("12",)),
        ("Was verlangt Kriterium 19?", ("19",)),
        ("Compare criteria 12 and 13.", ("12", "13")),
        ("How many confirmed in 12?", ("12",)),
        ("What does criterion 99 expect?", ()),
        ("Who approved the budget of 12.5 million?", ()),
        ("What does tailings management ask for?", ("19",)),
        ("¿Qué se dice del trabajo infantil?", ("5",)),
        ("Is pollution mentioned?", ()),
    ],
)
def test_criteria_are_named_by_number_or_title(question: str, criteria: tuple[str, ...]) -> None:
    assert references(question, RRA).criteria == criteria


@pytest.mark.parametrize(
    ("question", "requirement_id"),
    [
        ("What counts as evidence for 19.c?", "19.c"),
        ("What counts as evidence for 19C?", "19.c"),
        ("what about requirement 19 c", "19.c"),
        ("Was 2019 a good year? 12 a day?", ""),
        ("What is in ISO 14001?", ""),
    ],
)
def test_requirements_are_named_by_their_id(question: str, requirement_id: str) -> None:
    found = references(question, RRA)
    assert found.requirement_id == requirement_id
    assert found.criteria == ((requirement_id.split(".")[0],) if requirement_id else ())


def test_kinds_of_site_are_understood_in_several_languages() -> None:
    assert references("And for a smelter or a refinery?", RRA).kinds == (SiteKind.SMELTER, SiteKind.REFINERY)
    assert references("¿y para una fundición?", RRA).kinds == (SiteKind.SMELTER,)
    assert references("Is tailings water determined?", RRA).kinds == ()


def test_documents_are_named_by_their_file() -> None:
    documents = [("aa", "Water_Plan_2026.pdf"), ("bb", "a.txt")]
    assert references("What does water plan 2026 say?", RRA, documents).sha256 == "aa"
    assert references("What does a.txt say?", RRA, documents) == References(sha256="bb")
    assert references("What does a plan say?", RRA, documents).sha256 == ""
