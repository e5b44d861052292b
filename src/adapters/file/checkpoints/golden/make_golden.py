#!/usr/bin/env python3
"""Writes pairs.json beside this file: matrices of a base and a fine-tuned model in the types of checkpoints, and
PyTorch's singular values of their difference in float64.

It shares no code with the explorer. Needs PyTorch:
    python3 make_golden.py [OUT_DIR] [SEED]
Matrices are the bytes of a .safetensors file (little-endian, row by row) in base64.
"""
import base64
import json
import pathlib
import sys

import torch

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
torch.manual_seed(int(sys.argv[2]) if len(sys.argv) > 2 else 20261202)
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
         "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}


def stored(values, dtype):
    kept = values.to(TYPES[dtype]).contiguous()
    raw = bytes(kept.flatten().view(torch.uint8).tolist())
    return base64.b64encode(raw).decode(), kept.to(torch.float64)


def pair(about, d, k, base_type, fine_type, rank, noise):
    base = torch.randn(d, k, dtype=torch.float64)
    weights = 0.6 ** torch.arange(rank, dtype=torch.float64)
    update = (torch.randn(d, rank, dtype=torch.float64) * weights) @ torch.randn(rank, k, dtype=torch.float64) / d**0.5
    b, B = stored(base, base_type)
    f, F = stored(base + update + noise * torch.randn(d, k, dtype=torch.float64), fine_type)
    delta = F - B
    U, S, Vh = torch.linalg.svd(delta, full_matrices=False)
    lost = [float(torch.linalg.matrix_norm(delta - (U[:, :r] * S[:r]) @ Vh[:r]) / torch.linalg.matrix_norm(delta))
            for r in range(len(S) + 1)]
    before, after = (torch.linalg.svd(m, full_matrices=False)[0] for m in (B, F))
    cosines = (before.T @ after[:, :10]).abs().amax(dim=0)
    return {"about": about, "shape": [d, k], "types": [base_type, fine_type], "base": b, "fine": f,
            "sigma": S.tolist(), "norm": float(torch.linalg.matrix_norm(delta)),
            "baseNorm": float(torch.linalg.matrix_norm(B)), "lost": lost,
            "intruders": int((cosines < 0.5).sum()), "nearest": float((cosines - 0.5).abs().min())}


pairs = [pair("low rank and noise", 24, 32, dtype, dtype, 4, 0.01) for dtype in TYPES]
pairs += [
    pair("tall, of two types", 40, 12, "F32", "BF16", 3, 0.0),
    pair("wide, of two types", 10, 36, "F16", "F32", 2, 0.05),
    pair("as large as the base", 20, 20, "F32", "F32", 20, 1.0),
    pair("large and of rank 2", 30, 30, "F32", "F32", 2, 0.0),
]
OUT.mkdir(parents=True, exist_ok=True)
(OUT / "pairs.json").write_text(json.dumps(pairs, separators=(",", ":")) + "\n")
print("pairs.json", (OUT / "pairs.json").stat().st_size)
