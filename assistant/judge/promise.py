"""Bounds for the promise on gaps: how large a share may be, given how many of how many were wrong.

The limits are Clopper and Pearson's (1934) for a binomial share: one-sided, exact, never too narrow. Training uses them
on predictions of models that never saw the document, a workspace on its own decisions (`assistant.judge.refit`).
"""

from __future__ import annotations

from functools import lru_cache

OTHER_FRAMEWORK = (
    "No bound is known for gaps under these criteria: the one that Assay keeps was measured with the built-in ones. "
    "Let a person look at each."
)
"""What stands in place of the promise under criteria that were learnt from and are not the built-in ones. Those that
nothing learnt from have a sentence of their own, with the shares that were wrong (the card of the weights)."""
OTHER_MODELS = (
    "No bound is known for gaps called with these models: the one that Assay keeps was measured with the models that "
    "ship with it. Let a person look at each."
)
"""What stands in place of the promise where another embedding or another cross-encoder is set, or none."""
LANGUAGE_MODEL = (
    "No bound holds for the gaps of this run: a language model took part in calling them, and what is known of gaps "
    "was measured without one. Let a person look at each."
)
"""What stands in place of any promise where a language model judged, under whatever criteria and however refitted."""
WRONG_GAPS_AT_MOST = 0.20
"""Share of called gaps that may have evidence in the documents after all."""
WRONG_SUPPORT_AT_MOST = 0.20
"""Share of supported requirements that may have none."""
CONFIDENCE = 0.95
FEWEST = 20
"""Called gaps below which no bound is stated: of 20 without a mistake at most 14 % are wrong."""


@lru_cache(maxsize=65_536)
def upper_bound(wrong: int, total: int, confidence: float = CONFIDENCE) -> float:
    """Upper limit of the share behind `wrong` of `total`, at this one-sided confidence."""
    from scipy.stats import beta

    return 1.0 if wrong >= total else float(beta.ppf(confidence, wrong + 1, total - wrong))


@lru_cache(maxsize=65_536)
def lower_bound(wrong: int, total: int, confidence: float = CONFIDENCE) -> float:
    """Lower limit of the share behind `wrong` of `total`, at this one-sided confidence."""
    from scipy.stats import beta

    return 0.0 if wrong <= 0 else float(beta.ppf(1.0 - confidence, wrong, total - wrong + 1))
