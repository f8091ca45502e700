"""The derived indexes: words (BM25), vectors (Chroma, files, memory) and the embedding models that fill them.

Everything here can be thrown away and rebuilt from the record. Imports models, errors and ingestion's text functions.
"""

from assistant.index.embedders import Embedder, open_embedder
from assistant.index.vectors import ChromaVectors, FileVectors, MemoryVectors, VectorStore, embed_cached, vector_key
from assistant.index.words import WordIndex, tokens

__all__ = [
    "ChromaVectors",
    "Embedder",
    "FileVectors",
    "MemoryVectors",
    "VectorStore",
    "WordIndex",
    "embed_cached",
    "open_embedder",
    "tokens",
    "vector_key",
]
