"""Progress with an estimate on stderr, for anything that may take more than two seconds.

Nothing is shown when stderr is no terminal or when a program reads the output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.cli.terminal import console, plain
from assistant.progress import Progress, silent

_LONGEST = 60
"""Characters of a step that are shown, so that the bar keeps to one line."""


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """Show a bar with counts, time spent and time left while the block runs; it takes what the service reports."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    # Lines printed meanwhile go above the bar on a terminal, and to their file when stdout is one.
    out = console(stderr=True)
    with Bar(*columns, console=out, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int, step: str) -> None:
            bar.update(task, completed=done, total=total or None, description=plain(f"{what}: {step}"[:_LONGEST]))

        yield report


@contextmanager
def waiting(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Show that something is going on whose length nobody can foresee."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    with console(stderr=True).status(plain(what)):
        yield
