"""Words in nine languages, and BM25 over them.

A word is folded (NFKC, case, accents kept), stemmed by the Snowball stemmer of its text's language where there is one;
Chinese and Japanese text becomes pairs of neighbouring characters. Words of all languages share one vocabulary, so that
names, numbers, units and standards ("GISTM", "SO2", "ISO 14001") meet across languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

BM25_K1 = 1.5
BM25_B = 0.75
"""The usual values (Robertson and Zaragoza 2009), as in the baselines."""

_SNOWBALL = {
    "en": "english", "es": "spanish", "pt": "portuguese", "de": "german", "fr": "french", "it": "italian",
    "id": "indonesian",
    "pl": "polish", "nl": "dutch", "sv": "swedish", "fi": "finnish", "ru": "russian",
}  # fmt: skip
_NON = re.compile(r"\bnon[-\u2010\u2011](?=[^\W\d_])")
"""What comes after this prefix is another word: "non-compete" is neither "compete" nor like "non-exclusive"."""
_HAN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"(?P<cjk>[{_HAN}]+)|[0-9]+(?:[.,][0-9]+)*|[^\W\d_{_HAN}]+[0-9]*")
_POLISH_STEM = 6
"""Polish words are cut to this many letters: Snowball has a Polish stemmer only in new releases, endings are long."""

STOP_WORDS: frozenset[str] = frozenset(
    # function words of the nine languages; content words are left to idf
    [
        "a",
        "about",
        "above",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "being",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "each",
        "for",
        "from",
        "further",
        "had",
        "has",
        "have",
        "having",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "may",
        "more",
        "most",
        "must",
        "no",
        "nor",
        "not",
        "of",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "out",
        "own",
        "s",
        "same",
        "shall",
        "should",
        "so",
        "some",
        "such",
        "t",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "within",
        "would",
        "you",
        "your",
        "de",
        "la",
        "el",
        "los",
        "las",
        "un",
        "una",
        "unos",
        "unas",
        "y",
        "o",
        "u",
        "que",
        "en",
        "del",
        "al",
        "se",
        "su",
        "sus",
        "por",
        "para",
        "con",
        "como",
        "más",
        "es",
        "son",
        "ser",
        "fue",
        "ha",
        "han",
        "lo",
        "le",
        "les",
        "este",
        "esta",
        "estos",
        "estas",
        "e",
        "os",
        "um",
        "uma",
        "das",
        "dos",
        "da",
        "do",
        "na",
        "no",
        "nas",
        "nos",
        "ao",
        "aos",
        "à",
        "às",
        "pelo",
        "pela",
        "pelos",
        "pelas",
        "com",
        "não",
        "é",
        "são",
        "foi",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einer",
        "eines",
        "einem",
        "einen",
        "und",
        "oder",
        "in",
        "im",
        "zu",
        "zum",
        "zur",
        "von",
        "vom",
        "mit",
        "auf",
        "für",
        "ist",
        "sind",
        "wird",
        "werden",
        "bei",
        "nach",
        "aus",
        "als",
        "auch",
        "an",
        "am",
        "nicht",
        "sich",
        "durch",
        "über",
        "unter",
        "les",
        "et",
        "ou",
        "du",
        "au",
        "aux",
        "dans",
        "sur",
        "par",
        "pour",
        "avec",
        "est",
        "sont",
        "une",
        "ce",
        "cette",
        "ces",
        "qui",
        "ne",
        "pas",
        "se",
        "sa",
        "son",
        "ses",
        "leur",
        "leurs",
        "i",
        "w",
        "z",
        "na",
        "do",
        "nie",
        "się",
        "jest",
        "są",
        "oraz",
        "lub",
        "od",
        "po",
        "za",
        "przez",
        "dla",
        "o",
        "że",
        "to",
        "jak",
        "który",
        "która",
        "które",
        "di",
        "dan",
        "yang",
        "untuk",
        "dengan",
        "dari",
        "pada",
        "ke",
        "ini",
        "itu",
        "atau",
        "oleh",
        "dalam",
        "adalah",
        "akan",
        "tidak",
    ]
)


@lru_cache(maxsize=32)
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    name = _SNOWBALL.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    if language == "pl" and _stemmer("pl") is None:
        return word[:_POLISH_STEM]
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def tokens(text: str, language: str = "en") -> list[str]:
    """The index words of a text, in order, without stop words."""
    folded = _NON.sub("non", unicodedata.normalize("NFKC", text).casefold())
    result: list[str] = []
    for match in _WORD.finditer(folded):
        word = match.group()
        if match["cjk"]:
            result.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            result.append(_stem(word, language))
    return result


class WordIndex:
    """BM25 over a fixed list of texts given as index words.

    Example: `WordIndex([tokens("permit register"), tokens("water")]).scores(tokens("permits"))` is `[>0, 0]`.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.size = len(texts)
        self._bm25: bm25s.BM25 | None = None
        self._vocabulary: dict[str, int] = {}
        ids = [[self._vocabulary.setdefault(word, len(self._vocabulary)) for word in text] for text in texts]
        if self._vocabulary:
            self._bm25 = bm25s.BM25(k1=BM25_K1, b=BM25_B)
            self._bm25.index((ids, dict(self._vocabulary)), show_progress=False)

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """One score a text, shape `(size,)`; zero where no word of the query stands."""
        known = [self._vocabulary[word] for word in dict.fromkeys(query) if word in self._vocabulary]
        if not known or self._bm25 is None:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float32)
