"""Sentences and list items of a page as offsets: `sentences("First. Second.") == [(0, 6), (7, 14)]`.

A line break inside a sentence (PDF wraps) does not split it; a blank line, a list marker, a short line that ends
nothing, and a heading do. Full stops after abbreviations, initials and ordinals do not. CJK stops need no blank.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from .abbreviations import BEFORE_NUMBER, CONNECTORS, MAY_BE_LAST, NEVER_LAST, ORDINAL_LANGUAGES, STARTERS

LONGEST = 700
"""Characters above which a "sentence" is a run of table rows or bad punctuation and is cut at a line end."""
LONG = 300
"""Characters from which a sentence that enumerates "(a) …; (b) …" in one line is split into its items."""
NARROWEST = 45
"""Characters of the narrowest column whose lines count as wrapped; shorter lines all round are labels."""
SHORT_SHARE = 0.62
"""A line shorter than this share of its neighbours' width did not wrap: it ended."""
NEIGHBOURS = 4
LONGEST_HEADING = 90

CJK = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
CLOSING = r"""["'”’»」』）)\]】》]*"""
OPENING = "\"'“‘«¿¡([「『（【《„"
BOUNDARY = re.compile(
    rf"(?P<stop>[.!?…]++){CLOSING}(?=\s)|[。！？；]+{CLOSING}|(?<=\s)(?=[•▪●■◦‣➢✓❖]\s)"
    rf"|(?P<glued>(?<=[^\W_][^\W_][^\W_]|[^\W_][^\W_]\))[.!?]{CLOSING}(?=[A-ZÀ-Þ][a-zà-ÿ]|[A-Z]\s[a-z])"
    rf"|(?<=[^\W\d_][^\W\d_][^\W\d_])[.!?]{CLOSING}\d{{1,3}}(?=\s+[A-ZÀ-Þ]))"
)
"""The last form: text whose blanks were lost ("given.Quality") or whose footnotes are numbers ("targets.12 We")."""
BULLET = re.compile(r"[•●▪■□◦‣⁃∙·○►▶➢➤✓✔☐☑✗❖◆◇★※\uf0b7\uf0a7\uf0d8\uf076]\s*(?=\S)|[–—*-]\s+(?=\S)")
DASHES = "–—-"
ENCLOSED = re.compile(r"\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s+(?=\S)|[A-Za-z]\.\s+(?=[A-ZÀ-Þ])|\d{1,2}\.\s+(?=\S)")
DOTTED = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+(?=[A-ZÀ-ÞŚŻŹĆŁ\"“(])")
KEYWORD = re.compile(
    r"(?:art(?:icle|ículo|igo|ykuł)\b|secti?on\b|sección\b|seção\b|clause\b|cláusula\b|chapter\b|capítulo\b|annex\b"
    r"|anexo\b|anhang\b|appendix\b|apéndice\b|schedule\b|rozdział\b|załącznik\b|abschnitt\b|kapitel\b|pasal\b|bab\b"
    r"|§)\s*[\dIVXA-Z]",
    re.IGNORECASE,
)
CJK_KEYWORD = re.compile(
    r"第[一二三四五六七八九十百〇零\d]+[条條章节節項项部編编]|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、"
)
ENUMERATION = re.compile(
    r"[;:]\s+(?=\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s)|;\s+(?=\S)|(?:,|\b(?:and|or))\s+(?=\((?:[a-z]|[ivx]{1,4})\)\s)"
)
RUN_BEFORE = re.compile(r"\S*$")
RUN_AFTER = re.compile(r"\S{0,80}")
LAST_TOKEN = re.compile(r"[^\s(\[“\"'«]*$")
WORD = re.compile(r"[^\W\d_]+(?:[.'’][^\W\d_]+)*")
CJK_CHAR = re.compile(f"[{CJK}]")
TERMINAL = re.compile(rf"[.!?…。！？]{CLOSING}$")
LIST_GOES_ON = re.compile(
    r"(?:[.;:,!?；。：，]|\b(?:and|or|y|e|o|u|und|oder|et|ou|i|oraz|lub|dan|atau))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    after_blank: bool


def sentences(text: str, language: str = "") -> list[tuple[int, int]]:
    """Offsets of the sentences and list items of `text`, in order, trimmed of white space, never overlapping."""
    found: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        for first, last in _split_block(text, start, end, language):
            found += _cut(text, first, last)
    return found


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    position, blank = 0, False
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + raw.index(stripped[0])
            lines.append(_Line(start, start + len(stripped), stripped, blank))
            blank = False
        else:
            blank = True
        position += len(raw) + 1
    return lines


def _blocks(text: str) -> list[tuple[int, int]]:
    """Runs of lines in which a line break means nothing."""
    lines = _lines(text)
    blocks: list[tuple[int, int]] = []
    first = 0
    widths = [_width(line.text) for line in lines]
    for index in range(1, len(lines) + 1):
        if index == len(lines) or _breaks(lines, widths, index, index - 1 == first):
            blocks.append((lines[first].start, lines[index - 1].end))
            first = index
    return blocks


def _width(line: str) -> int:
    return len(line) + len(CJK_CHAR.findall(line))


def _breaks(lines: list[_Line], widths: list[int], index: int, above_is_first: bool) -> bool:
    """Whether the line break before line `index` separates two sentences or list items."""
    above, below = lines[index - 1], lines[index]
    if below.after_blank:
        return True
    head = (below.text.lstrip(OPENING) or below.text)[0]
    last = above.text[-1]
    low, high = max(0, index - NEIGHBOURS), index + NEIGHBOURS
    width = max(NARROWEST, *widths[low:high])
    short = widths[index - 1] < SHORT_SHARE * width
    ended = bool(TERMINAL.search(above.text))
    if _is_item(above.text, below.text, ended, short):
        return True
    if last == ":":
        return not head.islower() or any(line.text.endswith((";", ",")) for line in lines[index : index + 3])
    if last == ";":
        return not head.islower() or short or (index >= 2 and lines[index - 2].text.endswith((":", ";")))
    if head.islower() or ended or last in ",-–(/&" or head in ",.;:)]%":
        return False
    if _last_word(above.text) in CONNECTORS:
        return False
    if short:
        return True
    return above_is_first and len(above.text) <= LONGEST_HEADING and _is_title(above.text, below.text)


def _is_item(above: str, below: str, ended: bool, short: bool) -> bool:
    bullet = BULLET.match(below)
    if bullet:
        if below[0] not in DASHES:
            return True
        follows = below[bullet.end()]
        return ended or short or not follows.islower() or above[-1] in ":;" or above[0] == below[0]
    if CJK_KEYWORD.match(below):
        return True
    if ENCLOSED.match(below):
        return ended or short or bool(LIST_GOES_ON.search(above))
    if DOTTED.match(below):
        return (ended or short or above[-1] in ":;") and _last_word(above) not in CONNECTORS
    if KEYWORD.match(below):
        return ended or short
    return False


def _is_title(above: str, below: str) -> bool:
    """Whether a full-width line stands for itself: capitals throughout, over a line that is not in capitals."""
    if above.isupper():
        return not below.isupper() and not below[0].isdigit()
    if DOTTED.match(above) and not any(mark in above for mark in ".;,"[1:]):
        words = WORD.findall(above)
        return len(words) <= 10 and below[0].isupper()
    words = [word for word in WORD.findall(above) if word.lower() not in CONNECTORS]
    return len(words) >= 2 and all(word[0].isupper() for word in words) and below[0].isupper() and len(words) <= 10


def _last_word(line: str) -> str:
    words = line.rsplit(None, 1)
    return words[-1].lower() if words else ""


def _split_block(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    pieces = []
    position = start
    for found in BOUNDARY.finditer(text, start, end):
        if found.end() <= position:
            continue
        if found["stop"] and not _ends_sentence(text, position, found, end, language):
            continue
        if found["glued"] and _in_a_name(text, found):
            continue
        pieces.append(_trim(text, position, found.end()))
        position = found.end()
    pieces.append(_trim(text, position, end))
    return [(first, last) for first, last in pieces if first < last]


def _in_a_name(text: str, found: re.Match[str]) -> bool:
    """Whether a stop without a blank is part of a name: "Jo.Soto@mail.org", "Policy.Final.pdf", "Prof.Smith"."""
    before = RUN_BEFORE.search(text, max(0, found.start() - 80), found.start())
    after = RUN_AFTER.match(text, found.end())
    last, next_word = before[0] if before else "", after[0].rstrip(".,;:!?)") if after else ""
    word = last.lstrip(OPENING).lower()
    return word in NEVER_LAST or word in BEFORE_NUMBER or any(mark in last + next_word for mark in ".@/\\_")


def _ends_sentence(text: str, start: int, found: re.Match[str], end: int, language: str) -> bool:
    following = text[found.end() : min(end, found.end() + 60)].lstrip()
    bare = following.lstrip(OPENING)
    if not bare:
        return True
    if bare[0].islower():
        return False
    if found["stop"] != ".":
        return True
    stop = found.start("stop")
    token = LAST_TOKEN.search(text, max(start, stop - 24), stop)
    word = token[0] if token else ""
    lower = word.lower()
    next_word = WORD.match(bare)
    starter = next_word is not None and next_word[0].lower() in STARTERS
    if lower in BEFORE_NUMBER and (bare[0].isdigit() or (len(bare) > 1 and not bare[1].isalpha()) or _roman(bare)):
        return False
    if lower in NEVER_LAST:
        return False
    if word.isdigit():
        at_line_start = (
            not text[start : stop - len(word)].strip() or text[stop - len(word) - 1 : stop - len(word)] == "\n"
        )
        if len(word) <= 2 and at_line_start:
            return False
        return not (len(word) <= 2 and language in ORDINAL_LANGUAGES and bare[0].isalpha() and not starter)
    if re.fullmatch(r"\d+(?:\.\d+)+", word) and stop - len(word) <= start:
        return False
    if len(word) == 1 and word.isalpha():
        return starter and not (stop - 1 <= start)
    if lower in MAY_BE_LAST or ("." in word and word.replace(".", "").isalpha()):
        return starter
    return True


def _roman(text: str) -> bool:
    return bool(re.match(r"[IVXLC]+\b", text))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One piece, or the items of a long enumeration, each again cut where it is far too long for a sentence."""
    if end - start <= LONG:
        return [(start, end)]
    pieces = []
    position = start
    for found in ENUMERATION.finditer(text, start, end):
        pieces += _cut_long(text, *_trim(text, position, found.end()))
        position = found.end()
    return pieces + _cut_long(text, *_trim(text, position, end))


def _cut_long(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One piece, or several cut at line ends (else at commas or blanks)."""
    if end - start <= LONGEST:
        return [(start, end)] if start < end else []
    ends = [found.end() for found in re.finditer(r"\n|[;；,，、]\s?", text[start:end])]
    blanks = [found.end() for found in re.finditer(r"\s", text[start:end])]
    pieces = []
    position = 0
    length = end - start
    while length - position > LONGEST:
        cut = 0
        for places in (ends, blanks):
            place = bisect_right(places, position + LONGEST) - 1
            if place >= 0 and places[place] > position + LONGEST // 3:
                cut = places[place]
                break
        cut = cut or position + LONGEST
        pieces.append(_trim(text, start + position, start + cut))
        position = cut
    pieces.append(_trim(text, start + position, end))
    return [(first, last) for first, last in pieces if first < last]
