from evaluation.benchmark import made_site, run_benchmark
from evaluation.bm25_floor import open_floor
from evaluation.progress import Estimate


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


class Stream:
    def __init__(self, live: bool) -> None:
        self.lines: list[str] = []
        self.live = live

    def isatty(self) -> bool:
        return self.live

    def write(self, text: str) -> int:
        self.lines.append(text)
        return len(text)

    def flush(self) -> None:
        pass


def test_progress_estimates_what_is_left() -> None:
    now = iter([0.0, 0.0, 2.0, 10.0, 400.0, 401.0])
    stream = Stream(live=False)
    estimate = Estimate("aims", stream, clock=lambda: next(now))
    for done in (0, 1, 80, 100):
        estimate(done, 100, "documents matched")
    estimate(1, 3, "requirements matched")
    assert stream.lines == [
        "aims: 0 of 100 documents matched\n",
        "aims: 80 of 100 documents matched, about 2 s left\n",
        "aims: 100 of 100 documents matched\n",
        "aims: 1 of 3 requirements matched\n",
    ]


def test_progress_overwrites_itself_on_a_terminal() -> None:
    now = iter([0.0, 0.0, 1.0])
    stream = Stream(live=True)
    estimate = Estimate("aims", stream, clock=lambda: next(now))
    estimate(1, 2, "read")
    estimate(2, 2, "read")
    assert stream.lines == ["\r\x1b[2Kaims: 1 of 2 read", "\r\x1b[2Kaims: 2 of 2 read\n"]
