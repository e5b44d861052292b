#!/usr/bin/env python3
"""Writes merges.json beside this file: ΔW of small merges by TIES and DARE, by their papers, and of "linear", in float64.

It shares no code with the explorer; the random numbers of DARE are its generator's, written anew here. Needs NumPy:
    python3 make_golden.py [OUT_DIR]
Factors are exact in float32. ΔWᵢ = sᵢ·BᵢAᵢ.
"""
import json
import pathlib
import sys

import numpy as np

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
rng = np.random.default_rng(20261202)
M32 = 0xFFFFFFFF


def mul(a, b):
    return (a * b) & M32


def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M32


def absorb(h, word):
    k = mul(word & M32, 0xCC9E2D51)
    mixed = h ^ mul(rotl(k, 15), 0x1B873593)
    return (mul(rotl(mixed, 13), 5) + 0xE6546B64) & M32


def finish(h):
    a = mul(h ^ (h >> 16), 0x85EBCA6B)
    b = mul(a ^ (a >> 13), 0xC2B2AE35)
    return b ^ (b >> 16)


def uniforms(seed, purpose, count):
    """xoshiro128** (Blackman and Vigna 2021) from a MurmurHash3 of seed and purpose; 53 bits a number."""
    state = []
    for word in range(4):
        h = absorb(absorb(mul(word + 1, 0x9E3779B9), seed & M32), (seed >> 32) & M32)
        for char in purpose:
            h = absorb(h, ord(char))
        state.append(finish(h ^ len(purpose)))
    a, b, c, d = state

    def step():
        nonlocal a, b, c, d
        result = mul(rotl(mul(b, 5), 7), 9)
        shifted = (b << 9) & M32
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = rotl(d, 11)
        return result

    return np.array([((step() >> 5) * 67108864 + (step() >> 6)) * 2.0**-53 for _ in range(count)])


def ties(deltas, weights, density):
    """Yadav et al. 2023: trim, elect, disjoint mean; weights before the election."""
    kept = int(density * deltas[0].size)
    trimmed = []
    for w, delta in zip(weights, deltas):
        order = np.argsort(-np.abs(delta).ravel(), kind="stable")[: max(1, kept)]
        mask = np.zeros(delta.size)
        mask[order] = 1
        trimmed.append(w * delta * mask.reshape(delta.shape))
    stack = np.stack(trimmed)
    elected = np.sign(stack.sum(axis=0))
    agrees = (np.sign(stack) == elected) & (stack != 0)
    return (stack * agrees).sum(axis=0) / np.maximum(1, agrees.sum(axis=0))


def dare(deltas, weights, density, seed, layer):
    """Yu et al. 2023: drop with probability 1 − density, rescale by 1/density, add."""
    out = np.zeros_like(deltas[0])
    for i, (w, delta) in enumerate(zip(weights, deltas)):
        mask = uniforms(seed, f"dare {i} {layer}", delta.size).reshape(delta.shape) < density
        out += w * delta * mask / density
    return out


def linear(pairs, weights):
    """PEFT's combination_type="linear": the factors are added."""
    B = sum(np.sqrt(abs(w * s)) * b for w, (s, b, a) in zip(weights, pairs))
    A = sum(np.sign(w * s) * np.sqrt(abs(w * s)) * a for w, (s, b, a) in zip(weights, pairs))
    return B @ A


def rows(m):
    return [[float(x) for x in row] for row in m]


CASES = [
    (5, 7, 2, [1, 1], 0.5), (6, 4, 2, [0.5, 0.5], 0.2), (4, 9, 1, [1, -0.7], 0.4),
    (7, 7, 3, [1, 0.3, -1], 0.6), (3, 8, 2, [1, 1, 1, 1], 0.3), (6, 6, 2, [2, 0.25, 1], 1.0),
]
cases = []
for number, (d, k, r, weights, density) in enumerate(CASES):
    pairs = [(float(rng.integers(1, 5)) / 2, rng.standard_normal((d, r)).astype(np.float32).astype(float),
              rng.standard_normal((r, k)).astype(np.float32).astype(float)) for _ in weights]
    deltas = [s * b @ a for s, b, a in pairs]
    seed = 3 * number + 2**40 * (number % 2)
    total = sum(w * x for w, x in zip(weights, deltas))
    cases.append({
        "weights": weights, "density": density, "seed": seed, "layer": f"layers_{number}_mlp_up_proj",
        "pairs": [{"s": s, "B": rows(b), "A": rows(a)} for s, b, a in pairs],
        "sum": rows(total), "sigma": [float(x) for x in np.linalg.svd(total, compute_uv=False)],
        "linear": rows(linear(pairs, weights)),
        "ties": rows(ties(deltas, weights, density)),
        "dare": rows(dare(deltas, weights, density, seed, f"layers_{number}_mlp_up_proj")),
    })
(OUT / "merges.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
