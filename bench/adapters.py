"""The figures of an adapter file in PyTorch: SVD of B·A formed whole, and QR of both factors. Prints a line of JSON.

adapters.py FILE BLOCKS THREADS: the whole product of BLOCKS modules alone, since that of all would take minutes; QR of
all, the faster of two times.
"""

import json
import struct
import sys
import time

import torch

TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def opened(path):
    """A function that reads a tensor by its name in float32, and the names of the modules."""
    file = open(path, "rb")
    (length,) = struct.unpack("<Q", file.read(8))
    header = json.loads(file.read(length))

    def read(name):
        entry = header[name]
        start, end = entry["data_offsets"]
        file.seek(8 + length + start)
        flat = torch.frombuffer(bytearray(file.read(end - start)), dtype=TYPES[entry["dtype"]])
        return flat.reshape(entry["shape"]).float()

    end = ".lora_down.weight"
    return read, [name[: -len(end)] for name in header if name.endswith(end)]


def factors(read, name):
    A, B = read(f"{name}.lora_down.weight"), read(f"{name}.lora_up.weight")
    return float(read(f"{name}.alpha")) / A.shape[0], B, A


def whole(s, B, A):
    """As in resize scripts, except full_matrices, which would be slower still."""
    return torch.linalg.svd(s * (B @ A), full_matrices=False)[1][: A.shape[0]]


def by_qr(s, B, A):
    """The same r numbers from r × r work, in float64."""
    B, A = B.double(), A.double()
    return torch.linalg.svdvals(s * torch.linalg.qr(B, mode="r").R @ torch.linalg.qr(A.T, mode="r").R.T)


def timed(read, names, way):
    since = time.perf_counter()
    sigma = [way(*factors(read, name)) for name in names]
    return time.perf_counter() - since, sigma


def main():
    read, names = opened(sys.argv[1])
    few = names[: int(sys.argv[2])]
    torch.set_num_threads(int(sys.argv[3]))
    qr, spectra = min((timed(read, names, by_qr) for _ in range(2)), key=lambda found: found[0])
    seconds, sigma = timed(read, few, whole)
    worst = max(float((a - b).abs().max() / b[0]) for a, b in zip(sigma, spectra))
    words = f"PyTorch {torch.__version__} on {torch.get_num_threads()} threads"
    print(json.dumps({"words": words, "modules": len(names), "qr": qr, "whole": seconds, "few": len(few), "worst": worst, "sigma1": float(spectra[0][0])}))


main()
