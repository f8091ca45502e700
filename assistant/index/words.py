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
from itertools import chain
from typing import Any

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

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


class _AtOnce(bm25s.BM25):  # type: ignore[misc]
    """BM25 whose index is built from all texts at once: the library takes one after the other, far longer."""

    def build_index_from_ids(
        self, unique_token_ids: Sequence[int], corpus_token_ids: Sequence[Sequence[int]], *_: Any, **__: Any
    ) -> dict[str, Any]:
        """The scores as the library keeps them: one a word and text, by word, and of a word by text."""
        texts, words = len(corpus_token_ids), len(unique_token_ids)
        lengths = np.fromiter(map(len, corpus_token_ids), dtype=np.int64, count=texts)
        ids = np.fromiter(chain.from_iterable(corpus_token_ids), dtype=np.int64, count=int(lengths.sum()))
        cells, counts = np.unique(ids * texts + np.repeat(np.arange(texts), lengths), return_counts=True)
        word, text = np.divmod(cells, texts)
        frequency = np.bincount(word, minlength=words)
        idf = np.log(1 + (texts - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        share = counts / (self.k1 * (1 - self.b + self.b * lengths[text] / lengths.mean()) + counts)
        self.nonoccurrence_array = None
        return {
            "data": (idf[word] * share).astype(np.float32),
            "indices": text.astype(np.int32),
            "indptr": np.concatenate([[0], np.cumsum(frequency)]),
            "num_docs": texts,
        }


class WordIndex:
    """BM25 over a fixed list of texts given as index words; `vocabulary` numbers these.

    Example: `WordIndex([tokens("permit register"), tokens("water")]).scores(tokens("permits"))` is `[>0, 0]`.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.size = len(texts)
        self.vocabulary = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        self._bm25: _AtOnce | None = None
        if self.vocabulary:
            self._bm25 = _AtOnce(k1=BM25_K1, b=BM25_B)
            ids = [[self.vocabulary[word] for word in text] for text in texts]
            self._bm25.index((ids, dict(self.vocabulary)), show_progress=False)

    @property
    def occurrences(self) -> csr_matrix:
        """Which words (columns, as in `vocabulary`) stand in which text: a new 0/1 matrix of shape `(size, words)`."""
        if self._bm25 is None:
            return csr_matrix((self.size, 1), dtype=np.float32)
        places, starts = self._bm25.scores["indices"], self._bm25.scores["indptr"]
        ones = np.ones(len(places), dtype=np.float32)
        return csc_matrix((ones, places, starts), shape=(self.size, len(starts) - 1)).tocsr()

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """One score a text, shape `(size,)`; zero where no word of the query stands."""
        known = [self.vocabulary[word] for word in dict.fromkeys(query) if word in self.vocabulary]
        if not known or self._bm25 is None:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float32)
