"""A paper for people outside the company closes nothing about workers, and makes no evidence probable."""

from __future__ import annotations

import pytest

from assistant.judge.people import asks_of_workers, outsiders
from assistant.models import Criterion, Requirement
from ingestion.models import Fact, FactName
from tests.assistant.judge.builders import document


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("Community Grievance Procedure", "community"),
        ("Procedimiento de quejas de la comunidad", "comunidad"),
        ("Procedura skarg mieszkańców", "mieszkańców"),
        ("Beschwerdestelle für Anwohner", "anwohner"),
        ("社区投诉管理程序", "社区"),
        ("Customer Complaints", "customer"),
        ("Grievances of workers and of the community", ""),
        ("Quejas de trabajadores y comunidad", ""),
        ("Grievance Procedure", ""),
        ("Communication Plan", ""),
        ("员工与社区申诉程序", ""),
    ],
)
def test_a_title_tells_of_people_outside_only_when_it_names_no_workers(title: str, people: str) -> None:
    assert outsiders(document("A complaint is answered.", facts={FactName.TITLE: title})) == people


def test_a_title_guessed_from_the_name_of_a_file_tells_nothing() -> None:
    guessed = (Fact(name=FactName.TITLE, value="community complaints", origin="filename", confidence=0.3),)
    assert outsiders(document("A complaint is answered.").model_copy(update={"facts": guessed})) == ""


@pytest.mark.parametrize(
    ("title", "text", "workers"),
    [
        ("Employee Grievance Mechanism", "Complaints are answered within set times.", True),
        ("Remuneration", "Wages are paid to workers every month.", True),
        ("Stakeholder Engagement", "Grievances are answered.", False),
        ("Community Health and Safety", "Workers and residents are warned.", False),
    ],
)
def test_requirements_that_name_workers_and_nobody_outside(title: str, text: str, workers: bool) -> None:
    asked = Requirement(id="13.a", text=text)
    assert asks_of_workers(Criterion(id="13", title=title, number=13, requirements=(asked,)), asked) is workers
