"""One step of LoRA on two networks of the page's shapes in PyTorch on one thread: autograd, Adam, the loss and all norms
of gradients, as the page's steppers keep them. Prints the milliseconds of the processor a step, as JSON: the least of
three medians."""

import json
import statistics
import time

import torch
from torch.nn.functional import cross_entropy, layer_norm

torch.set_num_threads(1)
SCALING = 2.0
ROUNDS = 3


def adapted(matrices, rank, generator):
    """Frozen W with its A and B; W has `d` rows and `k` columns."""
    return {
        name: (
            torch.randn(d, k, generator=generator) / k**0.5,
            torch.randn(rank, k, generator=generator, requires_grad=True),
            torch.zeros(d, rank, requires_grad=True),
        )
        for name, (d, k) in matrices.items()
    }


def through(h, layer):
    W, A, B = layer
    return h @ W.T + SCALING * ((h @ A.T) @ B.T)


def digits(rank, generator, batch=64):
    layers = adapted({"in": (64, 64), "hidden": (64, 64), "out": (10, 64)}, rank, generator)
    x = torch.randn(batch, 64, generator=generator)
    y = torch.randint(0, 10, (batch,), generator=generator)

    def loss():
        h = torch.relu(through(x, layers["in"]))
        h = torch.relu(through(h, layers["hidden"]))
        return cross_entropy(through(h, layers["out"]), y)

    return [layers], loss


def decoder(rank, generator, batch=32, length=16, width=64, heads=4, wide=128, symbols=17):
    shapes = {name: (width, width) for name in "qkvo"} | {"up": (wide, width), "down": (width, wide)}
    blocks = [adapted(shapes, rank, generator) for _ in range(2)]
    embedding, positions, head = (torch.randn(n, width, generator=generator) for n in (symbols, length, symbols))
    x = torch.randint(0, symbols, (batch, length), generator=generator)
    y = torch.randint(0, symbols, (batch, length), generator=generator)
    later = torch.triu(torch.full((length, length), float("-inf")), 1)

    def split(h):
        return h.view(batch, length, heads, width // heads).transpose(1, 2)

    def loss():
        h = embedding[x] + positions
        for block in blocks:
            n = layer_norm(h, (width,))
            q, k, v = (split(through(n, block[name])) for name in "qkv")
            weights = torch.softmax(q @ k.transpose(-1, -2) / (width // heads) ** 0.5 + later, -1)
            h = h + through((weights @ v).transpose(1, 2).reshape(batch, length, width), block["o"])
            h = h + through(torch.relu(through(layer_norm(h, (width,)), block["up"])), block["down"])
        outputs = layer_norm(h, (width,)) @ head.T
        return cross_entropy(outputs.reshape(-1, symbols), y.reshape(-1))

    return blocks, loss


def milliseconds(network, rank, steps):
    """The median of the last two thirds of the steps."""
    layers, loss = network(rank, torch.Generator().manual_seed(1))
    factors = [factor for block in layers for (_, A, B) in block.values() for factor in (A, B)]
    adam = torch.optim.Adam(factors, 1e-3)
    times = []
    for _ in range(steps):
        start = time.process_time()
        value = loss()
        adam.zero_grad()
        value.backward()
        [float(factor.grad.norm()) for factor in factors]
        float(value)
        adam.step()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times[steps // 3 :])


print(
    json.dumps(
        {
            "version": torch.__version__.split("+")[0],
            "digits": min(milliseconds(digits, 4, 300) for _ in range(ROUNDS)),
            "decoder": min(milliseconds(decoder, 8, 60) for _ in range(ROUNDS)),
        }
    )
)
