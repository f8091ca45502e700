"""Where two judges disagree, Review shows it first and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from assistant.models import DISAGREEMENT, Finding
from assistant.service import Service
from assistant.ui.review import next_undecided
from tests.ui import double
from tests.ui.conftest import SECONDS, words

NOTE = f"{DISAGREEMENT} extractive says supported, llm says unsure."


@pytest.fixture
def disputed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A workspace in which the judges disagree on 19.c and 32.a."""
    found = double._finding

    def finding(documents: Any, criterion: str, requirement: str) -> Finding:
        made = found(documents, criterion, requirement)
        return made.model_copy(update={"notes": (NOTE,)}) if requirement in ("19.c", "32.a") else made

    monkeypatch.setattr(double, "_finding", finding)
    made = double.make_workspace(tmp_path / "workspace")
    yield made
    made.close()


def test_the_next_to_decide_is_one_they_disagree_on(disputed: Service) -> None:
    views = disputed.findings()
    first = next_undecided(views, "")
    assert first is not None
    assert first.requirement.id == "19.c"
    second = next_undecided(views, "19.c")
    assert second is not None
    assert second.requirement.id == "32.a"
    for name in ("19.c", "32.a"):
        disputed.decide("gap", name, name, "confirmed")
    third = next_undecided(disputed.findings(), "")
    assert third is not None
    assert third.requirement.id == "1.a"


def test_review_and_readiness_say_where_they_disagree(disputed: Service) -> None:
    review = AppTest.from_string("from assistant.ui import start\n\nstart('review')", default_timeout=SECONDS)
    review.query_params["criterion"] = "19"
    review.run()
    assert not review.exception
    listed = [button.key for button in review.button if str(button.key).startswith("open_19.")]
    assert listed[:2] == ["open_19.c", "open_19.a"]
    assert "Judges disagree" in words(review)
    assert NOTE.split(":")[0] in words(review)

    readiness = AppTest.from_string("from assistant.ui import start\n\nstart('readiness')", default_timeout=SECONDS)
    readiness.run()
    assert not readiness.exception
    assert "The two judges disagree on 2 requirements; they come first in Review: 19.c, 32.a." in words(readiness)
