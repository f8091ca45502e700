from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from assistant.access import Person
from assistant.config import Settings
from assistant.errors import AccessError, CatalogueError, WorkspaceError
from assistant.models import Status
from assistant.service import Service
from assistant.store.database import DATABASE_FILE
from tests.assistant.service.scripted import SITE
from tests.assistant.service.world import DRILLS, WATER, World

HEAVY = ("torch", "chromadb", "streamlit", "onnxruntime", "alembic", "langchain_core", "sentence_transformers", "scipy")


def test_before_the_first_run_every_criterion_is_there_without_a_status(world: World) -> None:
    status = world.service.status()
    assert [(c.id, c.number, c.title, c.status) for c in status.criteria] == [
        ("1", 1, "Criterion 1", None),
        ("2", 2, "Criterion 2", None),
    ]
    assert (status.run, status.promise, status.problems) == (None, "", ())
    world.add("a.txt", DRILLS)
    assert world.service.status().problems == ("Nothing has been matched yet; run the matching.",)


def test_the_status_of_a_workspace_as_json(world_on: World) -> None:
    world_on.add("a.txt", DRILLS, WATER)
    world_on.add("bad.txt", "x")
    world_on.match(a1="Drills were held", b1="Drills", c1="held")
    world_on.decide("1.a")
    world_on.decide("1.b", "rejected", "another site")
    world_on.service.rate("1", "fully meets", "page 1")
    status = json.loads(world_on.service.status().model_dump_json())
    assert status["criteria"] == [
        {
            "id": "1",
            "number": 1,
            "title": "Criterion 1",
            "area": "",
            "category": "",
            "status": "supported",
            "counts": {
                "supported": 3,
                "partly": 0,
                "needs_a_person": 0,
                "gap": 0,
                "contradicted": 0,
                "not_applicable": 0,
            },
            "confirmed": 1,
            "rejected": 1,
            "rating": "fully meets",
        },
        {
            "id": "2",
            "number": 2,
            "title": "Criterion 2",
            "area": "",
            "category": "",
            "status": "gap",
            "counts": {
                "supported": 0,
                "partly": 0,
                "needs_a_person": 0,
                "gap": 3,
                "contradicted": 0,
                "not_applicable": 0,
            },
            "confirmed": 0,
            "rejected": 0,
            "rating": None,
        },
    ]
    assert status["documents"] == {
        "total": 2,
        "read": 1,
        "partly": 0,
        "unreadable": 1,
        "pages": 2,
        "passages": 2,
        "suspicions": 1,
    }
    assert (status["quotes_shown"], status["quotes_verified"]) == (3, 3)
    assert status["promise"] == "One gap in ten may be wrong."
    assert status["problems"] == ["bad.txt: it is damaged"]


def test_quotes_are_verified_anew_against_the_stored_page(world: World) -> None:
    world.add("a.txt", DRILLS, WATER)
    world.match(a1="Drills were held", b2="monitor water")
    with closing(sqlite3.connect(world.workspace / DATABASE_FILE)) as connection:
        connection.execute("UPDATE page SET text = replace(text, 'held', 'made') WHERE number = 1")
        connection.commit()
    status = world.service.status()
    assert (status.quotes_shown, status.quotes_verified) == (2, 1)
    assert status.problems == ("a.txt, page 1: a quote shown for requirement 1.a does not stand in the stored page.",)
    assert world.service.verify().problems == (
        "a.txt: its stored text or facts were changed after it was read; remove it and add it again.",
        "a.txt, page 1: a quote of run 1 for requirement 1.a is not in the stored page.",
    )


def test_what_changed_since_the_run_is_said(world: World) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    world.match()
    world.add("b.txt", WATER)
    changed = "The documents have changed since run 1 (1 added, 0 removed); match again."
    assert world.service.status().problems == (changed,)
    world.match()
    world.service.correct_fact(sha256, "title", "Drill record", "page 1")
    assert world.service.status().problems == ("Document facts or readings have changed since run 2; match again.",)
    world.match()
    assert world.service.status().problems == ()


