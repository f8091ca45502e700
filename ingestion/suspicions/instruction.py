"""Passages of a text that speak to a machine reader, with their places."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import Literal
from unicodedata import normalize

from ..sentences import sentences
from .phrases import GROUPS

Kind = Literal["instruction", "active content", "link", "hidden text"]

LONGEST_QUOTE = 400
PARAGRAPH = re.compile(r"\n\s*\n")
"""A blank line."""
FENCED = re.compile(r"```.*?```", re.DOTALL)
"""Code between fences; blank lines in it do not end it."""
ENCODED = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/]{4}){16,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![A-Za-z0-9+/=])"
)
"""At least 64 characters of base64: a shorter run is an identifier."""
PRINTABLE_SHARE = 0.95
FOREIGN = re.compile("[\u0400-\u04ff\u0251\u0261\u0131]")
MIXED_WORD = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0400-\u04ff\u0251\u0261\u0131])\w{4,}\b")
TURKISH = re.compile("[ğşĞŞİ]")
WORD = re.compile(r"\w+")
CYRILLIC = re.compile("[\u0400-\u04ff]")
MOST_CYRILLIC = 0.05
"""Above this share a text is written in Cyrillic, where mixed words are slips of the keyboard."""
STYLED = (range(0xFF10, 0xFF5B), range(0x1D400, 0x1D800), range(0x24B6, 0x24EA))
"""Wide, mathematical and circled letters and digits, which are read as the plain ones."""
BLANKS = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LOOK_ALIKES: dict[int, int | str] = {
    **{code: plain for part in STYLED for code in part if (plain := normalize("NFKC", chr(code))).isalnum()},
    **str.maketrans("аеорсухіјѕԁӏɡɑıАВЕКМНОРСТХІЈЅ", "aeopcyxijsdlgaiABEKMHOPCTXIJS"),
    **str.maketrans(BLANKS, " " * len(BLANKS)),
}
"""Letters of other scripts that look Latin, and other blanks, for matching only; one for one, so that offsets stay."""
UNSEEN = re.compile(f"[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff]+|(?<=[ \n{BLANKS}])[ {BLANKS}]+")
"""Characters without width inside words, and blanks after another blank: no reader sees a difference."""
JOINED = re.compile(r"[^\W_]+(?:[-_.+][^\W_]+){3,}")
"""Words of an address or a name of a file, which a machine reads as a sentence."""


@dataclass(frozen=True)
class Found:
    """A suspicious stretch: what it is, and where it stands in the text."""

    kind: Kind
    what: str
    start: int
    end: int


def find_instructions(text: str) -> list[Found]:
    """Stretches of `text` (whole sentences) that address a machine reader; each stretch is reported once."""
    if not UNSEEN.search(text):
        return _find(text)
    kept: list[int] = []
    at = 0
    for match in UNSEEN.finditer(text):
        kept += range(at, match.start())
        at = match.end()
    kept += range(at, len(text))
    found = _find(UNSEEN.sub("", text))
    return [replace(item, start=kept[item.start], end=kept[item.end - 1] + 1) for item in found]


def _find(text: str) -> list[Found]:
    plain = text.translate(LOOK_ALIKES)
    # A line break inside a sentence must not hide a phrase, nor the marks that join the words of an address; one blank
    # for one character keeps the offsets.
    flat = re.sub(r"(?<=[^\n])\n(?=[^\n])", " ", plain)
    apart = JOINED.sub(lambda match: re.sub(r"[-_.+]", " ", match[0]), flat)
    views = tuple(dict.fromkeys((plain, flat, apart)))
    ranges: list[tuple[int, int]] | None = None
    found: list[Found] = []
    lower = apart.lower()
    words = set(WORD.findall(lower))
    for group in GROUPS:
        if not (group.words & words or any(part in lower for part in group.parts)):
            continue
        if group.also and not group.also & words:
            continue
        for match in (match for pattern in group.patterns for view in views for match in pattern.finditer(view)):
            if ranges is None:
                ranges = sentences(text)
            found.append(Found(group.kind, group.what, *_whole(text, ranges, *match.span())))
    found += _fenced(text, found)
    found += _encoded(text)
    found += _mixed(text)
    return _once(found)


def _whole(text: str, ranges: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """From the sentence a match begins in to the end of its paragraph, or its sentences where that is too long to show.

    What follows an order to a machine is mostly more of the same; what stands before it may be honest evidence.
    """
    # A pattern may begin with the end of the sentence before, which is not part of the order.
    start += len(text[start:end]) - len(text[start:end].lstrip(" \t\n.!?;:。！？"))
    first = min([start, *(a for a, b in ranges if a <= start < b)])
    closing = PARAGRAPH.search(text, end)
    last = len(text[: closing.start() if closing else len(text)].rstrip())
    if last - first <= LONGEST_QUOTE:
        return first, last
    touching = [(first, last) for first, last in ranges if first < end and last > start]
    if touching and touching[-1][1] - touching[0][0] <= LONGEST_QUOTE:
        return min(start, touching[0][0]), max(end, touching[-1][1])
    return start, end


def _fenced(text: str, orders: list[Found]) -> list[Found]:
    """The code that stands in an order or right after it, in pieces short enough to show."""
    found = []
    for code in FENCED.finditer(text) if orders else ():
        for order in orders:
            if order.start <= code.start() and not text[order.end : code.start()].strip():
                rest = range(max(order.end, code.start()), code.end(), LONGEST_QUOTE)
                ends = (min(start + LONGEST_QUOTE, code.end()) for start in rest)
                found += [Found(order.kind, order.what, start, end) for start, end in zip(rest, ends, strict=True)]
    return found


def _encoded(text: str) -> list[Found]:
    found = []
    for match in ENCODED.finditer(text):
        run = match[0]
        if run.isdigit() or not (re.search("[a-z]", run) and re.search("[A-Z]", run)):
            continue
        try:
            data = base64.b64decode(run + "=" * (-len(run) % 4), validate=True)
        except (binascii.Error, ValueError):
            continue
        words = data.decode("utf-8", "ignore")
        if words and sum(char.isprintable() or char.isspace() for char in words) > PRINTABLE_SHARE * len(data):
            found.append(
                Found("instruction", "holds words in an encoding that only a machine reads", match.start(), match.end())
            )
    return found


def _mixed(text: str) -> list[Found]:
    if not FOREIGN.search(text) or TURKISH.search(text):
        return []
    if len(CYRILLIC.findall(text)) > MOST_CYRILLIC * max(1, len(text)):
        return []
    return [
        Found(
            "instruction",
            "holds words in which letters of another alphabet stand for Latin ones",
            match.start(),
            match.end(),
        )
        for match in MIXED_WORD.finditer(text)
    ]


def _once(found: list[Found]) -> list[Found]:
    """Without stretches that lie inside another one."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if kept and item.start < kept[-1].end:
            if item.end > kept[-1].end:
                kept[-1] = Found(kept[-1].kind, kept[-1].what, kept[-1].start, item.end)
            continue
        kept.append(item)
    return kept
