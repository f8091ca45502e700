"""Many at once on one workspace: nothing is lost, and the chain stays one chain."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from assistant.access import Person
from assistant.errors import DecisionError
from tests.assistant.service.scripted import framework
from tests.assistant.service.world import DRILLS, World

THREADS = 8


def together(work: Callable[[int], None]) -> list[BaseException]:
    """Run `work` in threads that begin at the same moment; what they raised."""
    barrier = threading.Barrier(THREADS)
    raised: list[BaseException] = []

    def begin(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_eight_people_decide_at_once(world_on: World) -> None:
    world_on.use(framework(3, 3))
    world_on.add("a.txt", DRILLS)
    world_on.match(a1="Drills were held", b2="Drills")
    keys = {r: world_on.finding(r).evidence[0].evidence.key for r in ("1.a", "2.b")}

    def decide(number: int) -> None:
        service = world_on.service.signed_in(Person(name=f"Person {number}"))
        for verdict in ("confirmed", "rejected", "confirmed"):
            service.decide("evidence", keys["1.a"], "1.a", verdict, "because")
            service.decide("gap", "1.b", "1.b", verdict, "because")
        service.decide("evidence", keys["2.b"], "2.b", "confirmed")
        service.rate("1", "fully meets", f"seen by {number}")
        service.findings()

    assert together(decide) == []
    assert Counter(decision.person for decision in world_on.service.decisions()) == {
        f"Person {number}": 7 for number in range(THREADS)
    }
    assert len(world_on.service.ratings()) == THREADS
    assert world_on.service.verify().problems == ()


def test_one_decision_is_undone_once(world_on: World) -> None:
    world_on.add("a.txt", DRILLS)
    world_on.match(a1="Drills were held")
    number = world_on.decide("1.a")
    raised = together(lambda _: world_on.service.undo(number) and None)
    assert [type(error) for error in raised] == [DecisionError] * (THREADS - 1)
    assert len(world_on.service.decisions()) == 2
    assert world_on.service.verify().problems == ()


def test_the_same_file_added_by_all_is_kept_once(world_on: World) -> None:
    path = world_on.file("a.txt", DRILLS)
    assert together(lambda _: list(world_on.service.add([path])) and None) == []
    assert [document.name for document in world_on.service.documents()] == ["a.txt"]
    assert world_on.service.verify().problems == ()
