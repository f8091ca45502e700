from __future__ import annotations

import pytest

from assistant.ui.inert import WORD_JOINER, inert, plain, shorten

J = WORD_JOINER


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("[Click](https://evil.example)", rf"\[Click\]\(https\:{J}\/\/evil\.example\)"),
        ("<b onclick=x>", r"\<b onclick\=x\>"),
        ("![pic](x.png)", r"\!\[pic\]\(x\.png\)"),
        ("$E=mc^2$", r"\$E\=mc\^2\$"),
        (":red[alarm] :smile:", rf"\:{J}red\[alarm\] \:{J}smile\:"),
        ("www.evil.example a@b.example", rf"www{J}\.evil\.example a\@{J}b\.example"),
        ("# Title\n- item\n\n    code", r"\# Title \- item code"),
        ("a -> b", rf"a \-{J}\> b"),
        ("a -- b <= c", rf"a \-{J}\- b \<{J}\= c"),
        ("plan-2025: final", r"plan\-2025\: final"),
        ("back\\slash `code` *bold* _it_ ~~x~~ | 1. one", None),
    ],
)
def test_markdown_is_escaped(hostile: str, shown: str | None) -> None:
    made = inert(hostile)
    if shown is not None:
        assert made == shown
    assert made.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\").replace(J, "") == " ".join(hostile.split())


def test_plain_text_stays_as_it_is() -> None:
    assert inert("Política de integridad 2026 中文") == "Política de integridad 2026 中文"


def test_control_characters_direction_overrides_and_surrogates_are_taken_out() -> None:
    assert plain("a\x00b\u202ec\ud800d\r\ne") == "a b c?d\ne"


def test_text_is_cut_before_it_is_escaped() -> None:
    assert inert("[" * 10, 4) == r"\[\[\[…"
    assert shorten("abcdef", 4) == "abc…"
    assert shorten("abcd", 4) == "abcd"
