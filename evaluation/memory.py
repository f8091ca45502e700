"""Peak memory of this process and its children while something runs, sampled with psutil."""

from __future__ import annotations

import threading
from types import TracebackType

import psutil

SAMPLE_SECONDS = 0.25
"""Short enough to see an index being built, long enough to cost nothing."""


class PeakMemory:
    """Context manager; afterwards `peak_mb` is the highest resident size seen, children included.

    >>> with PeakMemory() as memory:
    ...     text = "ore" * 1000
    >>> memory.peak_mb > 1
    True
    """

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak-memory", daemon=True)

    def __enter__(self) -> PeakMemory:
        self._sample()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._sample()

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self._sample()

    def _sample(self) -> None:
        self.peak_mb = max(self.peak_mb, resident_mb())


def resident_mb() -> float:
    """Resident size of this process and its children now, in megabytes."""
    me = psutil.Process()
    total = me.memory_info().rss
    for child in me.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:  # it ended between the two looks
            continue
    return float(total / 1e6)
