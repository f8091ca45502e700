from __future__ import annotations

import pytest

from assistant.ui.progress import left, sentence


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "5 s"), (42, "40 s"), (61, "1 min"), (3540, "59 min"), (7800, "2 h 10 min")]
)
def test_left_is_a_rough_duration(seconds: float, said: str) -> None:
    assert left(seconds) == said


def test_the_bar_says_how_far_what_and_how_long() -> None:
    assert sentence(10, 40, "reading policy.pdf", 20.0) == "10 of 40 · reading policy.pdf · about 1 min left"


def test_nothing_is_estimated_too_early_or_at_the_end() -> None:
    assert sentence(1, 244, "matching", 9.0) == "1 of 244 · matching"
    assert sentence(244, 244, "matching", 9.0) == "244 of 244 · matching"
    assert sentence(3, 0, "reading", 9.0) == "3 done · reading"
