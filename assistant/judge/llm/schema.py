"""The structure in which a language model answers. Descriptions go to the model; what comes back is only a claim."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class QuotedWords(BaseModel):
    """Words copied from one passage."""

    model_config = ConfigDict(frozen=True)

    passage: int = Field(description="Number of the passage the words stand in.")
    quote: str = Field(description="The words, copied exactly from that passage, at most 600 characters.")
    kind: Literal["commitment", "procedure", "record", "performance", "assurance"] | None = Field(
        None, description="What kind of evidence the words are."
    )
    stance: Literal["supports", "contradicts"] = Field(
        "supports", description="Whether the words speak for the requirement being met, or against it."
    )
    reason: str = Field("", description="Why the words matter, in at most 20 English words.")


class Answer(BaseModel):
    """What the passages show about the requirement."""

    model_config = ConfigDict(frozen=True)

    verdict: Literal["supported", "partly", "absent", "contradicted", "unsure"] = Field(
        description="What the passages show about the requirement."
    )
    quotes: list[QuotedWords] = Field(
        default_factory=list, description="At most five quotes, the most telling first; none when absent."
    )
    missing: str = Field("", description="What is still lacking, in one English sentence; empty when supported.")
