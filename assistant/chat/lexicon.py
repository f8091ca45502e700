"""Words across languages: what a question in one language is called in the documents of another.

The catalogue carries, for each requirement, the phrases that documents of nine languages use. The requirements nearest
to a question lend it theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.index.embedders import Embedder, Vectors
from assistant.index.words import tokens
from assistant.models import Framework, Requirement

REQUIREMENTS = 4
"""Requirements nearest to the question that lend their phrases."""
NEAR = 0.4
"""Cosine from which a phrase is near enough to the question to stand for it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a phrase, in its language, and its cosine with the question."""

    words: tuple[str, ...]
    nearness: float


@dataclass(eq=False)
class Lexicon:
    """The phrases of a framework by language.

    Example: `Lexicon(framework, embedder).phrases(embedder.embed(["emergency drills"])[0], ["es"])`
    """

    framework: Framework
    embedder: Embedder
    _texts: Vectors | None = None
    _requirements: tuple[Requirement, ...] = ()
    _known: dict[tuple[str, str], tuple[list[str], Vectors]] = field(default_factory=dict)

    def phrases(self, question: np.ndarray, languages: Sequence[str]) -> dict[str, list[Phrase]]:
        """For each language the phrases near to the question, a unit vector of the embedder; nearest first."""
        if self._texts is None:
            self._requirements = tuple(item for criterion in self.framework.criteria for item in criterion.requirements)
            self._texts = self.embedder.embed([requirement.text for requirement in self._requirements])
        nearest = [self._requirements[i] for i in np.argsort(-(self._texts @ question), kind="stable")[:REQUIREMENTS]]
        wanted = [(requirement, language) for language in languages for requirement in nearest]
        self._learn(wanted)
        found: dict[str, list[Phrase]] = {language: [] for _, language in wanted}
        for requirement, language in wanted:
            texts, vectors = self._known[requirement.id, language]
            for text, nearness in zip(texts, vectors @ question, strict=True):
                words = tuple(dict.fromkeys(tokens(text, language)))
                if words and nearness >= NEAR:
                    found[language].append(Phrase(words, float(nearness)))
        return {language: sorted(own, key=lambda phrase: -phrase.nearness) for language, own in found.items()}

    def _learn(self, wanted: Sequence[tuple[Requirement, str]]) -> None:
        """Embed the phrases that are not known yet, in one go: a call costs far more than a phrase."""
        new = [
            (requirement, language) for requirement, language in wanted if (requirement.id, language) not in self._known
        ]
        texts = [self._texts_of(requirement, language) for requirement, language in new]
        vectors = self.embedder.embed([text for own in texts for text in own])
        at = 0
        for (requirement, language), own in zip(new, texts, strict=True):
            self._known[requirement.id, language] = (own, vectors[at : at + len(own)])
            at += len(own)

    def _texts_of(self, requirement: Requirement, language: str) -> list[str]:
        own = requirement.evidence_examples if language == self.framework.language else ()
        return [*own, *requirement.terms.get(language, ())]
