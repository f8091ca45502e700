from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.assistant.chat.site import site
from tests.assistant.service.world import World


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A site with four documents that nothing was matched or decided on; tests only ask."""
    made = site(tmp_path_factory.mktemp("site"))
    yield made
    made.close()
