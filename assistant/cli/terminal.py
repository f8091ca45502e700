"""What is printed and how: consoles, colours of the statuses, JSON, and text that a terminal must not act on."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from assistant.models import Status

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES: dict[Status, str] = {
    Status.SUPPORTED: "green",
    Status.PARTLY: "yellow",
    Status.NEEDS_PERSON: "cyan",
    Status.GAP: "red",
    Status.CONTRADICTED: "bold red",
    Status.NOT_APPLICABLE: "dim",
}
"""Colours stand beside the words, never for them."""

_PIPE_WIDTH = 120
"""Columns when the output goes to a file or a pipe, where nobody says how wide it is."""

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
"""Characters that reorder or break the line they stand in (Unicode TR 9), used to disguise file names."""


def plain(text: str) -> str:
    """`text` with every character that a terminal would act on replaced by a visible mark; line breaks stay."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if char in _DIRECTION or (unicodedata.category(char) == "Cc" and char not in "\n\t")
        else char
        for char in text
    )


def console(*, stderr: bool = False) -> Console:
    """A console that takes text literally: no markup, no emoji names, no guessing at what to colour."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    told = stream.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(
        stderr=stderr,
        markup=False,
        emoji=False,
        highlight=False,
        width=None if told else _PIPE_WIDTH,
    )


def tell(out: Console, text: str | Text, style: str | None = None) -> None:
    """A sentence: wrapped at words on a terminal, on one line in a file or a pipe, where programs look for it."""
    out.print(plain(text) if isinstance(text, str) else text, style=style, soft_wrap=not out.is_terminal)


def status_text(status: Status) -> Text:
    """The status as a word in its colour."""
    from rich.text import Text

    return Text(status.value, style=STYLES[status])


def say(text: str) -> None:
    """One line on stdout."""
    click.echo(plain(text))


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, in ASCII, so that neither a terminal nor a locale can change it."""
    click.echo(json.dumps(value, ensure_ascii=True, default=str))


def fields(value: Any, names: Iterable[str]) -> dict[str, Any]:
    """The named attributes of `value`, as JSON takes them."""
    return {name: getattr(value, name) for name in names}
