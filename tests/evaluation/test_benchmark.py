from evaluation.benchmark import made_site, run_benchmark
from evaluation.bm25_floor import open_floor


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
