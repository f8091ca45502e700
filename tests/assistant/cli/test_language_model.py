"""With a language model as judge: its cost before and after, its limit, and where two judges disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.judge.llm import Estimate
from assistant.judge.protocol import Usage
from assistant.models import DISAGREEMENT, UNASKED, Finding
from tests.assistant.cli.conftest import WORDS, Assay
from tests.assistant.service.scripted import ScriptedEngine

DISPUTED = f"{DISAGREEMENT} extractive says absent, llm says supported."


class Asking(ScriptedEngine):
    """The scripted engine as if it asked a model; `said` are notes by requirement."""

    usage = Usage(4, 1, 4000, 200)
    stopped = ""
    said: dict[str, str] = {"1.b": DISPUTED, "2.a": DISPUTED}  # noqa: RUF012

    def estimate(self, *args: Any, **kwargs: Any) -> Estimate:
        return Estimate(5, 1, 5000, 2000)

    def match(self, *args: Any, **kwargs: Any) -> Iterator[Finding]:
        for finding in super().match(*args, **kwargs):
            note = self.said.get(finding.requirement_id)
            yield finding.model_copy(update={"notes": (note,)}) if note else finding


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ScriptedEngine:
    from functools import partial

    from assistant.service import Service
    from tests.assistant.service.scripted import FakeReader

    scripted = Asking({"1.a": (WORDS,)})
    parts: dict[str, Any] = {"engine_factory": lambda settings: scripted, "reader": FakeReader()}
    for door in ("open", "create"):
        monkeypatch.setattr(Service, door, partial(getattr(Service, door), **parts))
    return scripted


@pytest.fixture
def asking(workspace: Assay, folder: Any, monkeypatch: pytest.MonkeyPatch) -> Assay:
    """`assay` in a workspace with documents and a language model as judge."""
    assert workspace("add", *sorted(folder.iterdir())).code == 0
    monkeypatch.setenv("ASSAY_JUDGE", "openai:test")
    monkeypatch.setenv("ASSAY_JUDGE_PRICE_IN", "2")
    monkeypatch.setenv("ASSAY_JUDGE_PRICE_OUT", "10")
    return workspace


def flat(text: str) -> str:
    return " ".join(text.split())


BEFORE = (
    "openai:test will be asked 5 times: about 5,000 tokens in and 2,000 out, price 0.03; at most 12,750 tokens in "
    "and 4,000 out, price 0.07, if every answer has to be repaired. 1 answers are kept from before. The limit is "
    "2,000,000 tokens."
)
AFTER = "openai:test was asked 4 times: 4,000 tokens in and 200 out, price 0.01; 1 answers were kept from before."


def test_the_estimate_alone_matches_nothing(asking: Assay) -> None:
    called = asking("match", "--estimate")
    assert (called.code, flat(called.out)) == (0, BEFORE)
    assert asking("match", "--estimate", "--json").json["most"]["calls"] == 10
    assert "Nothing has been matched yet" in asking("status").out


def test_cost_is_said_before_and_after(asking: Assay) -> None:
    out = flat(asking("match").out)
    assert out.startswith(BEFORE)
    assert out.index(BEFORE) < out.index("Run 1:") < out.index(AFTER)
    assert AFTER in flat(asking("status").out)


def test_disagreements_are_named_and_come_first(asking: Assay) -> None:
    first = "The two judges disagree; look here first: 1.b, 2.a."
    assert first in flat(asking("match").out)
    assert first in flat(asking("status").out)
    assert re.findall(r"^(1\.[abc])  ", asking("show", "1").out, re.MULTILINE) == ["1.b", "1.a", "1.c"]
    assert asking("decide", "--gap", "1.b", "confirm", "--person", "Ana Ruiz").code == 0
    assert "look here first: 2.a." in flat(asking("status").out)


def test_beyond_the_limit_it_is_said_that_the_model_was_not_asked(asking: Assay, engine: Asking) -> None:
    engine.stopped = "The limit of 9 tokens for this run (judge_limit_tokens) is reached."
    engine.said = {"2.b": f"{engine.stopped} {UNASKED}"}
    out = flat(asking("match").out)
    assert f"{engine.stopped} 1 requirements were judged without the language model." in out
    assert "1 of 6 requirements of run 1 were judged without the language model" in flat(asking("status").out)


def test_without_a_language_model_matching_costs_nothing(workspace: Assay) -> None:
    called = workspace("match", "--estimate")
    assert flat(called.out) == "No language model is set (judge): matching costs nothing."
