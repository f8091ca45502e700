from __future__ import annotations

import pytest

from assistant.errors import NotFoundError, WorkspaceError
from assistant.models import Finding, Site, Status
from assistant.service import StatusCounts
from assistant.service.matching import checked
from assistant.store import EventKind
from tests.assistant.service.scripted import evidence, found, framework, gap, read
from tests.assistant.service.world import DRILLS, WATER, World


def test_a_matching_finds_and_keeps(world_on: World) -> None:
    world_on.add("a.txt", DRILLS, WATER)
    summary = world_on.match(a1="Drills were held", b2="monitor water")
    assert (summary.findings, summary.quotes_shown, summary.resumed) == (6, 2, False)
    assert summary.counts == StatusCounts(supported=2, gap=4)
    views = world_on.open().findings()
    assert [(v.requirement.id, v.criterion.id, v.finding.status) for v in views] == [
        ("1.a", "1", Status.SUPPORTED),
        ("1.b", "1", Status.GAP),
        ("1.c", "1", Status.GAP),
        ("2.a", "2", Status.GAP),
        ("2.b", "2", Status.SUPPORTED),
        ("2.c", "2", Status.GAP),
    ]
    assert [v.requirement.id for v in world_on.service.findings("2")] == ["2.a", "2.b", "2.c"]
    assert world_on.service.latest_run() == summary.run
    with pytest.raises(NotFoundError, match="no criterion 9"):
        world_on.service.findings("9")


def test_the_run_records_what_it_started_from(world: World) -> None:
    sha256 = world.add("a.txt", DRILLS).sha256
    run = world.match().run
    assert (run.framework_id, run.framework_version, run.framework_digest) == ("small", "1", framework().digest())
    assert (run.documents, run.engine, run.prompts) == ({sha256: "a.txt"}, "scripted 1", {"judge": "0" * 64})
    assert (run.settings, run.promise) == ({"shown": "6"}, "One gap in ten may be wrong.")
    assert world.service.store.runs.framework(run.id) == framework()


def test_the_same_input_gives_the_same_digest_whatever_the_order_of_adding(world: World) -> None:
    world.add("b.txt", WATER)
    world.add("a.txt", DRILLS)
    first = world.match(a1="Drills")
    second = world.match(a1="Drills")
    assert (first.run.id, second.run.id) == (1, 2)
    assert first.run.digest == second.run.digest
    assert world.match(a1="held").run.digest != first.run.digest


def test_an_interrupted_matching_goes_on_where_it_stopped(world_on: World) -> None:
    world_on.add("a.txt", DRILLS)
    world_on.engine.stop_after = 4
    with pytest.raises(RuntimeError):
        world_on.match(a1="Drills")
    assert len(world_on.open().findings()) == 4
    assert world_on.service.status().problems[0] == "Run 1 was not finished; match again to go on with it."
    world_on.engine.stop_after = None
    summary = world_on.match(a1="Drills")
    assert (summary.run.id, summary.resumed, summary.findings) == (1, True, 6)
    assert world_on.engine.asked[-1] == ("2.b", "2.c")
    whole = world_on.match(a1="Drills")
    assert (whole.run.id, whole.run.digest) == (2, summary.run.digest)


def test_another_input_leaves_the_interrupted_run_behind(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.engine.stop_after = 4
    with pytest.raises(RuntimeError):
        world.match()
    world.engine.stop_after = None
    world.add("b.txt", WATER)
    summary = world.match()
    assert (summary.run.id, summary.resumed) == (2, False)
    assert [run.state for run in world.service.runs()] == ["abandoned", "finished"]
    assert len(world.service.store.events(EventKind.RUN_ABANDONED)) == 1


def test_an_engine_that_leaves_something_out_does_not_finish_the_run(world: World) -> None:
    world.add("a.txt", DRILLS)
    match = world.engine.match
    world.engine.match = lambda *a, **k: (f for f in match(*a, **k) if f.requirement_id != "2.b")  # type: ignore[method-assign,assignment]
    with pytest.raises(WorkspaceError, match=r"gave no finding for 2\.b; the run stays open"):
        world.match()


def test_without_documents_there_is_nothing_to_match(world: World) -> None:
    with pytest.raises(WorkspaceError, match="no documents in this workspace yet"):
        world.match()


def test_one_matching_at_a_time(world_on: World) -> None:
    world_on.add("a.txt", DRILLS)
    other = world_on.open()
    prepare = world_on.engine.prepare

    def and_meanwhile(documents, progress):  # type: ignore[no-untyped-def]
        with pytest.raises(WorkspaceError, match="Another matching is going on"):
            other.match()
        return prepare(documents, progress)

    world_on.engine.prepare = and_meanwhile  # type: ignore[method-assign]
    assert world_on.match().findings == 6


def test_documents_are_prepared_once_while_they_do_not_change(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match()
    world.match()
    assert world.service.search("Drills") == ["a.txt"]
    assert world.engine.prepared == 1
    world.add("b.txt", WATER)
    assert world.service.search("water") == ["b.txt"]
    assert world.engine.prepared == 2


def test_a_quote_that_does_not_stand_in_its_page_never_gets_in() -> None:
    document = read("a.txt", DRILLS)
    texts = {(document.sha256, 1): DRILLS}
    good = evidence(document, "1.a", "Drills were held")
    moved = good.model_copy(update={"start": 1, "end": 17})
    invented = good.model_copy(update={"quote": "Drills were hold"})
    elsewhere = good.model_copy(update={"page": 2})
    kept = checked(found("1.a", good, moved, invented, elsewhere), texts)
    assert (kept.evidence, kept.quotes_failed, kept.status) == ((good,), 3, Status.NEEDS_PERSON)
    assert kept.notes == ("3 quote(s) did not stand in the stored page and were left out.",)
    whole = found("1.a", good)
    assert checked(whole, texts) == whole
    best = checked(gap("1.a", best=invented), texts)
    assert best.gap is not None
    assert (best.gap.best, best.status, best.quotes_failed) == (None, Status.GAP, 1)


def test_the_door_drops_what_the_engine_invents(world: World) -> None:
    world.add("a.txt", DRILLS)
    match = world.engine.match

    def inventing(*args, **more):  # type: ignore[no-untyped-def]
        for finding in match(*args, **more):
            items = tuple(item.model_copy(update={"quote": "Nobody said this"}) for item in finding.evidence)
            yield Finding.model_validate(finding.model_dump() | {"evidence": items})

    world.engine.match = inventing  # type: ignore[method-assign]
    summary = world.match(a1="Drills")
    assert (summary.quotes_shown, summary.quotes_failed) == (0, 1)
    status = world.service.status()
    assert (status.quotes_shown, status.quotes_verified, status.quotes_failed) == (0, 0, 1)


def test_findings_keep_the_framework_their_run_used(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match(a1="Drills")
    world.use(framework(1, 1))
    assert [v.requirement.id for v in world.service.findings()] == ["1.a", "1.b", "1.c", "2.a", "2.b", "2.c"]
    assert len(world.service.framework().criteria) == 1
    assert len(world.service.status().criteria) == 2
    world.match()
    assert [v.requirement.id for v in world.service.findings()] == ["1.a"]


def test_a_changed_site_asks_for_a_new_matching(world: World) -> None:
    world.add("a.txt", DRILLS)
    world.match()
    assert world.service.status().problems == ()
    world.change_site(Site(name="Cerro Ejemplo", country="CL"))
    assert world.service.status().problems == ("The site has changed since run 1; match again.",)
