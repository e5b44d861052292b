#!/usr/bin/env python3
"""Writes float16.json beside this file: training in float16 by PyTorch on a CPU, autocast off, and gradient clipping.

A and B are kept in float32 and cast to halves for each step, the loss is taken in float32, and its gradient is scaled.
Matrices are lists of rows; an infinite number is "inf" or "-inf", and one that is none "nan". Needs PyTorch alone:
    python3 make_float16.py [OUT_DIR]
The learning rates are powers of two, so that rate times gradient is not rounded.
"""
import json
import math
import pathlib
import sys

import torch

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
torch.manual_seed(20261202)


def number(x):
    return x if math.isfinite(x) else str(x)


def rows(t):
    return [[number(x) for x in row] for row in t.tolist()]


def in_order(X, Y):
    """X·Y of halves: a sum in float32 in the order of the inner index, rounded once."""
    total = torch.zeros(X.shape[0], Y.shape[1])
    for p in range(X.shape[1]):
        total = total + X[:, p : p + 1].float() * Y[p : p + 1].float()
    return total.half()


def matrix_loss(A, B, s, target):
    E = s * (B.half() @ A.half()) - target.half()
    return 0.5 * E.float().square().sum()


def samples_loss(A, B, s, X, Y):
    E = s * (X.half() @ A.half().T @ B.half().T) - Y.half()
    return 0.5 * E.float().square().sum(dim=1).mean()


def train(A, B, loss, scale, lr, steps):
    """The gradients at the start, divided by the scale, and A and B after SGD with them."""
    A, B = (nn.clone().requires_grad_() for nn in (A, B))
    optimiser = torch.optim.SGD([A, B], lr=lr)
    first = None
    for _ in range(steps):
        optimiser.zero_grad()
        (loss(A, B) * scale).backward()
        for factor in (A, B):
            factor.grad /= scale
        first = first or {"gradA": rows(A.grad), "gradB": rows(B.grad)}
        optimiser.step()
    return {**first, "A": rows(A), "B": rows(B)}


def matrix(d, k, r, s, scale, lr, steps, size=1.0):
    A, B, target = torch.randn(r, k), torch.randn(d, r) / 2, torch.randn(d, k) * size
    if size < 1:
        A, B = A * size, torch.zeros(d, r)
    start = {"A": rows(A), "B": rows(B), "target": rows(target)}
    about = {"d": d, "k": k, "rank": r, "s": s, "scale": scale, "lr": lr, "steps": steps}
    return {**about, "start": start, "end": train(A, B, lambda a, b: matrix_loss(a, b, s, target), scale, lr, steps)}


def samples(d, k, r, n, s, scale, lr, steps):
    A, B, X, Y = torch.randn(r, k), torch.randn(d, r) / 2, torch.randn(n, k), torch.randn(n, d)
    start = {"A": rows(A), "B": rows(B), "X": rows(X), "Y": rows(Y)}
    about = {"d": d, "k": k, "rank": r, "n": n, "s": s, "scale": scale, "lr": lr, "steps": steps}
    return {**about, "start": start, "end": train(A, B, lambda a, b: samples_loss(a, b, s, X, Y), scale, lr, steps)}


def clipping(most):
    """torch.nn.utils.clip_grad_norm_ over two factors in float32, and one step of AdamW with decay on the second alone."""
    A, B = torch.randn(2, 5), torch.randn(4, 2)
    A.grad, B.grad = torch.randn(2, 5), torch.randn(4, 2)
    out = {"most": most, "start": {name: rows(x) for name, x in dict(A=A, B=B, gradA=A.grad, gradB=B.grad).items()}}
    torch.nn.utils.clip_grad_norm_([A, B], most)
    out["clipped"] = {"gradA": rows(A.grad), "gradB": rows(B.grad)}
    torch.optim.AdamW([{"params": [A]}, {"params": [B], "weight_decay": 0.5}], lr=0.125, weight_decay=0).step()
    return {**out, "decay": 0.5, "lr": 0.125, "end": {"A": rows(A), "B": rows(B)}}


# The sums of PyTorch's products of halves are those in the order of the index: then there is one right answer.
for n, l, m in [(5, 3, 7), (64, 8, 64), (16, 64, 8), (24, 20, 4)]:
    X, Y = torch.randn(n, l).half(), torch.randn(l, m).half()
    assert torch.equal(X @ Y, in_order(X, Y)), (n, l, m)

golden = {
    "torch": torch.__version__,
    "matrix": {
        "plain": matrix(12, 10, 3, 2 / 3, 1, 2**-5, 12),
        "scaled": matrix(9, 14, 4, 1.7, 1000, 2**-6, 12),
        "lost": matrix(6, 8, 2, 0.3, 1, 0.5, 2, size=2**-10),
        "kept": matrix(6, 8, 2, 0.3, 65536, 0.5, 2, size=2**-10),
        "overflow": matrix(6, 8, 2, 4, 2.0**17, 2**-6, 1),
    },
    "samples": {"plain": samples(6, 7, 2, 9, 1.3, 1, 2**-4, 12), "scaled": samples(5, 11, 3, 13, 0.7, 300, 2**-4, 12)},
    "clipping": {"long": clipping(0.25), "short": clipping(100.0)},
}
(OUT / "float16.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
