"""How long work reports where it is: `progress(done, total, what)`, with `what` a short phrase for a person."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Report nothing."""
