from __future__ import annotations

import pytest

from assistant import chat
from assistant.chat import Answer, Memory, Topic
from assistant.chat.corpus import criterion_text, requirement_text
from assistant.chat.guidance import NOT_FOUND
from tests.assistant.chat.site import NOTICE, framework
from tests.assistant.service.world import World


def ask(world: World, question: str, memory: Memory | None = None) -> Answer:
    return chat.answer(world.service, question, memory or Memory())


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_a_criterion_is_told_in_the_catalogues_words_for_a_kind_of_site(asked: World) -> None:
    answer = ask(asked, "What does criterion 19 expect from a smelter?")
    assert (answer.topic, answer.found) == (Topic.GUIDANCE, True)
    assert texts(answer) == [
        "Keep every tailings facility safe over its whole life.",
        "Criterion 19 applies to a smelter if the site has a tailings facility.",
        "A smelter has slag dumps instead of tailings dams.",
        "19.c: The site has appointed an Engineer of Record for each tailings facility.",
        "19.g: The site tests its tailings emergency plan in drills with people downstream.",
        "Look for readings.",
    ]
    assert NOTICE in answer.notes


def test_the_notice_stands_with_every_answer_on_the_criteria(asked: World) -> None:
    for question in ("What counts as evidence for 19.c?", "Which criterion covers child labor?"):
        assert NOTICE in ask(asked, question).notes


def test_every_sentence_cites_words_of_the_catalogue(asked: World) -> None:
    for question in ("What does criterion 19 expect?", "What counts as evidence for 19.c?", "What does 2.b require?"):
        for sentence in ask(asked, question).sentences:
            [citation] = sentence.citations
            assert citation.kind == "catalogue"
            criterion = next(item for item in framework().criteria if item.id == citation.criterion_id)
            whole = criterion_text(criterion)
            if citation.requirement_id:
                requirement = framework().requirement(citation.requirement_id)
                fields = f"{[kind.value for kind in requirement.kinds]} {requirement.max_age_months}"
                whole = f"{requirement_text(requirement)} {fields}"
            assert citation.quote in whole


def test_another_kind_of_site_is_asked_next(asked: World) -> None:
    first = ask(asked, "What does criterion 19 expect from a smelter?")
    answer = ask(asked, "and for a refinery?", first.memory)
    assert "Criterion 19 does not apply to a refinery." in texts(answer)


def test_where_a_requirement_sets_no_age_the_framework_does(asked: World) -> None:
    answer = ask(asked, "How recent must the evidence for 19.g be?")
    own, general = texts(ask(asked, "How recent must the evidence for 19.c be?")), texts(answer)
    [citation] = answer.sentences[1].citations
    assert (citation.label, citation.quote, citation.requirement_id) == ("Framework small, age", "24", "")
    assert general[1] == "Records and figures must not be older than 24 months, by the framework's general limit."
    assert not any("24 months" in text for text in own)


def test_a_requirement_that_asks_for_no_practice_has_no_age_for_it(asked: World) -> None:
    assert not any("months" in text for text in texts(ask(asked, "What does 2.b require?")))


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("How recent must the evidence for 19.c be?", "The evidence must not be older than 36 months."),
        (
            "Is a policy alone enough for 19.c?",
            "It needs evidence of the kind record; a commitment alone does not close it.",
        ),
        ("What counts as evidence for 19.c?", "Examples of evidence: appointment letter, organisation chart."),
    ],
)
def test_what_is_asked_of_a_requirement_is_said_first(asked: World, question: str, second: str) -> None:
    answer = ask(asked, question)
    assert texts(answer)[:2] == [
        "19.c: The site has appointed an Engineer of Record for each tailings facility.",
        second,
    ]


@pytest.mark.parametrize(
    ("question", "criterion_id"),
    [
        ("Which criterion covers the age of employees?", "5"),
        ("¿Qué criterio trata del soborno?", "2"),
        ("Under which criterion do facilitation payments fall?", "2"),
    ],
)
def test_a_criterion_is_found_by_what_it_is_about(asked: World, question: str, criterion_id: str) -> None:
    answer = ask(asked, question)
    assert answer.found
    assert answer.sentences[0].citations[0].criterion_id == criterion_id
    assert answer.memory.criterion_id == criterion_id


def test_what_no_criterion_is_about_is_not_found(asked: World) -> None:
    answer = ask(asked, "What does the framework require on space debris?")
    assert (answer.found, answer.sentences, answer.notes) == (False, (), (NOT_FOUND, NOTICE))
    assert {citation.kind for citation in answer.nearest} == {"catalogue"}
