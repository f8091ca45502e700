from pathlib import Path

from assistant.catalogue import load
from assistant.retrieve import Learned
from assistant.retrieve.learned import MOST
from evaluation.benchmark import compare_learned, made_site, run_benchmark
from evaluation.bm25_floor import Bm25Floor, open_floor


def test_made_site_is_repeatable_and_consistent() -> None:
    site = made_site(pages=60, pool=20)
    assert site == made_site(pages=60, pool=20)
    assert [len(document.pages) for document in site] == [50, 10]
    texts = {passage.text for document in site for passage in document.passages}
    assert len(texts) <= 20
    for document in site:
        assert len(document.passages) == 4 * len(document.pages)
        for passage in document.passages:
            page = document.pages[passage.page - 1].text
            assert page[passage.start : passage.end] == passage.text
            assert "".join(page[a:b] for a, b in passage.sentences) == passage.text.replace(". ", ".")


def test_benchmark_counts_what_it_matched() -> None:
    seen = run_benchmark(open_floor, pages=30)
    assert (seen["documents"], seen["pages"], seen["passages"]) == (1, 30, 120)
    assert seen["requirements"] > 32
    assert seen["peak_mb"] > 1


def test_shares_of_the_requirements_are_timed_side_by_side() -> None:
    asked: list[int] = []

    def opened(folder: Path, known: Learned) -> Bm25Floor:
        asked.append(len(known))
        assert all(len(quotes) == MOST for quotes in known.values())
        return open_floor(folder)

    timed = compare_learned(opened, pages=20, rounds=2)
    every = sum(len(criterion.requirements) for criterion in load("rra-v2").criteria)
    assert asked == [0, *[0, every // 2, every] * 2]
    assert [(one.share, len(one.seconds)) for one in timed] == [(0.0, 2), (0.5, 2), (1.0, 2)]
    assert all(taken > 0 for one in timed for taken in one.seconds)
