"""How much a run will ask of a language model, before it asks: tokens estimated from characters, by script."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

ANSWER_TOKENS = 400
"""An answer with three quotes and their reasons."""
REPAIR_TOKENS = 150
"""The request to mend an answer, with what is wrong with it."""
_ENGLISH = 4.0
_OTHER_LETTERS = 2.0
_IDEOGRAPHS = 1.0
"""Characters a token: about four for plain Latin text, two for accented and other alphabets, one for Chinese and
Japanese. The usual rule of thumb of tokenizer makers; an estimate, replaced by the server's own count afterwards."""
_WIDE = frozenset({"W", "F"})


def estimate_tokens(text: str) -> int:
    """About how many tokens the text is for a language model, rounded up."""
    ascii_characters = wide = other = 0
    for char in text:
        if char.isascii():
            ascii_characters += 1
        elif unicodedata.east_asian_width(char) in _WIDE:
            wide += 1
        else:
            other += 1
    return -int(-(ascii_characters / _ENGLISH + other / _OTHER_LETTERS + wide / _IDEOGRAPHS) // 1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What judging some cases would ask of the model, first round only; `cached` cases need no call.

    `most` is the same if every answer had to be repaired: the second round repeats the first and its answer.
    """

    calls: int
    cached: int
    tokens_in: int
    tokens_out: int

    def cost(self, per_million_in: float, per_million_out: float) -> float:
        """The price, given prices for a million tokens in and out, in their currency."""
        return (self.tokens_in * per_million_in + self.tokens_out * per_million_out) / 1_000_000

    @property
    def most(self) -> Estimate:
        """The estimate if every answer needed its repair round."""
        again = self.tokens_in + self.calls * (ANSWER_TOKENS + REPAIR_TOKENS)
        return Estimate(2 * self.calls, self.cached, self.tokens_in + again, 2 * self.tokens_out)

    def __str__(self) -> str:
        most = self.most
        return (
            f"About {self.calls:,} calls with {self.tokens_in:,} tokens in and {self.tokens_out:,} out "
            f"(at most {most.tokens_in:,} and {most.tokens_out:,}, if every answer needs a repair); "
            f"{self.cached:,} answers are kept from before."
        )
