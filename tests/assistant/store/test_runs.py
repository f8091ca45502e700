from __future__ import annotations

import pytest

from assistant.errors import NotFoundError
from assistant.models import Site
from assistant.store import EventKind, RunInputs, Store
from tests.assistant.service.scripted import SITE, evidence, found, framework, gap, read

DOCUMENT = read("a.pdf", "Drills were held in March.")
FINDINGS = [
    (0, found("1.a", evidence(DOCUMENT, "1.a", "Drills were held"))),
    (1, gap("1.b")),
    (2, gap("2.a")),
    (3, gap("2.b")),
]


def inputs(**more: object) -> RunInputs:
    given = {
        "framework": framework(2, 2),
        "site": SITE,
        "engine": "scripted 1",
        "models": {"judge": "none"},
        "prompts": {},
        "settings": {},
        "promise": "",
        "today": "2026-11-22",
    }
    return RunInputs.model_validate(given | more)


def ready(store: Store) -> None:
    store.documents.save(DOCUMENT, ingestion_version="1")


def test_a_run_keeps_what_it_started_from_and_what_it_found(store: Store) -> None:
    ready(store)
    run, resumed = store.runs.begin(inputs(), store.corpus(), "Ana Ruiz")
    assert not resumed
    assert (run.state, run.documents, run.today.isoformat()) == ("running", {DOCUMENT.sha256: "a.pdf"}, "2026-11-22")
    for finding in reversed(FINDINGS):
        store.runs.save(run.id, [finding])
    assert store.runs.findings(run.id) == [finding for _, finding in FINDINGS]
    assert store.runs.findings(run.id, "2") == [FINDINGS[2][1], FINDINGS[3][1]]
    assert store.runs.finding(run.id, "1.b") == FINDINGS[1][1]
    assert store.runs.finding(run.id, "9.z") is None
    finished = store.runs.finish(run.id, "Ana Ruiz", vectors=12)
    assert (finished.state, finished.vectors, len(finished.digest)) == ("finished", 12, 64)
    assert store.runs.latest() == finished
    assert store.runs.framework(run.id) == framework(2, 2)
    assert [event.kind for event in store.events()][2:] == [EventKind.RUN_STARTED, EventKind.RUN_FINISHED]


def test_an_unfinished_run_of_equal_inputs_goes_on(store: Store) -> None:
    ready(store)
    first, _ = store.runs.begin(inputs(), store.corpus(), "")
    store.runs.save(first.id, FINDINGS[:2])
    again, resumed = store.runs.begin(inputs(), store.corpus(), "")
    assert (again.id, resumed) == (first.id, True)
    assert len(store.runs.findings(again.id)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"site": Site(name="Other")},
        {"engine": "scripted 2"},
        {"models": {"judge": "other"}},
        {"prompts": {"judge": "1"}},
        {"settings": {"shown": "7"}},
        {"today": "2026-11-23"},
        {"framework": framework(2, 3)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_inputs_begin_a_new_run_and_the_old_one_is_abandoned(store: Store, change: dict[str, object]) -> None:
    ready(store)
    first, _ = store.runs.begin(inputs(), store.corpus(), "")
    store.runs.save(first.id, FINDINGS[:1])
    second, resumed = store.runs.begin(inputs(**change), store.corpus(), "")
    assert not resumed
    assert second.id != first.id
    assert store.runs.get(first.id).state == "abandoned"
    assert len(store.runs.findings(first.id)) == 1
    assert store.runs.unfinished() == second


def test_other_documents_or_facts_begin_a_new_run(store: Store) -> None:
    ready(store)
    first, _ = store.runs.begin(inputs(), store.corpus(), "")
    store.documents.correct(DOCUMENT.sha256, DOCUMENT.facts[0].name, "Drill record", "page 1", "Ana Ruiz")
    second, resumed = store.runs.begin(inputs(), store.corpus(), "")
    assert (second.id > first.id, resumed) == (True, False)
    store.documents.save(read("b.pdf", "More."), ingestion_version="1")
    third, resumed = store.runs.begin(inputs(), store.corpus(), "")
    assert (third.id > second.id, resumed) == (True, False)


def test_the_digest_follows_from_inputs_and_findings_alone(store: Store) -> None:
    ready(store)
    digests = []
    for order in (FINDINGS, FINDINGS[::-1], [*FINDINGS[:3], (3, gap("2.b", "stale"))]):  # type: ignore[arg-type]
        run, _ = store.runs.begin(inputs(), store.corpus(), "")
        store.runs.save(run.id, order)
        digests.append(store.runs.finish(run.id, "").digest)
    assert digests[0] == digests[1] != digests[2]


def test_the_latest_run_is_the_newest_finished_one(store: Store) -> None:
    ready(store)
    assert store.runs.latest() is None
    first, _ = store.runs.begin(inputs(), store.corpus(), "")
    assert store.runs.latest() == first
    store.runs.finish(first.id, "")
    store.runs.begin(inputs(today="2026-11-23"), store.corpus(), "")
    latest = store.runs.latest()
    assert latest is not None
    assert latest.id == first.id
    assert [run.state for run in store.runs.all()] == ["finished", "running"]


def test_a_run_that_is_not_there(store: Store) -> None:
    for ask in (store.runs.get, store.runs.framework):
        with pytest.raises(NotFoundError, match="no run 7"):
            ask(7)


def test_texts_are_kept_once_by_their_content(store: Store) -> None:
    one = store.blobs.put("prompt", "Is it so?\x00")
    assert store.blobs.put("prompt", "Is it so?\x00") == one
    assert store.blobs.get(one) == "Is it so?\x00"
    with pytest.raises(NotFoundError, match="no text"):
        store.blobs.get("0" * 64)


def test_a_conversation_is_kept_in_order(store: Store) -> None:
    store.conversations.add("default", "person", {"text": "What is open?"}, "Ana Ruiz")
    store.conversations.add("other", "person", {"text": "Elsewhere"}, "")
    store.conversations.add("default", "assistant", {"sentences": ["Nothing."]}, "Ana Ruiz")
    said = [(message.role, message.value) for message in store.conversations.messages("default")]
    assert said == [("person", {"text": "What is open?"}), ("assistant", {"sentences": ["Nothing."]})]
    assert store.conversations.names() == ["other", "default"]
    assert store.conversations.messages("never") == []
