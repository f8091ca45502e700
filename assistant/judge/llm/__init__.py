"""The judge that asks a language model: passages in, verdict and word-for-word quotes out, each quote verified.

A language model may make the answer better, never less safe: text that a `Suspicion` covers is not shown to it, a quote
that does not stand in its passage is dropped, a verdict without a verified quote is `unsure`, and so is one that is the
opposite of what the evidence model calls. Exact prompts and answers are kept by their hash. Imports the layers up to
`retrieve`, `quotes` and `prompts`; LangChain only where a model is called.
"""

from assistant.judge.llm.data import DataBlock, data_block, plain
from assistant.judge.llm.exchanges import ExchangeStore, FileExchanges, MemoryExchanges, TextStore
from assistant.judge.llm.guard import Guard
from assistant.judge.llm.judge import LLMJudge, llm_judge
from assistant.judge.llm.redaction import clean_ranges, redact
from assistant.judge.llm.schema import Answer, QuotedWords
from assistant.judge.llm.second import SecondOpinion
from assistant.judge.llm.tokens import Estimate, estimate_tokens

__all__ = [
    "Answer",
    "DataBlock",
    "Estimate",
    "ExchangeStore",
    "FileExchanges",
    "Guard",
    "LLMJudge",
    "MemoryExchanges",
    "QuotedWords",
    "SecondOpinion",
    "TextStore",
    "clean_ranges",
    "data_block",
    "estimate_tokens",
    "llm_judge",
    "plain",
    "redact",
]
