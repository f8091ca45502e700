import pytest

from evaluation.progress import EVERY_SECONDS, Estimate


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


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("seconds", "done", "left"),
    [
        (30.0, 4, "45 s"),
        (89.0, 5, "89 s"),
        (90.0, 5, "2 min"),
        (30.0, 1, "4 min"),
        (3600.0, 6, "40 min"),
    ],
)
def test_what_is_left_takes_as_long_a_step_as_what_is_done(seconds: float, done: int, left: str) -> None:
    clock, stream = Clock(), Stream(live=False)
    estimate = Estimate("aims", stream, clock)
    estimate(0, 10, "matched")
    clock.now += seconds
    estimate(done, 10, "matched")
    assert stream.lines[-1] == f"aims: {done} of 10 matched, about {left} left\n"


def test_only_steps_that_were_seen_count_and_another_step_starts_again() -> None:
    clock, stream = Clock(), Stream(live=False)
    estimate = Estimate("aims", stream, clock)
    estimate(50, 100, "read")  # half was done before anybody looked: it tells nothing of the speed
    clock.now += 10
    estimate(60, 100, "read")
    estimate(5, 100, "read")
    clock.now += 10
    estimate(10, 100, "read")
    estimate(10, 20, "matched")
    clock.now += 10
    estimate(15, 20, "matched")
    assert stream.lines == [
        "aims: 50 of 100 read\n",
        "aims: 60 of 100 read, about 40 s left\n",
        "aims: 5 of 100 read\n",
        "aims: 10 of 100 read, about 3 min left\n",
        "aims: 10 of 20 matched\n",
        "aims: 15 of 20 matched, about 10 s left\n",
    ]


def test_a_file_gets_a_line_every_few_seconds_and_the_last_one_at_once() -> None:
    clock, stream = Clock(), Stream(live=False)
    estimate = Estimate("aims", stream, clock)
    for done in range(1, 11):
        estimate(done, 10, "read")
        clock.now += EVERY_SECONDS / 4
    assert [line.split(" of ")[0] for line in stream.lines] == ["aims: 1", "aims: 5", "aims: 9", "aims: 10"]
