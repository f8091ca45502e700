from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assistant.service.world import World
from tests.assistant.store.postgres import postgres_server, postgres_url, record_url

__all__ = ["postgres_server", "postgres_url", "record_url", "world", "world_on"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty workspace with a scripted reader and engine, opened by an assessor, on SQLite."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def world_on(tmp_path: Path, record_url: str) -> Iterator[World]:
    """The same on each database in turn."""
    made = World(tmp_path, record_url)
    yield made
    made.close()