def test_verify_counts_what_it_checked(world_on: World) -> None:
    world_on.add("a.txt", DRILLS, WATER)
    world_on.match(a1="Drills were held", b2="monitor water")
    world_on.match(a1="Drills were held")
    world_on.decide("1.a")
    report = world_on.service.verify()
    assert report.ok
    assert (report.quotes, report.quotes_verified, report.readings, report.runs, report.originals) == (4, 4, 1, 2, 1)
    assert (report.events, report.head) == (7, world_on.service.events()[-1].hash)
    assert json.loads(report.model_dump_json())["ok"] is True


def test_a_decision_whose_quote_was_changed_is_found_with_its_event(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match(a1="Drills were held")
    world.decide("1.a")
    with closing(sqlite3.connect(world.workspace / DATABASE_FILE)) as connection:
        connection.execute("DROP TRIGGER decision_no_update")
        connection.execute("UPDATE decision SET proposal = replace(proposal, 'were held', 'were mode')")
        connection.commit()
    assert world.service.verify().problems == (
        "The decision 1 was changed after it was made (proposal).",
        "a.txt, page 1: the quote of decision 1 for requirement 1.a is not in the stored page.",
    )


def test_an_index_that_lost_vectors_is_found(world: World) -> None:
    class Vectors:
        held = 10

        def count(self) -> int:
            return self.held

    world.engine.vectors = Vectors()  # type: ignore[attr-defined]
    world.add("a.txt", DRILLS)
    world.match()
    assert world.service.verify().vectors == 10
    assert world.service.verify().ok
    Vectors.held = 9
    assert world.service.verify().problems == (
        "The vector index holds 9 vectors, but 10 when run 1 ended; it is derived: rebuild it.",
    )


def test_a_workspace_is_made_once_and_opened_often(world: World) -> None:
    with pytest.raises(WorkspaceError, match="already"):
        Service.create(world.workspace, SITE, str(world.catalogue), settings=world.settings())
    opened = world.open()
    assert (opened.site(), opened.framework().id, opened.workspace) == (SITE, "small", world.workspace)


def test_a_framework_that_cannot_be_used_leaves_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        Service.create(tmp_path / "w", SITE, "no-such-framework", settings=Settings())
    assert not (tmp_path / "w").exists()


def test_the_person_of_the_settings_is_signed_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.open(None).person is None
    monkeypatch.setenv("ASSAY_PERSON", "Li Wei")
    monkeypatch.setenv("ASSAY_ROLE", "reviewer")
    opened = Service.open(world.workspace)
    assert opened.person == Person(name="Li Wei", role="reviewer")  # type: ignore[arg-type]
    opened.close()
    monkeypatch.setenv("ASSAY_ROLE", "boss")
    with pytest.raises(AccessError, match="no role 'boss'"):
        Service.open(world.workspace)


def test_in_a_team_nobody_reads_without_signing_in(world: World) -> None:
    team = Service(world.service.store, world.settings(), mode="team")
    for ask in (team.documents, team.findings, team.status, team.decisions, team.events, team.verify, team.site):
        with pytest.raises(AccessError, match="Nobody is signed in: to read this workspace"):
            ask()
    assert team.signed_in(Person(name="Li Wei")).documents() == []


def test_importing_the_service_loads_nothing_heavy() -> None:
    code = f"import sys, assistant.service; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_a_workspace_loads_nothing_heavy(world: World) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.service import Service; "
        f"s = Service.open(Path({str(world.workspace)!r})); s.status(); s.close(); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_status_words_are_the_field_names_of_the_counts() -> None:
    from assistant.service import StatusCounts

    assert list(StatusCounts.model_fields) == [status.value.replace(" ", "_") for status in Status]
