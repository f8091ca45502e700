"""OCR by the tesseract program: one thread, installed languages the product knows, lines of noise dropped."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from functools import cache

from PIL.Image import Image

from ..errors import OcrError
from .base import Recognised

LATIN = ("eng", "spa", "por", "pol", "deu", "fra", "ind")
EAST_ASIAN = ("chi_sim", "chi_tra", "jpn", "kor")
GOOD = 0.75
"""Mean confidence of Latin words from which no other script is tried."""
UNREADABLE = 0.45
"""Mean confidence below which a line (or a whole picture) is noise: photographs give such words."""
FEWEST_LETTERS = 3
LEVEL_WORD = "5"


@cache
def installed_languages() -> frozenset[str]:
    """Language codes tesseract has data for; empty when the program is not there."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(listed.stdout.split("\n")[1:]) - {"", "osd"} if listed.returncode == 0 else frozenset()


class TesseractEngine:
    """Tries Latin script first and East Asian scripts where that gives little."""

    name = "tesseract"

    def __init__(self, languages: tuple[str, ...] = (), seconds: float = 120.0) -> None:
        there = installed_languages()
        missing = sorted(set(languages) - there)
        if missing:
            raise OcrError(f"tesseract has no data for {', '.join(missing)}; installed: {', '.join(sorted(there))}")
        if not there:
            raise OcrError("tesseract is not installed")
        wanted = languages or (*LATIN, *EAST_ASIAN)
        latin = [code for code in wanted if code in there and code not in EAST_ASIAN]
        eastern = [code for code in wanted if code in there and code in EAST_ASIAN]
        self._attempts = ["+".join(codes) for codes in (latin, eastern) if codes]
        self._seconds = seconds

    def recognise(self, picture: Image) -> Recognised:
        """The words of `picture`."""
        data = io.BytesIO()
        picture.convert("L").save(data, "PNG", compress_level=1)
        best = Recognised("", 0.0)
        for languages in self._attempts:
            found = self._run(data.getvalue(), languages)
            if _weight(found) > _weight(best):
                best = found
            if best.confidence >= GOOD:
                break
        return best if best.confidence >= UNREADABLE else Recognised("", best.confidence)

    def _run(self, png: bytes, languages: str) -> Recognised:
        command = ["tesseract", "stdin", "stdout", "-l", languages, "--psm", "1", "--dpi", "220", "tsv"]
        if not os.environ.get("TESSDATA_PREFIX") and "osd" not in _all_data():
            command[command.index("--psm") + 1] = "3"
        try:
            done = subprocess.run(
                command, input=png, capture_output=True, timeout=self._seconds, check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise OcrError(f"tesseract took longer than {self._seconds:.0f} seconds") from error
        except OSError as error:
            raise OcrError(f"tesseract could not be started ({error.strerror})") from error
        if done.returncode:
            raise OcrError("tesseract failed on the picture")
        return _from_tsv(done.stdout.decode("utf-8", "replace"))


@cache
def _all_data() -> frozenset[str]:
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return frozenset(listed.stdout.split("\n")[1:])


def _weight(found: Recognised) -> float:
    return found.confidence**2 * sum(char.isalnum() for char in found.text)


def _from_tsv(tsv: str) -> Recognised:
    """Text and mean confidence of tesseract's table of words; lines of noise are left out."""
    lines: dict[tuple[str, str, str], list[tuple[str, float]]] = {}
    for row in csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") != LEVEL_WORD or not (row.get("text") or "").strip():
            continue
        key = (row["block_num"], row["par_num"], row["line_num"])
        lines.setdefault(key, []).append((row["text"].strip(), float(row["conf"]) / 100))
    parts: list[str] = []
    total = letters = 0.0
    previous: tuple[str, str] | None = None
    for (block, paragraph, _line), words in lines.items():
        weight = sum(len(word) for word, _ in words)
        confidence = sum(len(word) * conf for word, conf in words) / weight
        if confidence < UNREADABLE:
            continue
        total += confidence * weight
        letters += weight
        if previous is not None:
            parts.append("\n" if previous == (block, paragraph) else "\n\n")
        previous = (block, paragraph)
        parts.append(_spaced([word for word, _ in words]))
    text = "".join(parts)
    if sum(char.isalpha() for char in text) < FEWEST_LETTERS:
        return Recognised("", 0.0)
    return Recognised(text, round(total / letters, 3))


def _spaced(words: list[str]) -> str:
    """Words of a line, without the blanks that tesseract puts between CJK characters."""
    line = words[0]
    for word in words[1:]:
        line += word if line[-1] >= "\u2e80" and word[0] >= "\u2e80" else f" {word}"
    return line
