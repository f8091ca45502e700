from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import chat
from assistant.chat import Answer, Memory, Topic
from assistant.chat.records import NOTHING_MATCHED
from tests.assistant.chat.site import site
from tests.assistant.service.world import World

APPOINTED = "Andes Geotecnia Ltda. was appointed Engineer of Record for the dam in January 2022."
AMBER = "Readings above the amber level are reported to the Engineer of Record within four hours."
GIFTS = "Gifts above USD 50 need the written approval of the line manager."


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A site with a run, a confirmed and a rejected quote, a confirmed gap and a rating; one file cannot be read."""
    world = site(tmp_path_factory.mktemp("reviewed"))
    world.add("bad.txt", "damaged")
    world.engine.words = {"19.c": (APPOINTED, AMBER), "2.a": (GIFTS,)}
    world.service.match()
    world.decide("19.c")
    world.decide("19.c", "rejected", "It appoints nobody", which=1)
    world.service.decide("gap", "19.g", "19.g", "confirmed", "no report in 2026")
    world.service.rate("19", "partially meets", "The drill is missing.")
    yield world
    world.close()


def ask(world: World, question: str, memory: Memory | None = None) -> Answer:
    answer = chat.answer(world.service, question, memory or Memory())
    assert answer.topic is Topic.REVIEW
    assert all(sentence.citations for sentence in answer.sentences)
    return answer


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_before_the_first_run_there_is_no_state(asked: World) -> None:
    answer = ask(asked, "What is still open?")
    assert (answer.found, answer.notes) == (False, (NOTHING_MATCHED,))


def test_rejections_come_with_their_reason_quote_and_place(reviewed: World) -> None:
    answer = ask(reviewed, "What did the assessor reject?")
    head, only = answer.sentences
    assert head.text == "1 quote is rejected."
    assert only.text.startswith(f"Ana Ruiz rejected “{AMBER}” (dam manual.txt, page 1) for 19.c on 20")
    assert only.text.endswith(": It appoints nobody.")
    decided, place = only.citations
    assert (decided.kind, decided.decision_id, decided.requirement_id) == ("review", 2, "19.c")
    text = reviewed.service.page(place.sha256, place.page).text
    assert text[place.start : place.end] == place.quote == AMBER


def test_a_quote_that_no_longer_stands_in_its_page_is_not_repeated(
    reviewed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reviewed.service.page
    changed = lambda sha256, number: page(sha256, number).model_copy(update={"text": "Something else."})  # noqa: E731
    monkeypatch.setattr(reviewed.service, "page", changed)
    only = ask(reviewed, "What did the assessor reject?").sentences[1]
    assert only.text.startswith("Ana Ruiz rejected a quote that no longer stands in dam manual.txt, page 1, for 19.c")
    assert [citation.kind for citation in only.citations] == ["review"]


def test_confirmations_are_counted_by_criterion(reviewed: World) -> None:
    answer = ask(reviewed, "How many confirmed in criterion 19?")
    assert texts(answer)[0] == "1 quote and 1 gap in criterion 19 are confirmed."
    assert len(answer.sentences) == 3
    next_one = ask(reviewed, "and in criterion 2?", answer.memory)
    assert texts(next_one) == ["No quote and no gap in criterion 2 has been confirmed so far."]


def test_decisions_can_be_asked_for_by_person(reviewed: World) -> None:
    assert texts(ask(reviewed, "What has Ruiz rejected?"))[0] == "1 quote is rejected by Ana Ruiz."


def test_criteria_that_are_gaps_are_named_whole_ones_first(reviewed: World) -> None:
    assert texts(ask(reviewed, "Which criteria are gaps?")) == [
        "3 of 5 requirements are gaps.",
        "Criterion 5 (Child Labor) is a gap as a whole: 5.a.",
        "Criterion 19 (Tailings Management) is partly supported as a whole; 1 of its 2 requirements is without "
        "evidence (gap): 19.g.",
        "Criterion 2 (Business Integrity) is partly supported as a whole; 1 of its 2 requirements is without evidence "
        "(gap): 2.b.",
    ]


def test_what_is_open_is_counted_and_told_by_criterion(reviewed: World) -> None:
    assert texts(ask(reviewed, "¿Qué queda pendiente?")) == [
        "3 of 5 requirements are without any decision by a person.",
        "By the latest run: 3 without evidence (gap).",
        "Criterion 19 (Tailings Management) has 1 requirement open or undecided: 1 without evidence (gap).",
        "Criterion 2 (Business Integrity) has 2 requirements open or undecided: 1 supported, 1 without evidence (gap).",
        "Criterion 5 (Child Labor) has 1 requirement open or undecided: 1 without evidence (gap).",
    ]


def test_what_is_missing_there_is_what_was_spoken_of(reviewed: World) -> None:
    first = chat.answer(reviewed.service, "What does criterion 19 expect?", Memory())
    assert texts(ask(reviewed, "What is missing there?", first.memory)) == [
        "1 of 2 requirements in criterion 19 is not supported yet.",
        "19.g is a gap: The site tests its tailings emergency plan in drills with people downstream. "
        "Nothing speaks of it.",
    ]


def test_why_gives_the_finding(reviewed: World) -> None:
    answer = ask(reviewed, "Why is 19.g a gap?")
    assert answer.sentences[0].citations[0].requirement_id == "19.g"
    assert "Nothing speaks of it." in texts(answer)[0]


def test_ratings_are_a_persons_own(reviewed: World) -> None:
    [sentence] = ask(reviewed, "How was criterion 19 rated?").sentences
    assert sentence.text.startswith("Ana Ruiz rated criterion 19 “partially meets” on 20")
    assert sentence.citations[0].rating_id == 1
    assert texts(ask(reviewed, "How was criterion 5 rated?")) == ["Criterion 5 has not been rated yet."]


def test_files_that_could_not_be_read_are_named(reviewed: World) -> None:
    assert texts(ask(reviewed, "Which documents could not be read?")) == ["bad.txt: it is damaged."]


def test_the_state_of_everything_is_counted(reviewed: World) -> None:
    assert texts(ask(reviewed, "How far are we with the review?"))[:2] == [
        "Of 5 requirements: 2 supported, 3 without evidence (gap).",
        "A person has decided on 2 of the 5 that apply.",
    ]
