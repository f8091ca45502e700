from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.errors import ModelError
from assistant.service import Service
from assistant.ui.ask import CONVERSATION, EXAMPLES, OPEN
from assistant.ui.words import WORKING_TEXT
from tests.ui.conftest import words
from tests.ui.double import DRILL, scripted_answer
from tests.ui.test_pages import open_page


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "assistant.chat.stream", lambda service, question, conversation: scripted_answer(service, question)
    )


def test_the_empty_page_offers_questions(service: Service) -> None:
    app = open_page("ask")
    assert [button.label.replace("\\", "") for button in app.button if button.key.startswith("example_")] == list(
        EXAMPLES
    )
    app.button(key="example_1").click().run()
    assert not app.exception
    assert [message.role for message in service.messages(CONVERSATION)] == ["person", "assistant"]
    assert service.messages(CONVERSATION)[0].value == {"text": EXAMPLES[1]}


def test_a_citation_of_a_document_opens_at_its_page(service: Service) -> None:
    app = open_page("ask")
    app.chat_input(key="question").set_value("When was the drill?").run()
    assert not app.exception
    assert DRILL.rstrip(".") in words(app)
    assert all("<b>" not in element.value for element in app.markdown)
    assert app.session_state[OPEN].page == 2
    assert len(app.image) == 1
    assert "page 2 of 2" in words(app)


def test_a_citation_of_the_catalogue_opens_its_words(service: Service) -> None:
    app = open_page("ask")
    app.chat_input(key="question").set_value("What does the criterion ask?").run()
    assert service.framework().requirement("19.a").text in [text.value for text in app.text]
    assert WORKING_TEXT in words(app)
    assert not app.image


def test_what_is_not_there_is_said(service: Service) -> None:
    app = open_page("ask")
    app.chat_input(key="question").set_value("Where are the penguins?").run()
    assert "Not in your documents." in words(app)
    assert "4 were searched." in words(app)


def test_a_citation_clicked_later_replaces_the_one_shown(service: Service) -> None:
    for question in ("the drill", "the criterion"):
        list(service.ask_stream(question, CONVERSATION))
    app = open_page("ask")
    assert app.session_state[OPEN].kind == "catalogue"
    first = next(button for button in app.button if button.key.startswith("cite_") and "Tailings" in button.label)
    first.click().run()
    assert app.session_state[OPEN].kind == "document"
    assert len(app.image) == 1


def test_a_model_that_is_away_is_a_sentence(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Iterator[Any]:
        raise ModelError("The model server does not answer; start it, then ask again.")
        yield

    monkeypatch.setattr("assistant.chat.stream", away)
    app = open_page("ask")
    app.chat_input(key="question").set_value("Anything?").run()
    assert not app.exception
    assert "The model server does not answer; start it, then ask again." in words(app)
