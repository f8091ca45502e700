"""Text of documents, file names and answers made harmless for the places where Streamlit reads Markdown.

Streamlit's Markdown knows links, images, HTML, LaTeX between dollar signs, `:red[…]` directives, `:smile:` shortcodes,
bare addresses that become links, and arrows. Backslashes stop what the parser looks for; shortcodes, bare addresses and
arrows are looked for after parsing, so an invisible word joiner breaks those. Whole passages are shown with `st.text`,
which reads no Markdown at all; this is for labels, captions and sentences.
"""

from __future__ import annotations

import re
import string

WORD_JOINER = "\u2060"
"""Invisible, takes no width and allows no line break."""

_WORD_SHARE = 0.7
"""Text is cut between words where that keeps this share of what fits."""
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
_FOUND_AFTER_PARSING = re.compile(r":(?=\S)|@|[-<>~](?=[-=>])|www(?=\.)", re.IGNORECASE)
"""Where shortcodes, addresses and arrows begin; elsewhere nothing is put in, so that words can be found and copied."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` without control characters, direction overrides and broken surrogates; line breaks stay."""
    encodable = text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", encodable)


def inert(text: str, limit: int = 0) -> str:
    """`text` on one line, as Markdown that shows exactly its characters; cut to `limit` characters where given."""
    one_line = shorten(" ".join(plain(text).split()), limit)
    broken = _FOUND_AFTER_PARSING.sub(lambda found: found.group() + WORD_JOINER, one_line)
    return _PUNCTUATION.sub(lambda mark: f"\\{mark.group()}", broken)


def shorten(text: str, limit: int) -> str:
    """`text`, cut to at most `limit` characters with an ellipsis, between words if it can be; 0 cuts nothing."""
    if not limit or len(text) <= limit:
        return text
    kept = text[: limit - 1]
    at_word = kept.rpartition(" ")[0]
    return (at_word if len(at_word) > limit * _WORD_SHARE else kept).rstrip(" ,;:.") + "…"
