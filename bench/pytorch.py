"""The same training step in PyTorch, on one thread. Speaks lines of JSON with bench/steppers/pytorch.ts."""

import json
import math
import re
import sys
import time

import torch

torch.set_num_threads(1)
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Formulas:
    """E = sBA − T, gB = sEAᵀ, gA = sBᵀE and Adam, literally; loss and gradient norms of every step."""

    def __init__(self, T, A, B, s, lr):
        self.T, self.A, self.B, self.s, self.lr, self.t = T, A, B, s, lr, 0
        self.moments = [[torch.zeros_like(p), torch.zeros_like(p)] for p in (A, B)]

    @torch.no_grad()
    def steps(self, n):
        kept = []
        for _ in range(n):
            E = self.s * (self.B @ self.A) - self.T
            gradients = self.s * (self.B.T @ E), self.s * (E @ self.A.T)
            kept.append((E.square().sum() / 2, *[g.norm() for g in gradients]))
            self.t += 1
            for p, g, moments in zip((self.A, self.B), gradients, self.moments):
                moments[0] = m = BETA1 * moments[0] + (1 - BETA1) * g
                moments[1] = v = BETA2 * moments[1] + (1 - BETA2) * g * g
                p -= self.lr * (m / (1 - BETA1**self.t)) / ((v / (1 - BETA2**self.t)).sqrt() + EPSILON)
        return float(kept[-1][0])


class InPlace:
    """The same without any new matrix and without the norms: the lower bound for PyTorch."""

    def __init__(self, T, A, B, s, lr):
        self.T, self.A, self.B, self.s, self.lr, self.t = T, A, B, s, lr, 0
        self.E = torch.empty_like(T)
        self.gA, self.gB = torch.empty_like(A), torch.empty_like(B)
        self.state = [(p, g, torch.zeros_like(p), torch.zeros_like(p), torch.empty_like(p)) for p, g in ((A, self.gA), (B, self.gB))]

    def loss_and_gradients(self):
        torch.addmm(self.T, self.B, self.A, beta=-1, alpha=self.s, out=self.E)
        torch.mm(self.E, self.A.T, out=self.gB).mul_(self.s)
        torch.mm(self.B.T, self.E, out=self.gA).mul_(self.s)
        return torch.dot(self.E.view(-1), self.E.view(-1)) / 2

    @torch.no_grad()
    def steps(self, n):
        loss = None
        for _ in range(n):
            loss = self.loss_and_gradients()
            self.t += 1
            correction = 1 / math.sqrt(1 - BETA2**self.t)
            rate = self.lr / (1 - BETA1**self.t)
            for p, g, m, v, root in self.state:
                m.mul_(BETA1).add_(g, alpha=1 - BETA1)
                v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
                torch.sqrt(v, out=root).mul_(correction).add_(EPSILON)
                p.addcdiv_(m, root, value=-rate)
        return float(loss)


class Autograd:
    """The usual form: a loss, backward() and torch.optim.Adam."""

    def __init__(self, T, A, B, s, lr):
        self.T, self.s = T, s
        self.A, self.B = A.requires_grad_(), B.requires_grad_()
        self.optimizer = torch.optim.Adam([self.A, self.B], lr=lr)

    def steps(self, n):
        loss = None
        for _ in range(n):
            self.optimizer.zero_grad()
            loss = (self.s * (self.B @ self.A) - self.T).square().sum() / 2
            loss.backward()
            self.optimizer.step()
        return float(loss)


KINDS = {"PyTorch autograd": Autograd, "PyTorch by formulas": Formulas, "PyTorch in place": InPlace}


def start_of(order):
    """T, A and B, float32 in a row in a file."""
    d, r = order["d"], order["rank"]
    flat = torch.from_file(order["file"], size=d * d + 2 * d * r, dtype=torch.float32).clone()
    T, A, B = flat.split([d * d, r * d, d * r])
    return T.view(d, d), A.view(r, d).clone(), B.view(d, r).clone(), order["scaling"], order["lr"]


def blas():
    """The BLAS of PyTorch's build, and on Linux its shared library if it is a separate one."""
    built = torch.__config__.show()
    kind = re.search(r"BLAS_INFO=(\w+)", built)
    version = re.search(r"Math Kernel Library Version ([\d.]+)", built)
    words = {"mkl": "MKL", "open": "OpenBLAS"}.get(kind[1], kind[1]) if kind else "BLAS"
    if words == "MKL" and version:
        words += f" {version[1]}"
    try:
        with open("/proc/self/maps") as maps:
            # NumPy and SciPy bundle a BLAS.
            paths = [p for p in re.findall(r"(/\S*(?:blas|mkl_core)[^/\s]*)$", maps.read(), re.M) if not re.search(r"numpy|scipy", p)]
    except OSError:
        return words
    names = sorted({p.rsplit("/", 1)[1] for p in paths})
    return f"{words} ({', '.join(names) or 'built in'})"


def main():
    open_ones = {}
    torch.mm(torch.ones(2, 2), torch.ones(2, 2))
    capability = torch.backends.cpu.get_cpu_capability()
    print(json.dumps({"names": list(KINDS), "words": f"PyTorch {torch.__version__} on one thread with {blas()}, its own loops for {capability}"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        name, answer = order["name"], {}
        if order["do"] == "open":
            open_ones[name] = KINDS[name](*start_of(order))
        elif order["do"] == "close":
            open_ones.pop(name, None)
        else:
            before = time.perf_counter()
            answer["loss"] = open_ones[name].steps(order["n"])
            answer["ms"] = 1000 * (time.perf_counter() - before)
        print(json.dumps(answer), flush=True)


main()
