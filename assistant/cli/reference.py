"""`python -m assistant.cli.reference docs/commands.md`: the page of all commands, from the program's own help.

A test compares the page with what this gives, so it cannot fall behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assistant.cli.application import COMMANDS, application

WIDTH = 100
"""Columns of the help on the page, whatever the terminal has."""

_OPENING = """\
# Commands

Made by `make docs` from the program's own help; a test fails when it falls behind.

The workspace is named by `--workspace` or `ASSAY_WORKSPACE`, the person who signs by `--person` or `ASSAY_PERSON`; both
may stand before or after the command. `--json` prints what a program reads, in ASCII, and shows no progress. Progress
with an estimate goes to stderr, and only to a terminal.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | `verify` found a problem, `evaluate` a figure that fell under its baseline, or Assay has a defect |
| 2 | an error with one sentence that says what to do; with `--debug` also its traceback |
| 130 | interrupted; the sentence says what is kept and which command goes on |
"""


def page() -> str:
    """The whole page as Markdown."""
    top = click.Context(
        application,
        info_name="assay",
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=application.context_settings["help_option_names"],
    )
    parts = [_OPENING, _section("assay", top)]
    for names in COMMANDS.values():
        for name in names:
            command = application.get_command(top, name)
            if command is not None:
                own = click.Context(command, info_name=name, parent=top, terminal_width=WIDTH)
                parts.append(_section(f"assay {name}", own))
    return "\n".join(parts)


def _section(title: str, context: click.Context) -> str:
    with context:
        text = context.get_help()
    body = "\n".join(line.rstrip() for line in text.splitlines()).strip()
    return f"## {title}\n\n```text\n{body}\n```\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
