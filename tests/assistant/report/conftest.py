from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.models import Site
from tests.assistant.service.world import DRILLS, WATER, World

HOSTILE = (
    '=HYPERLINK("http://example.org","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "#REF!",
    "\x07bell \u202egnp.exe \ufffe",
)
"""What a spreadsheet program would act on, or would refuse to open."""


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[World]:
    """A workspace with a run, a confirmed quote, a rejected one, a confirmed gap, ratings and hostile words."""
    world = World(tmp_path)
    world.change_site(Site(name="=Cerro & Ejemplo"))
    world.add("a.txt", f"{DRILLS} {WATER}")
    world.add("=cmd.txt", *(f"{text} stands on a page." for text in HOSTILE[:4]))
    world.add("bad.txt", "unreadable")
    world.engine.words = {"1.a": (DRILLS,), "1.b": (WATER, DRILLS), "2.a": HOSTILE[:4]}
    world.service.match()
    world.decide("1.a", reason="=SUM(A1:A9)")
    world.decide("1.b", "rejected", "@it is a promise only", which=1)
    world.service.decide("gap", "1.c", "1.c", "confirmed", "+nothing there")
    world.service.undo(world.decide("2.a"), "-too early")
    world.service.rate("1", "does not meet", "=early")
    world.service.rate("1", "partially meets", '=HYPERLINK("http://example.org")')
    yield world
    world.close()


@pytest.fixture
def world_without_run(tmp_path: Path) -> Iterator[World]:
    """A workspace with a document and no run."""
    world = World(tmp_path)
    world.add("a.txt", DRILLS)
    yield world
    world.close()
