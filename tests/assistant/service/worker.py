"""A process to be killed: `python -m tests.assistant.service.worker WHAT WORKSPACE FILES [POINT TIMES]`.

Prints a line for everything that is done, after it is done. With a POINT it kills itself there, in the middle of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.access import Person
from assistant.config import Settings
from assistant.models import Finding
from assistant.service import Service
from assistant.store import chain, documents, originals, runs
from tests.assistant.service.scripted import TODAY, FakeReader, ScriptedEngine

WORDS = "Drills were held"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Telling(ScriptedEngine):
    """Says which findings are kept: the one before is, when the next is asked for."""

    def match(self, *args: Any, **more: Any) -> Iterator[Finding]:
        for finding in super().match(*args, **more):
            yield finding
            say(finding.requirement_id)


def die_at(point: str, times: int) -> None:
    """Kill this very process when it comes to a point for the given time."""
    where, name = {
        "in the event": (chain, "append"),
        "between the pages and the event": (documents, "_spans"),
        "before the rename": (originals, "_sync_folder"),
        "while copying": (originals, "_copy"),
        "in the run's digest": (runs, "findings_digest"),
    }[point]
    original = getattr(where, name)
    left = times

    def counted(*args: Any, **more: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            if name == "_copy":
                args[1].write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **more)

    setattr(where, name, counted)


def main(what: str, workspace: str, files: str, url: str, point: str = "", times: str = "1") -> None:
    if point:
        die_at(point, int(times))
    engine = Telling({f"{number}.{chr(97 + at)}": (WORDS,) for number in range(1, 11) for at in range(8)})
    service = Service.open(
        Path(workspace),
        Person(name="Ana Ruiz"),
        settings=Settings(workspace=Path(workspace), database=url, today=TODAY),
        engine_factory=lambda settings: engine,
        reader=FakeReader(),
    )
    if what == "add":
        for result in service.add(sorted(Path(files).iterdir())):
            say(f"{result.name} {result.status}")
    elif what == "match":
        say(f"finished {service.match().run.digest}")
    elif what == "decide":
        decided = {decision.key for decision in service.decisions()}
        for view in service.findings():
            for item in view.evidence:
                if item.evidence.key not in decided:
                    say(str(service.decide("evidence", item.evidence.key, view.requirement.id, "confirmed").id))
        say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
