from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.store import Store
from tests.assistant.service.scripted import SITE
from tests.assistant.store.postgres import postgres_server, postgres_url, record_url

__all__ = ["postgres_server", "postgres_url", "record_url", "store"]


@pytest.fixture
def store(tmp_path: Path, record_url: str) -> Iterator[Store]:
    """An empty record on each database in turn."""
    made = Store.create(tmp_path / "workspace", SITE, "rra-v2", url=record_url)
    yield made
    made.close()
