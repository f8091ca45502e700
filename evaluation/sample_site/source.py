"""Content files as types: front matter, blocks of text, and marks that say which words speak for which requirement.

A mark stands in the text as `[[19.c R| words ]]`: requirement ids, a letter for what the words are, and the words.
Several `ids letter` groups are separated by `;`. The letters are in `LETTERS`; a letter code that starts with `-`
marks words that look like evidence and do not close the requirement, with the reason (`REASONS`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"

LETTERS = {
    "C": "commitment",
    "P": "procedure",
    "R": "record",
    "F": "performance",
    "A": "assurance",
    "X": "contradicted",
}
REASONS = {
    "-commitment": "only a commitment",
    "-expired": "expired",
    "-stale": "stale",
    "-draft": "draft",
    "-superseded": "superseded",
    "-other": "other site",
}
MARK = re.compile(r"\[\[([^|\[\]]+)\|\s*(.*?)\s*\]\]", re.DOTALL)
LONGEST_QUOTE = 600


class ContentError(ValueError):
    """A content file is not in the form this module describes; the message names the file and the place."""


@dataclass(frozen=True)
class Mark:
    """Words of a document that speak for one requirement, for (`letter` of `LETTERS`) or only seemingly (`REASONS`)."""

    requirement: str
    letter: str
    quote: str


@dataclass(frozen=True)
class Block:
    """One piece of layout. `kind` is h1, h2, h3, p, bullet, number, box, table, or an `@` directive's name."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Source:
    """One document as written: what the front matter says, its blocks without marks, and its marks."""

    path: Path
    front: dict[str, Any]
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...] = field(default=())

    @property
    def file(self) -> str:
        """Name of the made file."""
        return str(self.front["file"])

    @property
    def format(self) -> str:
        """Suffix of the made file, or `scan` for the PDF without a text layer."""
        return str(self.front.get("format", Path(self.file).suffix[1:]))

    def text(self) -> str:
        """All words of the document in order, for checks on documents whose made file has no text layer."""
        parts = [block.text + "\n" + "\n".join(" ".join(row) for row in block.rows) for block in self.blocks]
        return "\n".join(parts)


def sources(folder: Path = CONTENT) -> list[Source]:
    """All content files in name order."""
    return [read(path) for path in sorted(folder.glob("*.md"))]


def read(path: Path) -> Source:
    """Parse one content file. Raises `ContentError` when its front matter, a mark or a directive is malformed."""
    raw = path.read_text(encoding="utf-8")
    parts = raw.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ContentError(f"{path.name}: a content file begins with a front matter between two lines of ---.")
    try:
        front = yaml.safe_load(parts[1])
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: the front matter is not YAML ({error}).") from error
    body, marks = strip_marks(parts[2], path.name)
    return Source(path, front, tuple(_blocks(body)), tuple(marks))


def strip_marks(body: str, name: str) -> tuple[str, list[Mark]]:
    """Text without its marks, and the marks in order."""
    marks: list[Mark] = []

    def unwrap(found: re.Match[str]) -> str:
        quote = re.sub(r"\s+", " ", found[2]).strip()
        if len(quote) > LONGEST_QUOTE:
            raise ContentError(
                f"{name}: a quote may have {LONGEST_QUOTE} characters, this has {len(quote)}: {quote[:60]}…"
            )
        for group in found[1].split(";"):
            ids, _, letter = group.strip().rpartition(" ")
            if letter not in LETTERS and letter not in REASONS:
                raise ContentError(
                    f"{name}: unknown letter {letter!r} in mark [[{found[1]}|; possible: {[*LETTERS, *REASONS]}."
                )
            marks.extend(Mark(one.strip(), letter, quote) for one in ids.split(","))
        return found[2]

    text = MARK.sub(unwrap, body)
    if "[[" in text or "]]" in text:
        place = max(text.find("[["), text.find("]]"))
        raise ContentError(f"{name}: a mark is not closed near {text[max(0, place - 40) : place + 60]!r}.")
    return text, marks


def _blocks(body: str) -> list[Block]:
    """Cut a body without marks into blocks; an empty line ends a paragraph, a line of another kind does too."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    rows: list[tuple[str, ...]] = []

    def flush() -> None:
        if paragraph:
            blocks.append(Block("p", " ".join(paragraph)))
            paragraph.clear()
        if rows:
            blocks.append(Block("table", rows=tuple(rows)))
            rows.clear()

    for line in body.splitlines():
        stripped = line.strip()
        if stripped.startswith("|"):
            if paragraph:
                flush()
            rows.append(tuple(cell.strip() for cell in stripped.strip("|").split("|")))
            continue
        simple = re.match(r"(#{1,3}|-|>|\d+[.)]|@[a-z]+)(?:\s+(.*))?$", stripped)
        if not stripped or simple:
            flush()
        if simple:
            blocks.append(_simple(simple[1], simple[2] or ""))
        elif (
            stripped and blocks and not paragraph and line.startswith("  ") and blocks[-1].kind in ("bullet", "number")
        ):
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {stripped}")
        elif stripped:
            paragraph.append(stripped)
    flush()
    return blocks


def _simple(sign: str, text: str) -> Block:
    if sign.startswith("#"):
        return Block(f"h{len(sign)}", text)
    if sign.startswith("@"):
        return Block(sign[1:], text)
    if sign == "-":
        return Block("bullet", text)
    if sign == ">":
        return Block("box", text)
    return Block("number", f"{sign} {text}")
