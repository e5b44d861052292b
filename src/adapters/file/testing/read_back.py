"""Reads adapter files by the format's specification, forms s·B·A by names and config, and compares.

A line of JSON in: {"old": [[file, config or null, weight], …], "new": [file, config or null]}; a line out: the number of
modules and ‖ΔW of new − Σ weight·ΔW of old‖ over the norm of the sum. With the safetensors package, it reads the same bytes.
"""

import json
import math
import re
import struct
import sys

import numpy as np

try:
    from safetensors import safe_open
except ImportError:
    safe_open = None

FRONTS = re.compile(r"^(base_model\.model\.|lora_unet_|lora_te1?_|lora_transformer_|unet\.|text_encoder\.|model[._])+")


def tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        assert length % 8 == 0, "the data is aligned"
        text = file.read(length)
        assert text[:1] == b"{"
        header, data, found, end = json.loads(text), file.read(), {}, 0
    entries = [(name, entry) for name, entry in header.items() if name != "__metadata__"]
    for name, entry in sorted(entries, key=lambda of: of[1]["data_offsets"]):
        start, stop = entry["data_offsets"]
        assert start == end, "no holes and no overlaps"
        end = stop
        kind = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}[entry["dtype"]]
        values = np.frombuffer(data[start:stop], dtype=kind)
        if entry["dtype"] == "BF16":
            values = (values.astype(np.uint32) << 16).view(np.float32)
        found[name] = values.astype(np.float64).reshape(entry["shape"])
    assert end == len(data), "nothing after the last tensor"
    if safe_open:
        with safe_open(path, "np") as other:
            assert set(other.keys()) == set(found)
    return found


def by_pattern(patterns, name, otherwise):
    for pattern, value in patterns.items():
        if re.match(rf"(.*\.)?({pattern})$", name):
            return value
    return otherwise


def updates(path, config_path):
    """ΔW of each module, by a name without what differs between the families."""
    all_of, found = tensors(path), {}
    config = json.load(open(config_path)) if config_path else None
    for name, A in all_of.items():
        if name.endswith(".lora_A.weight"):
            module = name[: -len(".lora_A.weight")]
            B, inner = all_of[f"{module}.lora_B.weight"], module.removeprefix("base_model.model.")
            r = by_pattern(config.get("rank_pattern") or {}, inner, config["r"])
            assert A.shape[0] == r == B.shape[1], (name, A.shape, r)
            alpha = by_pattern(config.get("alpha_pattern") or {}, inner, config["lora_alpha"])
            s = alpha / (math.sqrt(r) if config.get("use_rslora") else r)
        elif name.endswith(".lora_down.weight"):
            module = name[: -len(".lora_down.weight")]
            B, s = all_of[f"{module}.lora_up.weight"], float(all_of[f"{module}.alpha"]) / A.shape[0]
        else:
            continue
        found[FRONTS.sub("", module).replace(".", "_")] = s * B.reshape(len(B), -1) @ A.reshape(len(A), -1)
    return found


for line in sys.stdin:
    order = json.loads(line)
    wanted = {}
    for path, config, weight in order["old"]:
        for name, W in updates(path, config).items():
            wanted[name] = wanted.get(name, 0) + weight * W
    new = updates(*order["new"])
    assert set(new) == set(wanted), set(new) ^ set(wanted)
    lost = sum(np.sum((new[name] - W) ** 2) for name, W in wanted.items())
    print(json.dumps({"modules": len(new), "error": math.sqrt(lost / sum(np.sum(W**2) for W in wanted.values()))}))
