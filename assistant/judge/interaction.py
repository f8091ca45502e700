"""The interaction model: what a sentence and its neighbours say about a requirement, learnt from labelled pairs.

Two projections bring unit and requirement vectors into one small space, where a two-layer network compares them
(a shallow two-tower model with a learnt comparison). The sentence encoder itself stays frozen. Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.retrieve.prepared import Prepared

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class InteractionModel:
    """Weights: `unit` (k, 2d) over [unit, neighbours], `query` (k, d), `hidden` (h, 3k), `out` (h,), the cosine's."""

    unit: Floats
    unit_bias: Floats
    query: Floats
    query_bias: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: float
    cosine: float

    def project_units(self, prepared: Prepared, rows: NDArray[np.int64]) -> Floats:
        """The units `rows` in the comparison space, shape (len(rows), k)."""
        inputs = with_neighbours(prepared.unit_vectors, prepared.unit_document, rows)
        return np.asarray(np.tanh(inputs @ self.unit.T + self.unit_bias), dtype=np.float32)

    def project_query(self, vector: Floats) -> Floats:
        """One requirement in the comparison space, shape (k,)."""
        return np.asarray(np.tanh(self.query @ vector + self.query_bias), dtype=np.float32)

    def scores(self, units: Floats, query: Floats, cosines: Floats) -> Floats:
        """Log-odds of each projected unit for one projected requirement, shape (len(units),)."""
        both = np.hstack([units * query, units, np.broadcast_to(query, units.shape)])
        hidden = np.maximum(both @ self.hidden.T + self.hidden_bias, 0.0)
        return np.asarray(hidden @ self.out + self.out_bias + self.cosine * cosines, dtype=np.float32)


def with_neighbours(vectors: NDArray[np.float16], document: NDArray[np.int64], index: NDArray[np.int64]) -> Floats:
    """The units `index` beside the mean of the units before and after them in their document, shape (n, 2d)."""
    before, after = np.maximum(index - 1, 0), np.minimum(index + 1, len(vectors) - 1)
    before = np.where(document[before] == document[index], before, index)
    after = np.where(document[after] == document[index], after, index)
    own = vectors[index].astype(np.float32)
    around = (vectors[before].astype(np.float32) + vectors[after].astype(np.float32)) / 2
    return np.hstack([own, around])
