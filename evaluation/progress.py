"""Progress of an evaluation on standard error, with an estimate of what is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = 5.0
"""How often a line is written where no terminal overwrites it."""

TERMINAL_SECONDS = 0.2


class Estimate:
    """A `Progress` that writes "aims-au: 12 of 50 documents matched, about 40 s left".

    A step that starts again at a lower count, or is named otherwise, starts a new estimate.
    """

    def __init__(self, label: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._label = label
        self._stream = stream or sys.stderr
        self._clock = clock
        self._live = self._stream.isatty()
        self._what = ""
        self._started = self._written = clock()
        self._first = self._last = 0

    def __call__(self, done: int, total: int, what: str) -> None:
        """Report that `done` of `total` is done."""
        now = self._clock()
        if what != self._what or done < self._last:
            self._what, self._started, self._first = what, now, done
            self._written = now - EVERY_SECONDS
        self._last = done
        if done < total and now - self._written < (TERMINAL_SECONDS if self._live else EVERY_SECONDS):
            return
        self._written = now
        self._stream.write(self._line(done, total, now - self._started))
        self._stream.flush()

    def _line(self, done: int, total: int, seconds: float) -> str:
        text = f"{self._label}: {done} of {total} {self._what}"
        steps = done - self._first
        if done < total and steps > 0:
            text += f", about {_span(seconds / steps * (total - done))} left"
        if self._live:
            return f"\r\x1b[2K{text}" + ("\n" if done >= total else "")
        return text + "\n"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
