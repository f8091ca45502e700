"""Killed at any moment, everything that was said to be done is there, and the next command goes on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.service import Service
from tests.assistant.service.scripted import ScriptedEngine, framework
from tests.assistant.service.worker import WORDS
from tests.assistant.service.world import World

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[3]
FILES = 16
CATALOGUE = framework(10, 8)


@pytest.fixture
def big(tmp_path: Path, record_url: str) -> Iterator[World]:
    made = World(tmp_path, record_url, CATALOGUE)
    for number in range(FILES):
        made.file(f"{number:02}.txt", f"{WORDS} in {number}. " + "Filling. " * 400, "Second page. " * 400)
    yield made
    made.close()


def command(world: World, what: str, *more: str) -> list[str]:
    module = "tests.assistant.service.worker"
    return [sys.executable, "-m", module, what, str(world.workspace), str(world.files), world.url, *more]


def until_killed(world: World, what: str, lines: int) -> list[str]:
    """What a process said before it was killed after so many lines; it was in the middle of something then."""
    with subprocess.Popen(command(world, what), stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
        said += process.stdout.read().split("\n")[:-1]  # what it still said between our reading and its end
    assert process.returncode == -9
    return said


def killed_at(world: World, what: str, point: str, times: int) -> list[str]:
    """What a process said before it killed itself at a point."""
    done = subprocess.run(
        command(world, what, point, str(times)), capture_output=True, text=True, cwd=REPOSITORY, check=False
    )
    assert done.returncode == -9, done.stderr
    return done.stdout.splitlines()


def finish(world: World, what: str) -> list[str]:
    done = subprocess.run(command(world, what), capture_output=True, text=True, cwd=REPOSITORY, check=True)
    return done.stdout.splitlines()


def is_whole(service: Service) -> None:
    assert service.verify().problems == ()


def added(world: World, said: list[str]) -> None:
    """All that was said is there and whole; the rest is added by the next call."""
    service = world.open()
    kept = {document.name: document for document in service.documents()}
    for line in said:
        name, status = line.split()
        assert status == "read"
        assert (kept[name].pages, kept[name].passages) == (2, 2)
        assert service.original(kept[name].sha256).read_bytes() == (world.files / name).read_bytes()
    is_whole(service)
    again = dict(line.split() for line in finish(world, "add"))
    assert {name for name, status in again.items() if status == "skipped"} == set(kept)
    assert len(service.documents()) == FILES
    is_whole(service)


@pytest.mark.parametrize("lines", [1, 9])
def test_killed_while_adding(big: World, lines: int) -> None:
    added(big, until_killed(big, "add", lines))


@pytest.mark.parametrize(
    "point", ["in the event", "between the pages and the event", "before the rename", "while copying"]
)
def test_killed_in_the_middle_of_one_document(big: World, point: str) -> None:
    said = killed_at(big, "add", point, 8)
    assert said
    added(big, said)


def matched(world: World, said: list[str]) -> None:
    service = world.open()
    kept = [view.requirement.id for view in service.findings()]
    assert kept[: len(said)] == said
    assert len(kept) - len(said) in (0, 1)
    is_whole(service)
    digest = finish(world, "match")[-1].split()[1]
    runs = service.runs()
    assert [(run.id, run.state, run.digest) for run in runs] == [(1, "finished", digest)]
    assert len(service.findings()) == 80
    assert finish(world, "match")[-1] == f"finished {digest}"
    is_whole(service)


@pytest.mark.parametrize("lines", [1, 50])
def test_killed_while_matching(big: World, lines: int) -> None:
    finish(big, "add")
    matched(big, until_killed(big, "match", lines))


def test_killed_when_a_run_was_about_to_end(big: World) -> None:
    finish(big, "add")
    matched(big, killed_at(big, "match", "in the run's digest", 1))


@pytest.mark.parametrize("lines", [1, 30])
def test_killed_while_deciding(big: World, lines: int) -> None:
    decided(big, lambda: until_killed(big, "decide", lines))


def test_killed_between_a_decision_and_its_event(big: World) -> None:
    decided(big, lambda: killed_at(big, "decide", "in the event", 8))


def decided(world: World, kill) -> None:  # type: ignore[no-untyped-def]
    list(world.service.add(sorted(world.files.iterdir())[:1]))
    world.engine = ScriptedEngine({r.id: (WORDS,) for c in CATALOGUE.criteria for r in c.requirements})
    world.service.match()
    said = kill()
    service = world.open()
    ids = [str(decision.id) for decision in service.decisions()]
    assert ids[: len(said)] == said
    assert len(ids) - len(said) in (0, 1)
    is_whole(service)
    assert finish(world, "decide")[-1] == "done"
    assert all(item.decision for view in service.findings() for item in view.evidence)
    assert len(service.decisions()) == 80
    is_whole(service)
