"""Bytes to text: byte order marks, UTF-8, UTF-16 and UTF-32 without marks, then a guess; clean line ends."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from ..errors import DamagedFileError
from ..language import detect_language

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CENTRAL_EUROPEAN = {"pl", "cs", "hu", "ro"}
EAST = {"gb18030", "gbk", "gb2312", "big5", "cp932", "cp949", "hz", "johab"}
EAST_PREFIXES = ("euc_", "shift_", "iso2022", "utf", "big5", "cp1251", "koi8", "iso8859_5", "mac_cyrillic", "cp866")
GUESS_FROM = 200_000
"""Bytes of a file that the encoding guess looks at; a guess over more is slower and no better."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
MOST_CONTROL = 0.02
"""Share of control characters above which a file is not text."""


def decode(data: bytes, declared: str = "") -> str:
    """`data` as text with `\\n` line ends and no control characters but tab, line feed and form feed.

    `declared` is an encoding the file names itself. Raises `DamagedFileError` when the bytes are no text.
    """
    return clean(_decode(data, declared))


def decode_head(head: bytes) -> str:
    """As `decode`, for bytes that may have been cut inside a character."""
    for cut in range(4):
        try:
            return clean(head[: len(head) - cut].decode("utf-8-sig"))
        except UnicodeDecodeError:
            continue
    return decode(head)


def clean(text: str) -> str:
    """`text` with `\\n` line ends, lone surrogates replaced, and control characters removed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = text.encode("utf-8", "replace").decode("utf-8") if any_surrogate(text) else text
    return CONTROL.sub("", text)


def any_surrogate(text: str) -> bool:
    """Whether `text` holds a lone surrogate, which neither UTF-8 nor a database can store."""
    return bool(re.search("[\ud800-\udfff]", text))


def looks_binary(data: bytes) -> bool:
    """Whether `data` (the beginning of a file) cannot be text in any encoding we read."""
    if any(data.startswith(mark) for mark, _ in MARKS) or _wide(data):
        return False
    if not data:
        return False
    control = sum(byte < 9 or 13 < byte < 32 for byte in data if byte != 27)
    return control / len(data) > MOST_CONTROL


def _decode(data: bytes, declared: str) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    for encoding in ("utf-8", declared):
        if not encoding:
            continue
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    best = from_bytes(data[:GUESS_FROM]).best()
    if best is None:
        if looks_binary(data[:GUESS_FROM]):
            raise DamagedFileError("is not text in any encoding that can be recognised: save it as UTF-8.")
        return data.decode("cp1252", "replace")
    if best.encoding in EAST or best.encoding.startswith(EAST_PREFIXES):
        return data.decode(best.encoding, "replace")
    return data.decode(_western(data), "replace")


def _western(data: bytes) -> str:
    """Windows-1252, or 1250 for languages that need it: guesses among one-byte encodings are no better than this."""
    language, _ = detect_language(data[:GUESS_FROM].decode("cp1250", "replace"))
    return "cp1250" if language in CENTRAL_EUROPEAN else "cp1252"


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, recognised by where the zero bytes of Latin text stand."""
    sample = data[:4000]
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    zeros = [sample[offset::4].count(0) / len(sample[offset::4]) for offset in range(4)]
    high, low = 0.4, 0.05
    if min(zeros[1:]) > high and zeros[0] < low:
        return "utf-32-le"
    if min(zeros[:3]) > high and zeros[3] < low:
        return "utf-32-be"
    if min(zeros[1], zeros[3]) > high and max(zeros[0], zeros[2]) < low:
        return "utf-16-le"
    if min(zeros[0], zeros[2]) > high and max(zeros[1], zeros[3]) < low:
        return "utf-16-be"
    return ""
