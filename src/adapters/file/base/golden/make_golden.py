#!/usr/bin/env python3
"""Writes modules.json beside this file: modules of adapters with their W₀, and the figures of both by PyTorch in float64.

It shares no code with the explorer. Needs PyTorch:
    python3 make_golden.py [OUT_DIR] [SEED]
Tensors are the bytes of a .safetensors file (little-endian, row by row) in base64.
DoRA is PEFT's: dora_factor = magnitude / norm(weight + scaling * lora_weight, dim=1), new = dora_factor * (weight + delta).
NF4 is bitsandbytes' (csrc/kernels.cu, dQuantizeNF4): its thresholds, and its code book.
"""
import base64
import json
import pathlib
import sys

import torch

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
torch.manual_seed(int(sys.argv[2]) if len(sys.argv) > 2 else 20261202)
F64 = torch.float64
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
         "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}
BOOK = [-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
        -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
        0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0]
STEPS = [-0.8480964004993439, -0.6106329262256622, -0.4599952697753906, -0.33967943489551544, -0.23460740596055984,
         -0.13791173323988914, -0.045525018125772476, 0.03979014977812767, 0.1202552504837513, 0.2035212516784668,
         0.2920137718319893, 0.3893125355243683, 0.5016634166240692, 0.6427869200706482, 0.8614784178118011]


def stored(values, dtype):
    kept = values.to(TYPES[dtype]).contiguous()
    raw = bytes(kept.flatten().view(torch.uint8).tolist())
    return {"dtype": dtype, "shape": list(kept.shape), "bytes": base64.b64encode(raw).decode()}, kept.to(F64)


def through(values, dtype):
    """What is kept of float64 values, by way of float32; and what is compared: numbers, or codes of 4 bits."""
    values = values.to(torch.float32)
    if dtype != "NF4":
        kept = values.to(TYPES[dtype]).to(F64)
        return kept, kept
    flat = values.flatten()
    out, codes = torch.zeros_like(flat), torch.zeros_like(flat)
    for at in range(0, len(flat), 64):
        block = flat[at:at + 64]
        most = block.abs().max()
        share = block * (1 / most)
        code = sum((share > step).to(torch.int64) for step in torch.tensor(STEPS))
        codes[at:at + 64] = code
        out[at:at + 64] = torch.tensor(BOOK)[code] * most
    return out.reshape(values.shape).to(F64), codes.reshape(values.shape).to(F64)


def merged(W0, delta, dtype):
    before, was = through(W0, dtype)
    after, now = through(before + delta, dtype)
    changed = delta != 0
    return {"type": dtype, "lost": float((after - before - delta).norm() / delta.norm()),
            "vanished": float((was == now)[changed].to(F64).mean())}


def module(about, d, inputs, dtype, r=3, size=0.01, kernel=None, turned=False, magnitude=None, factors="F32"):
    kh, kw = kernel or (1, 1)
    k = inputs * kh * kw
    w, W0 = stored(torch.randn(d, k, dtype=F64) / k**0.5, dtype)
    if turned:
        w, W0 = stored(W0.T, dtype)
        W0 = W0.T
    elif kernel:
        w["shape"] = [d, inputs, kh, kw]
    a, A = stored(torch.randn(r, k, dtype=F64) / k**0.5, factors)
    b, B = stored(size * torch.randn(d, r, dtype=F64), factors)
    if kernel:
        a["shape"], b["shape"] = [r, inputs, kh, kw], [d, r, 1, 1]
    alpha = 5
    update = alpha / r * B @ A
    given = {"about": about, "weight": w, "down": a, "up": b, "alpha": alpha, "turned": turned, "magnitude": None}
    wanted = {}
    if magnitude is None:
        delta = update
    else:
        V = W0 + update
        grouped = (lambda m: m) if magnitude == "output" else (
            lambda m: m.reshape(d, inputs, kh * kw).transpose(0, 1).reshape(inputs, -1))
        norms, base = grouped(V).norm(dim=1), grouped(W0).norm(dim=1)
        given["magnitude"], m = stored(base * (1 + 0.02 * torch.randn(len(base), dtype=F64)), "F32")
        factor = m / norms
        if magnitude == "output":
            delta = factor[:, None] * V - W0
        else:
            given["magnitude"]["shape"] = [1, inputs] + ([1, 1] if kernel else [])
            delta = factor.repeat_interleave(kh * kw)[None, :] * V - W0
        cosines = (grouped(V) * grouped(W0)).sum(dim=1) / norms / base
        wanted["dora"] = {"magnitudeChange": float((m - base).abs().mean()),
                          "directionChange": float((1 - cosines).mean()),
                          "sigma": torch.linalg.svdvals(delta).tolist()}
    wanted |= {"baseNorm": float(W0.norm()), "norm": float(delta.norm())}
    types = [dtype] + [t for t in ("BF16", "F16", *([] if kernel else ["NF4"])) if t != dtype]
    wanted["merged"] = [merged(W0, delta, t) for t in types]
    if magnitude is None:
        U, S, Vh = torch.linalg.svd(delta, full_matrices=False)
        U, V = U[:, :r], Vh[:r].T
        U0, S0, V0h = torch.linalg.svd(W0, full_matrices=False)
        inside = float((U.T @ W0 @ V).norm())
        # The root of the mean square over random directions.
        squares = []
        for _ in range(4000):
            X, Y = torch.linalg.qr(torch.randn(d, r, dtype=F64))[0], torch.linalg.qr(torch.randn(k, r, dtype=F64))[0]
            squares.append(float((X.T @ W0 @ Y).norm() ** 2))
        wanted["alignment"] = {
            "inside": inside, "amplification": float(delta.norm()) / inside, "drawn": (sum(squares) / len(squares)) ** 0.5,
            "left": float((U0[:, :r].T @ delta).norm() / delta.norm()) ** 2,
            "right": float((delta @ V0h[:r].T).norm() / delta.norm()) ** 2, "most": float(S0[:r].norm())}
    return {"given": given, "wanted": wanted}


modules = [module(f"W₀ in {dtype}", 32, 48, dtype, size=size)
           for dtype, size in (("F32", 0.3), ("BF16", 0.03), ("F16", 0.003), ("F8_E4M3", 0.1), ("F8_E5M2", 0.1))]
modules += [
    module("as GPT-2 has it, [in, out]", 96, 64, "F32", turned=True, size=0.05),
    module("a convolution", 12, 8, "F16", kernel=(3, 3), r=2),
    module("factors in bfloat16, wide", 20, 70, "BF16", r=4, factors="BF16", size=0.1),
    module("DoRA by outputs", 30, 40, "BF16", magnitude="output"),
    module("DoRA by outputs, [in, out]", 48, 64, "F32", magnitude="output", turned=True),
    module("DoRA by inputs", 24, 32, "F32", magnitude="input"),
    module("DoRA by inputs of a convolution", 10, 6, "F32", magnitude="input", kernel=(3, 3)),
    module("DoRA by outputs of a convolution", 10, 6, "F16", magnitude="output", kernel=(3, 3)),
]
OUT.mkdir(parents=True, exist_ok=True)
(OUT / "modules.json").write_text(json.dumps(modules, separators=(",", ":"), ensure_ascii=False) + "\n")
print("modules.json", (OUT / "modules.json").stat().st_size)
