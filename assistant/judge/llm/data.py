"""Document text wrapped so that it cannot pass for an instruction, and model text made plain before it is shown.

Each passage is one line of JSON between two marks that carry a code. The code is a hash of everything inside (and of
what it is asked about), so no text can contain the code of the block it stands in, and the same input still gives the
same prompt: answers can be cached and runs repeated, which a drawn number would prevent.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_CODE_DIGITS = 24
_CHAT_TOKENS = re.compile(r"[<>]|\[(?=/?(?:INST|SYS|TOOL|AVAILABLE|IMG|CONTROL))", re.IGNORECASE)
"""What chat templates of common models are built from: `<|im_start|>`, `</s>`, `<<SYS>>`, `[INST]`."""
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_LINK = re.compile(r"(?:https?|ftp|javascript|data|file|mailto):\S+|www\.\S+", re.IGNORECASE)
_MARKUP = re.compile(r"[<>\[\]`|*#{}\\]")


@dataclass(frozen=True, slots=True)
class DataBlock:
    """Wrapped data: the code of its marks, and its text with the marks."""

    code: str
    text: str


def data_block(records: Sequence[Mapping[str, object]], about: str = "") -> DataBlock:
    """The records as lines of JSON between BEGIN DATA and END DATA marks. `about` is what they are shown for."""
    lines = [_json_line(record) for record in records]
    body = "\n".join(lines)
    code = hashlib.sha256(f"{about}\x1f{body}".encode("utf-8", "surrogatepass")).hexdigest()[:_CODE_DIGITS]
    return DataBlock(code, f"BEGIN DATA {code}\n{body}\nEND DATA {code}")


def _json_line(record: Mapping[str, object]) -> str:
    """JSON on one line in which chat-template marks and characters without a shape are escaped."""
    text = json.dumps(record, ensure_ascii=False)
    text = _CHAT_TOKENS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return "".join(_escaped(char) if unicodedata.category(char) in _INVISIBLE else char for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]


def plain(text: str, limit: int) -> str:
    """What a model wrote, fit to stand in a finding: one line without links, mark-up or invisible characters."""
    shown = "".join(" " if unicodedata.category(char) in _INVISIBLE else char for char in text)
    shown = " ".join(_MARKUP.sub(" ", _LINK.sub(" ", shown)).split())
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"
