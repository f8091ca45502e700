"""What is searched for a requirement: statement, definition, phrases documents use, terms in other languages, and what
people confirmed as evidence of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.index.embedders import Embedder, Vectors
from assistant.index.vectors import MemoryVectors, VectorStore, embed_cached
from assistant.index.words import tokens
from assistant.models import Framework, Requirement
from assistant.retrieve.learned import NOTHING_LEARNED, Learned, chosen

_QUERY_VECTORS = MemoryVectors()
"""Vectors of query texts in this process, where no other store is given."""


@dataclass(frozen=True)
class RequirementQuery:
    """The queries of one requirement: words for BM25 and unit vectors for the sentence and passage embeddings.

    `topic` (the criterion's title), `text`, `definition`: (sentence dimension,); `probes`: (n, sentence dimension);
    `terms`: one such matrix a language;
    `against`: vectors of the phrases that would contradict; `passage`: (passage dimension,).
    `confirmed` are quotes that people confirmed, of the documents (SHA-256) `confirmed_in`; `learned`,
    `passage_learned` and `words_learned` have one row for each.
    """

    requirement: Requirement
    criterion_id: str
    title: str
    topic: NDArray[np.float32]
    text: NDArray[np.float32]
    definition: NDArray[np.float32] | None
    probes: Vectors
    terms: dict[str, Vectors]
    against: Vectors
    passage: NDArray[np.float32]
    passage_probes: Vectors
    confirmed: tuple[str, ...]
    confirmed_in: tuple[str, ...]
    learned: Vectors
    passage_learned: Vectors
    words_topic: tuple[str, ...]
    words_text: tuple[str, ...]
    words_definition: tuple[str, ...]
    words_probes: tuple[str, ...]
    words_learned: tuple[tuple[str, ...], ...]
    words_terms: dict[str, tuple[str, ...]]

    @property
    def words_phrases(self) -> tuple[str, ...]:
        """Words of the phrases and of the confirmed quotes."""
        return (*self.words_probes, *(word for words in self.words_learned for word in words))

    def described(self, languages: Sequence[str]) -> tuple[str, ...]:
        """The queries as a person reads them, for the search record behind a gap."""
        foreign = [term for language in languages for term in self.requirement.terms.get(language, ())]
        return (self.requirement.text, *self.requirement.probes, *foreign)


def build_queries(
    framework: Framework,
    languages: Sequence[str],
    sentence_embedder: Embedder,
    passage_embedder: Embedder,
    stores: tuple[VectorStore, VectorStore] | None = None,
    learned: Learned = NOTHING_LEARNED,
) -> list[RequirementQuery]:
    """One query a requirement, in catalogue order, with terms in those of `languages` the catalogue speaks.

    `stores` keep the vectors of the sentence and of the passage embedder: a framework is asked of many sites. Those of
    `learned` quotes are kept nowhere: they are of a site's documents.
    """
    sentence_store, passage_store = stores or (_QUERY_VECTORS, _QUERY_VECTORS)
    pairs = [(criterion, requirement) for criterion in framework.criteria for requirement in criterion.requirements]
    texts: list[str] = []
    places: list[dict[str, slice]] = []
    for criterion, requirement in pairs:
        place: dict[str, slice] = {}
        groups: dict[str, list[str]] = {
            "text": [requirement.text],
            "topic": [criterion.title],
            "definition": [requirement.definition] if requirement.definition else [],
            "probes": list(requirement.probes),
            "against": list(requirement.contradictions),
            **{f"terms:{language}": list(requirement.terms.get(language, ())) for language in languages},
        }
        for name, group in groups.items():
            place[name] = slice(len(texts), len(texts) + len(group))
            texts.extend(group)
        places.append(place)
    vectors = embed_cached(sentence_embedder, sentence_store, texts)
    passage_texts: list[str] = []
    for criterion, requirement in pairs:
        title = "" if criterion.title == requirement.text else f"{criterion.title}. "
        passage_texts.append(f"{title}{requirement.text} {requirement.definition}".strip())
        passage_texts.extend(requirement.probes)
    passage_vectors = embed_cached(passage_embedder, passage_store, passage_texts)
    queries: list[RequirementQuery] = []
    at = 0
    for (criterion, requirement), place in zip(pairs, places, strict=True):
        count = len(requirement.probes)
        definition = vectors[place["definition"]]
        confirmed = chosen(learned.get(requirement.id, ()))
        said = [one.text for one in confirmed]
        queries.append(
            RequirementQuery(
                requirement=requirement,
                criterion_id=criterion.id,
                title=criterion.title,
                topic=vectors[place["topic"]][0],
                text=vectors[place["text"]][0],
                definition=definition[0] if len(definition) else None,
                probes=vectors[place["probes"]],
                terms={lang: vectors[place[f"terms:{lang}"]] for lang in languages if requirement.terms.get(lang)},
                against=vectors[place["against"]],
                passage=passage_vectors[at],
                passage_probes=passage_vectors[at + 1 : at + 1 + count],
                confirmed=tuple(said),
                confirmed_in=tuple(one.sha256 for one in confirmed),
                learned=sentence_embedder.embed(said) if said else vectors[:0],
                passage_learned=passage_embedder.embed(said) if said else passage_vectors[:0],
                words_topic=tuple(dict.fromkeys(tokens(criterion.title, framework.language))),
                words_text=tuple(dict.fromkeys(tokens(requirement.text, framework.language))),
                words_definition=tuple(dict.fromkeys(tokens(requirement.definition, framework.language))),
                words_probes=tuple(dict.fromkeys(w for p in requirement.probes for w in tokens(p, framework.language))),
                words_learned=tuple(tuple(tokens(one.text, one.language or "en")) for one in confirmed),
                words_terms={
                    lang: tuple(dict.fromkeys(word for term in terms for word in tokens(term, lang)))
                    for lang, terms in requirement.terms.items()
                },
            )
        )
        at += 1 + count
    return queries
