"""The cross-encoder as a PyTorch network: for training it, and for making the graphs that the product runs.

The upper layers of MiniLM carry low-rank updates (Hu et al. 2021, LoRA); nothing else of it is changed.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from assistant.index.cross_encoder import SEPARATE
from assistant.index.embedders import minilm_folder

RANK, ALPHA = 16, 32.0


def base_model() -> Any:
    """The BERT of the MiniLM package, frozen."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(minilm_folder()), device="cpu")[0].auto_model.eval()
    for weight in model.parameters():
        weight.requires_grad_(False)
    return model


def attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, heads: int
) -> torch.Tensor:
    """What each token gathers from those of its text that `mask` names, shape (texts, tokens, width)."""
    batch, length, width = query.shape
    parts = (part.view(batch, length, heads, width // heads).transpose(1, 2) for part in (query, key, value))
    gathered = torch.nn.functional.scaled_dot_product_attention(*parts, attn_mask=mask[:, None, None, :])
    return gathered.transpose(1, 2).reshape(batch, length, width)


class Layer(torch.nn.Module):  # type: ignore[misc]  # torch is not type-checked
    """One BERT layer with low-rank updates of its six matrices."""

    NAMES = ("query", "key", "value", "joined", "up", "down")

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        self.heads = heads
        attention, output = layer.attention, layer.attention.output
        self.base = torch.nn.ModuleDict(
            {
                "query": attention.self.query, "key": attention.self.key, "value": attention.self.value,
                "joined": output.dense, "up": layer.intermediate.dense, "down": layer.output.dense,
            }
        )  # fmt: skip
        self.norm_attention, self.norm_output = output.LayerNorm, layer.output.LayerNorm
        for name in self.NAMES:
            linear = self.base[name]
            a = torch.empty(RANK, linear.in_features)
            torch.nn.init.kaiming_uniform_(a, a=5**0.5)
            self.register_parameter(f"a_{name}", torch.nn.Parameter(a))
            self.register_parameter(f"b_{name}", torch.nn.Parameter(torch.zeros(linear.out_features, RANK)))

    def _through(self, name: str, x: torch.Tensor) -> torch.Tensor:
        a, b = getattr(self, f"a_{name}"), getattr(self, f"b_{name}")
        return self.base[name](x) + (x @ a.T) @ b.T * (ALPHA / RANK)

    def merged(self, name: str) -> torch.nn.Linear:
        """One matrix with its update added to it."""
        base = self.base[name]
        whole = torch.nn.Linear(base.in_features, base.out_features)
        update = getattr(self, f"b_{name}") @ getattr(self, f"a_{name}")
        whole.weight.copy_(base.weight + update * (ALPHA / RANK))
        whole.bias.copy_(base.bias)
        return whole

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States of shape (pairs, tokens, width), each attending to its pair."""
        query, key, value = (self._through(name, x) for name in ("query", "key", "value"))
        attended = attention(query, key, value, mask, self.heads)
        x = self.norm_attention(x + self._through("joined", attended))
        inner = torch.nn.functional.gelu(self._through("up", x))
        return self.norm_output(x + self._through("down", inner))


class Net(torch.nn.Module):  # type: ignore[misc]
    """Upper layers and a head over the pooled pair and the cosine of its two halves."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        heads = model.config.num_attention_heads
        self.layers = torch.nn.ModuleList(Layer(layer, heads) for layer in model.encoder.layer[SEPARATE:])
        self.head = torch.nn.Linear(model.config.hidden_size, 1)
        torch.nn.init.zeros_(self.head.weight)
        torch.nn.init.constant_(self.head.bias, -4.0)
        self.cosine = torch.nn.Parameter(torch.tensor(6.0))
        self.is_unit = torch.nn.Parameter(torch.zeros(model.config.hidden_size))
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Log-odds, shape (pairs,); `types` is 1 on the unit's tokens."""
        return self.judged(self.states(x, mask, types), mask, types)

    def states(self, x: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """The last states of pairs, shape (pairs, tokens, width)."""
        x = x + types[:, :, None] * self.is_unit
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def judged(self, x: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        """Log-odds from the last states, shape (pairs,)."""
        return head(x, mask, types, self.head.weight[0], self.head.bias, self.cosine, self.drop)


def head(x: Any, mask: Any, types: Any, weight: Any, bias: Any, cosine: Any, drop: Any = None) -> Any:
    """Log-odds from the last states: a linear map of their mean, and the cosine between requirement and unit."""
    both = mask.to(x.dtype)
    unit = both * types
    query = both * (1 - types)

    def mean(of: Any) -> Any:
        return (x * of[:, :, None]).sum(1) / of.sum(1, keepdim=True).clamp(min=1)

    pooled = mean(both) if drop is None else drop(mean(both))
    return pooled @ weight + bias + cosine * torch.nn.functional.cosine_similarity(mean(query), mean(unit))


def frozen(layer: Any, x: torch.Tensor, mask: torch.Tensor, heads: int) -> torch.Tensor:
    """One layer as it is in the package."""
    own = layer.attention.self
    attended = attention(own.query(x), own.key(x), own.value(x), mask, heads)
    output = layer.attention.output
    x = output.LayerNorm(x + output.dense(attended))
    inner = torch.nn.functional.gelu(layer.intermediate.dense(x))
    return layer.output.LayerNorm(x + layer.output.dense(inner))


class Lower(torch.nn.Module):  # type: ignore[misc]
    """Embeddings and the separate layers: token ids and mask to states."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.embeddings = model.embeddings
        self.layers = torch.nn.ModuleList(model.encoder.layer[:SEPARATE])
        self.heads = model.config.num_attention_heads

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        """States of shape (texts, tokens, width)."""
        x = self.embeddings(input_ids=input_ids)
        attend = attention_mask.to(torch.bool)
        for layer in self.layers:
            x = frozen(layer, x, attend, self.heads)
        return x


def as_arrays(net: Net) -> dict[str, NDArray[np.float16]]:
    """What was learnt, in half precision, by name."""
    return {
        name: weight.detach().numpy().astype(np.float16)
        for name, weight in net.named_parameters()
        if weight.requires_grad
    }


def restored(model: Any, arrays: Mapping[str, NDArray[np.float16]]) -> Net:
    """The network with what was learnt."""
    net = Net(model)
    own = dict(net.named_parameters())
    with torch.no_grad():
        for name, array in arrays.items():
            own[name].copy_(torch.from_numpy(array.astype(np.float32)))
    net.eval()
    return net


class Merged(torch.nn.Module):  # type: ignore[misc]
    """A `Layer` whose updates are added to its matrices, and whose three first ones are one: the same, sooner."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.heads = layer.heads
        self.norm_attention, self.norm_output = layer.norm_attention, layer.norm_output
        self.attend = _joined([layer.merged(name) for name in ("query", "key", "value")])
        self.joined, self.up, self.down = layer.merged("joined"), layer.merged("up"), layer.merged("down")

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States of shape (pairs, tokens, width), as `Layer` gives them."""
        query, key, value = self.attend(x).split(x.shape[2], 2)
        attended = attention(query, key, value, mask, self.heads)
        x = self.norm_attention(x + self.joined(attended))
        return self.norm_output(x + self.down(torch.nn.functional.gelu(self.up(x))))


def _joined(maps: Sequence[torch.nn.Linear]) -> torch.nn.Linear:
    """One linear map whose outputs are those of the maps, side by side."""
    one = torch.nn.Linear(maps[0].in_features, sum(part.out_features for part in maps))
    one.weight.copy_(torch.cat([part.weight for part in maps]))
    one.bias.copy_(torch.cat([part.bias for part in maps]))
    return one


def export(weights: Path, lower: Path, upper: Path) -> None:
    """Write the two ONNX graphs; a half-written file never takes the name of a whole one."""
    model = base_model()
    with np.load(weights, allow_pickle=False) as data, torch.no_grad():
        net = restored(model, dict(data))
        net.layers = torch.nn.ModuleList(Merged(layer) for layer in net.layers)
    net.eval()
    ids = torch.ones((2, 8), dtype=torch.int64)
    states = torch.zeros((2, 16, model.config.hidden_size))
    mask, types = torch.ones((2, 16), dtype=torch.bool), torch.zeros((2, 16))
    _write(Lower(model).eval(), (ids, ids), lower, ["input_ids", "attention_mask"], "states")
    _write(net, (states, mask, types), upper, ["states", "mask", "types"], "scores")


def _write(module: Any, example: tuple[Any, ...], target: Path, inputs: list[str], output: str) -> None:
    part = target.with_suffix(f".{os.getpid()}.part")
    axes = {name: {0: "texts", 1: "tokens"} for name in (*inputs, output)}
    axes[output] = {0: "texts", 1: "tokens"} if output == "states" else {0: "texts"}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, example, str(part), dynamo=False, opset_version=17,
            input_names=inputs, output_names=[output], dynamic_axes=axes,
        )  # fmt: skip
    part.replace(target)
