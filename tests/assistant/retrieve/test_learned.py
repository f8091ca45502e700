"""Confirmed quotes as queries: which of them, and that they count in other documents than their own."""

import numpy as np

from assistant.models import Requirement
from assistant.retrieve import NOTHING_LEARNED, Confirmed, RequirementQuery, build_queries
from assistant.retrieve.learned import LONGEST, MOST, chosen
from assistant.retrieve.search import by_phrases, candidates, passage_scores
from tests.assistant.retrieve.fakes import WordEmbedder, framework, pages, prepared

FRAMEWORK = framework({"19 Tailings": (Requirement(id="19.e", text="The facility is reviewed.", probes=("review",)),)})
OWN = pages("The permit of the presa is here.", "Lunch is at noon.", name="own")
OTHER = pages("A permit of the presa was seen.", "Tea is at four.", name="other")
SITE = prepared(OWN, OTHER)
QUOTE = Confirmed(OWN.sha256, "The permit of the presa is here.")


def query(*confirmed: Confirmed) -> RequirementQuery:
    learned = {"19.e": confirmed} if confirmed else NOTHING_LEARNED
    return build_queries(FRAMEWORK, ("en",), WordEmbedder(), WordEmbedder(), learned=learned)[0]


def test_the_last_few_are_searched_for_and_no_words_twice() -> None:
    many = [Confirmed("a", f"quote {number}") for number in range(MOST + 3)]
    assert [one.text for one in chosen(many)] == [f"quote {number}" for number in range(3, MOST + 3)]
    assert len(chosen([Confirmed("a", "same  words"), Confirmed("b", "same\nwords"), Confirmed("c", " ")])) == 1
    assert len(Confirmed("a", "word " * 200).text) == LONGEST


def test_a_query_holds_them_apart_from_what_the_catalogue_says() -> None:
    asked = query(QUOTE)
    assert asked.confirmed == (QUOTE.quote,)
    assert asked.learned.shape == (1, WordEmbedder.dimension) == asked.passage_learned.shape
    assert asked.described(("en",)) == query().described(("en",)) == ("The facility is reviewed.", "review")
    assert set(asked.words_phrases) > set(query().words_phrases) == set(asked.words_probes)


def test_their_words_count_in_other_documents_only() -> None:
    def scored(asked: RequirementQuery) -> np.ndarray:
        return by_phrases(SITE, asked, SITE.word_index.scores, SITE.passage_document)

    before, after = scored(query()), scored(query(QUOTE))
    assert after[2] > before[2]
    np.testing.assert_array_equal(after[[0, 1]], before[[0, 1]])
    gone = scored(query(Confirmed("no longer there", QUOTE.quote)))
    assert (gone[[0, 2]] > before[[0, 2]]).all()


def test_a_passage_of_another_document_rises() -> None:
    def order(asked: RequirementQuery) -> list[int]:
        scores = passage_scores(SITE, asked, SITE.passage_vectors @ asked.passage)
        assert set(candidates(SITE, asked, scores.astype(np.float32), scores)) == set(range(len(SITE.units)))
        return np.argsort(-scores, kind="stable").tolist()

    assert order(query(QUOTE))[0] == 2
