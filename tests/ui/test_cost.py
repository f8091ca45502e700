"""Matching with a language model from the page: what it will cost is said first, and nothing begins unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant.errors import ModelError
from assistant.judge.llm import Estimate
from assistant.judge.protocol import Usage
from assistant.service import Service
from assistant.ui import session
from tests.ui.conftest import plainly, words
from tests.ui.double import ScriptedEngine, make_workspace

BEFORE = "openai:test will be asked 5 times: about 5,000 tokens in and 2,000 out"
AFTER = "openai:test was asked 4 times: 4,000 tokens in and 200 out"
GONE = "The server of the model openai:test at http://127.0.0.1:9/v1 does not answer (ConnectError); start it."


class Asking(ScriptedEngine):
    """The scripted engine as if it asked a language model."""

    usage = Usage(4, 0, 4000, 200)

    def estimate(self, *args: Any, **kwargs: Any) -> Estimate:
        return Estimate(5, 0, 5000, 2000)


class Gone(Asking):
    """Its server does not answer."""

    def estimate(self, *args: Any, **kwargs: Any) -> Estimate:
        raise ModelError(GONE)


@pytest.fixture
def unmatched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A workspace with documents and a language model as judge, not matched yet."""
    made = make_workspace(tmp_path / "workspace", matched=False)
    monkeypatch.setenv("ASSAY_PERSON", "Ana Ruiz")
    monkeypatch.setenv("ASSAY_JUDGE", "openai:test")
    monkeypatch.setattr(session, "ENGINE_FACTORY", lambda settings: Asking())
    yield made
    made.close()


def asked(app: AppTest) -> AppTest:
    """The page after Match was pressed once."""
    app.run()
    app.button(key="match").click().run()
    assert not app.exception
    return app


def answered(app: AppTest, key: str) -> AppTest:
    """The page after that button of the dialog was pressed.

    A browser runs the dialog alone again; `AppTest` runs the whole page, so the press that opened it is given as well.
    """
    app.button(key="match").click()
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_the_cost_is_shown_before_and_nothing_begins(app: AppTest, unmatched: Service) -> None:
    assert BEFORE in words(asked(app))
    assert [app.button(key=key).label for key in ("match_now", "match_cancel")] == ["Match now", "Cancel"]
    assert unmatched.latest_run() is None


def test_cancel_does_nothing(app: AppTest, unmatched: Service) -> None:
    answered(asked(app), "match_cancel")
    assert unmatched.latest_run() is None
    assert not app.toast
    assert "Not matched yet" in words(app)
    assert BEFORE not in words(app.run())


def test_confirm_matches_and_says_what_it_cost(app: AppTest, unmatched: Service) -> None:
    answered(asked(app), "match_now")
    assert unmatched.latest_run() is not None
    assert [plainly(toast.value) for toast in app.toast] == ["Run 1: 244 requirements matched."]
    assert AFTER in words(app)
    assert BEFORE not in words(app)


def test_without_an_estimate_nothing_begins_and_it_is_said_why(
    app: AppTest, unmatched: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "ENGINE_FACTORY", lambda settings: Gone())
    asked(app)
    assert [plainly(error.value) for error in app.error] == [
        "Matching was not started, because what it would ask of the language model cannot be said. " + GONE
    ]
    assert unmatched.latest_run() is None
    assert "match_now" not in [button.key for button in app.button]
