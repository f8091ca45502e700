"""`python -m assistant.index.ready`: make the shipped models' graphs now instead of on first use."""

from __future__ import annotations

from assistant.index.cross_encoder import SHIPPED, open_reader
from assistant.index.embedders import open_embedder

SHIPPED_EMBEDDERS = ("minilm", "use-multilingual")


def make_ready() -> None:
    """Open every shipped model once; what is made of them stays in the cache. Raises `ModelError`."""
    for name in SHIPPED_EMBEDDERS:
        open_embedder(name)
    open_reader(SHIPPED)


if __name__ == "__main__":
    make_ready()
