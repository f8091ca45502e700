"""The language of a stretch of text: py3langid (naive Bayes over byte n-grams) among the languages we can use.

Malay is not among them: it is all but Indonesian in its words, and the catalogue's Indonesian terms serve both.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

LANGUAGES = (
    "en", "es", "pt", "pl", "de", "fr", "zh", "id", "ja",
    "it", "ko", "ru", "nl", "sv", "fi", "bg", "uk", "cs", "tr", "no", "da", "ro", "hu", "sr", "ar", "mn",
)  # fmt: skip
"""The catalogue's nine, and those spoken where copper is mined, smelted or sold."""

ENOUGH = 600
"""Characters that decide; more text changes nothing and costs time."""
SHORT = 200
"""Below so many characters the document's main language counts as well."""
PRIOR_NATS = 12.0
"""Weight of the document's language for an empty text, falling to zero at `SHORT` characters."""
SHARPNESS = 0.15
"""py3langid's log-odds are far too certain (features overlap); this share of them gives usable probabilities."""
LETTERS_NEEDED = 3
LETTER = re.compile(r"[^\W\d_]")

_lock = threading.Lock()


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def detect_language(text: str, prior: Mapping[str, float] | None = None) -> tuple[str, float]:
    """Language code and confidence in [0, 1] of `text`; `("", 0.0)` when it has almost no letters.

    `prior` gives the shares of languages in the document; it counts for short texts only.
    """
    sample = text[:ENOUGH]
    letters = len(LETTER.findall(sample))
    if letters < LETTERS_NEEDED:
        return ("", 0.0)
    with _lock:
        identifier = _identifier()
        ranked: Sequence[tuple[str, float]] = identifier.rank(sample)
    codes = [code for code, _ in ranked]
    scores = np.array([float(score) for _, score in ranked])
    if prior and letters < SHORT:
        weight = PRIOR_NATS * (1 - letters / SHORT)
        scores = scores + weight * np.array([prior.get(code, 0.0) for code in codes])
    scores = (scores - scores.max()) * SHARPNESS
    shares = np.exp(scores)
    shares = shares / shares.sum()
    best = int(shares.argmax())
    return codes[best], round(float(shares[best]), 3)


def language_shares(texts: Sequence[str]) -> dict[str, float]:
    """Share of each language in `texts`, by letters, largest first; only what makes at least one per cent."""
    weights: dict[str, float] = {}
    for text in texts:
        code, confidence = detect_language(text)
        if code:
            weights[code] = weights.get(code, 0.0) + confidence * len(LETTER.findall(text))
    total = sum(weights.values())
    shares = {code: round(weight / total, 3) for code, weight in weights.items() if total}
    return dict(sorted(((code, share) for code, share in shares.items() if share >= 0.01), key=lambda item: -item[1]))
