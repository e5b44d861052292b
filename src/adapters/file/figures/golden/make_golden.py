#!/usr/bin/python3
"""Writes spectra.json beside this file: factors of modules in the types of adapter files, and NumPy's SVD of s·B·A formed whole.

It shares no code with the explorer. Needs NumPy:
    python3 make_golden.py [OUT_DIR] [SEED]
Factors are the bytes of a .safetensors file (little-endian, row by row) in base64.
"""
import base64
import json
import pathlib
import sys

import numpy as np

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261127
rng = np.random.default_rng(SEED)


def stored(values, dtype):
    """The bytes of the values in a type, and the values that those bytes stand for."""
    if dtype == "F32":
        kept = values.astype("<f4")
        return kept.tobytes(), kept.astype(np.float64)
    if dtype == "F16":
        kept = values.astype("<f2")
        return kept.tobytes(), kept.astype(np.float64)
    bits = values.astype("<f4").view("<u4")
    high = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")
    return high.tobytes(), (high.astype("<u4") << 16).view("<f4").astype(np.float64)


def module(about, d, k, r, dtype, s, weights=None):
    weights = np.ones(r) if weights is None else np.asarray(weights, dtype=np.float64)
    b, B = stored(rng.standard_normal((d, r)) * weights / np.sqrt(d), dtype)
    a, A = stored(rng.standard_normal((r, k)) / np.sqrt(k), dtype)
    sigma = np.linalg.svd(s * (B @ A), compute_uv=False)[: min(d, k, r)]
    squares = sigma**2
    return {"about": about, "d": d, "k": k, "rank": r, "dtype": dtype, "s": s, "B": base64.b64encode(b).decode(),
            "A": base64.b64encode(a).decode(), "sigma": sigma.tolist(), "frobenius": float(np.linalg.norm(s * (B @ A))),
            "effectiveRank": effective(sigma, squares)}


def perplexity(weights):
    p = weights[weights > 0] / weights.sum()
    return float(np.exp(-(p * np.log(p)).sum()))


def effective(sigma, squares):
    if sigma[0] == 0:
        return {"entropy": 0, "energy": 0, "participation": 0, "stable": 0}
    return {"entropy": perplexity(sigma), "energy": perplexity(squares),
            "participation": float(squares.sum() ** 2 / (squares**2).sum()), "stable": float(squares.sum() / squares[0])}


modules = []
for dtype in ["F32", "F16", "BF16"]:
    modules += [
        module("square", 24, 24, 6, dtype, 2.0, 0.8 ** np.arange(6)),
        module("d much smaller than k", 3, 90, 3, dtype, 0.5),
        module("k much smaller than d", 90, 2, 2, dtype, 1.0),
        module("r = 1", 20, 30, 1, dtype, 4.0),
        module("r > min(d, k)", 5, 40, 8, dtype, 0.25),
        module("dead directions", 30, 20, 6, dtype, 1.5, [1, 1, 0, 1, 0, 0]),
        module("falls by ten a direction", 30, 30, 5, dtype, 1.0, 10.0 ** -np.arange(5)),
    ]
modules.append(module("zeros", 8, 8, 2, "F32", 1.0, [0, 0]))
OUT.mkdir(parents=True, exist_ok=True)
(OUT / "spectra.json").write_text(json.dumps(modules, separators=(",", ":")) + "\n")
print("spectra.json", (OUT / "spectra.json").stat().st_size)
