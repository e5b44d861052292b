"""Makes the matrices of a layer as the Lab does, by NumPy; bench/large.bench.ts starts it.

The first line that it writes says what it is; then it reads lines {"d": 512, "rank": 16, "seed": 1} and answers each with
{"ms": the time of it, "values": the first singular values of the change}.

The recipe is that of the target "decay" (docs/model.md): W0 is normal of variance 1/k. The change has singular values that
fall by 0.8, along orthonormal directions by QR of normal numbers: all of them up to 512, else 64, with noise outside them,
and is scaled to a largest value of 1. A is Kaiming, B zero. Norms, and the singular values that the page shows: all up
to 1024, else 64 by as many Lanczos steps as the page takes. All of it in float64, the matrices rounded to float32.
"""

import json
import sys
import time

import numpy as np

RATE = 0.8
ALL = 512
LEADING = 64
ALL_VALUES = 1024
MOST_STEPS = 256


def lanczos(M, every, settled):
    """Singular values by Golub, Kahan and Lanczos, every basis orthogonalised twice; looks at them every so many steps."""
    rows, cols = M.shape
    U, V = np.empty((MOST_STEPS, rows)), np.empty((MOST_STEPS, cols))
    B = np.zeros((MOST_STEPS, MOST_STEPS))
    v = np.random.default_rng(0).standard_normal(cols)
    v /= np.linalg.norm(v)
    values = np.zeros(1)
    for k in range(MOST_STEPS):
        V[k] = v
        u = M @ v
        for _ in range(2):
            u -= U[:k].T @ (U[:k] @ u)
        B[k, k] = np.linalg.norm(u)
        U[k] = u / B[k, k]
        v = M.T @ U[k]
        for _ in range(2):
            v -= V[: k + 1].T @ (V[: k + 1] @ v)
        out = np.linalg.norm(v)
        v /= out
        if (k + 1) % every == 0:
            before, values = values, np.linalg.svd(B[: k + 1, : k + 1], compute_uv=False)
            if settled(before, values):
                break
        if k + 1 < MOST_STEPS:
            B[k, k + 1] = out
    return values


def made(d, rank, seed):
    rng = np.random.default_rng(seed)
    base = (rng.standard_normal((d, d)) / np.sqrt(d)).astype(np.float32)
    sigma = RATE ** np.arange(d)
    n = d if d <= ALL else LEADING
    U, V = (np.linalg.qr(rng.standard_normal((d, n)))[0] for _ in range(2))
    target = (U * sigma[:n]) @ V.T
    if n < d:
        noise = rng.standard_normal((d, d))
        noise -= U @ (U.T @ noise)
        noise -= (noise @ V) @ V.T
        noise *= np.linalg.norm(sigma[n:]) / np.linalg.norm(noise)
        target += noise
        target /= lanczos(target, 8, lambda before, now: now[0] - before[0] <= 1e-15 * now[0])[0]
    target = target.astype(np.float32)
    A = rng.uniform(-1, 1, (rank, d)) / np.sqrt(d)
    B = np.zeros((d, rank))
    facts = np.linalg.norm(base), np.linalg.norm(target), np.linalg.norm(A, 2)
    wide = target.astype(np.float64)
    if d <= ALL_VALUES:
        values = np.linalg.svd(wide, compute_uv=False)
    else:
        values = lanczos(wide, 16, still)[:LEADING]
    return base, target, A.astype(np.float32), B.astype(np.float32), facts, values


def still(before, now):
    return len(before) >= LEADING and np.max(np.abs(now[:LEADING] - before[:LEADING])) <= 1e-7 * now[0]


def blas():
    """The library of products and decompositions that this NumPy has."""
    parts = np.show_config(mode="dicts")["Build Dependencies"]
    return " and ".join(dict.fromkeys(f"{part.get('name')} {part.get('version', '')}".strip() for part in parts.values()))


print(json.dumps({"words": f"NumPy {np.__version__} on one thread with {blas()}"}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    begun = time.perf_counter()
    values = made(asked["d"], asked["rank"], asked["seed"])[-1]
    ms = 1000 * (time.perf_counter() - begun)
    print(json.dumps({"ms": ms, "values": values[:4].tolist()}), flush=True)
