"""PEFT's update of parameters in PyTorch: TORCH_PYTHON src/adapters/file/experts/golden/make_golden.py > experts.json.

ΔW is that of ParamWrapper.get_delta_weight in peft/tuners/lora/layer.py (0.20), which has [experts, in, out], or
[experts, out, in] for models with is_transposed = False: the second is written. Cuts are by torch.linalg.svd.
"""

import json

import torch


def factor(rows, cols, seed):
    """Exact in float32; JavaScript makes the same."""
    at = torch.arange(rows * cols, dtype=torch.float64)
    return (((at * 37 + seed * 101) % 64) / 16 - 2).reshape(rows, cols)


def update(experts, rank, d, k, s, seed):
    a, b = factor(rank * experts, k, seed), factor(d, rank * experts, seed + 1)
    b[:, 1::experts] = 0  # the second expert never trained
    weight_a = a.reshape(experts, -1, a.shape[-1])
    weight_b = b.reshape(b.shape[0], -1, experts)
    delta = torch.einsum("o r e, e r i -> e o i", weight_b, weight_a) * s
    sigma = [torch.linalg.svdvals(one)[: min(rank, d, k)].tolist() for one in delta]
    u, s1, vh = torch.linalg.svd(delta, full_matrices=False)
    cut = (u[:, :, :1] * s1[:, None, :1]) @ vh[:, :1]
    return {
        "experts": experts, "rank": rank, "d": d, "k": k, "s": s, "seed": seed,
        "delta": delta.flatten().tolist(), "sigma": sigma, "cut": cut.flatten().tolist(),
    }


print(json.dumps([update(3, 2, 5, 4, 2.0, 1), update(4, 3, 6, 7, 1.0, 5)]))
