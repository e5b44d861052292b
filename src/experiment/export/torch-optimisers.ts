import type { OptimiserName } from '../optimisers.ts';

interface TorchOptimiser {
  /** An expression of `groups`; `eps` is Adam's ε as it stands in the script, `layers` the layers that train. */
  readonly make: (eps: string, layers: string) => string;
  /** Python definitions that it needs. */
  readonly definitions?: readonly TorchDefinition[];
}

type TorchDefinition = keyof typeof DEFINITIONS;

const DEFINITIONS = {
  newton_schulz: `def newton_schulz(X):
    """Five steps that take all singular values near 1."""
    if X.shape[0] > X.shape[1]:
        return newton_schulz(X.T).T
    X = X / (X.norm() + 1e-7)
    for _ in range(5):
        Y = X @ X.T
        X = 3.4445 * X + (-4.7750 * Y + 2.0315 * Y @ Y) @ X
    return X`,
  Muon: `class Muon(torch.optim.Optimizer):
    """As published; PyTorch's own multiplies the step of B by sqrt(d/r)."""

    def __init__(self, groups):
        super().__init__(groups, {})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.mul_(0.95).add_(p.grad)
                p -= group["lr"] * newton_schulz(p.grad + 0.95 * v)`,
  Polar: `class Polar(torch.optim.Optimizer):
    """g = U S V' becomes U V', over the singular values that are not zero."""

    def __init__(self, groups):
        super().__init__(groups, {})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                U, S, Vh = torch.linalg.svd(p.grad, full_matrices=False)
                p -= group["lr"] * (U * (S > 1e-6 * S[0])) @ Vh`,
  damped: `def damped(G):
    """Eigenvalues and vectors of G + 1e-6 of its largest eigenvalue."""
    values, V = torch.linalg.eigh(G)
    return values.clamp(min=0) + 1e-6 * values[-1].clamp(min=0), V


def inverse(G):
    """That of 0 is 0."""
    values, V = damped(G)
    return (V * torch.where(values > 0, 1 / values, 0.0)) @ V.T`,
  Pairs: `class Pairs(torch.optim.Optimizer):
    """Steps that take both factors of a layer."""

    def __init__(self, groups, layers):
        super().__init__(groups, {})
        self.layers = list(layers)

    def rate(self, factor):
        """None if the factor is frozen."""
        rates = [group["lr"] for group in self.param_groups if group["params"][0] is factor]
        return rates[0] / self.s(factor) ** 2 if rates else None

    def s(self, factor):
        return next(layer.s for layer in self.layers if factor is layer.A or factor is layer.B)`,
  Scaled: `class Scaled(Pairs):
    """B first, then A with a new gradient."""

    @torch.no_grad()
    def step(self, again):
        for layer in self.layers:
            if self.rate(layer.B):
                layer.B -= self.rate(layer.B) * layer.B.grad @ inverse(layer.A @ layer.A.T)
        with torch.enable_grad():
            again()
        for layer in self.layers:
            if self.rate(layer.A):
                layer.A -= self.rate(layer.A) * inverse(layer.B.T @ layer.B) @ layer.A.grad`,
  LoRAPro: `class LoRAPro(Pairs):
    @torch.no_grad()
    def step(self, again=None):
        for layer in self.layers:
            A, B = layer.A, layer.B
            dA = 0 if A.grad is None else inverse(B.T @ B) @ A.grad
            dB = 0 if B.grad is None else B.grad @ inverse(A @ A.T)
            if A.grad is not None and B.grad is not None:
                (p, U), (q, V) = damped(B.T @ B), damped(A @ A.T)
                sums = p[:, None] + q[None, :]
                X = U @ torch.where(sums > 0, (U.T @ dA @ A.T @ V) / sums, 0.0) @ V.T
                dA, dB = dA - X @ A, dB - B @ (inverse(B.T @ B) @ B.T @ dB - X)
            if self.rate(A):
                A -= self.rate(A) * dA
            if self.rate(B):
                B -= self.rate(B) * dB`,
  SignSGD: `class SignSGD(torch.optim.Optimizer):
    def __init__(self, groups):
        super().__init__(groups, {})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad.sign()`,
} as const;

const TORCH_OPTIMISERS: Readonly<Record<OptimiserName, TorchOptimiser>> = {
  sgd: { make: () => 'torch.optim.SGD(groups)' },
  momentum: { make: () => 'torch.optim.SGD(groups, momentum=0.9)' },
  adam: { make: (eps) => `torch.optim.Adam(groups, betas=(0.9, 0.999), eps=${eps})` },
  adamw: { make: (eps) => `torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=${eps}, weight_decay=0.01)` },
  muon: { make: () => 'Muon(groups)', definitions: ['newton_schulz', 'Muon'] },
  polar: { make: () => 'Polar(groups)', definitions: ['Polar'] },
  scaled: { make: (_, layers) => `Scaled(groups, ${layers})`, definitions: ['damped', 'Pairs', 'Scaled'] },
  'lora-pro': { make: (_, layers) => `LoRAPro(groups, ${layers})`, definitions: ['damped', 'Pairs', 'LoRAPro'] },
  signsgd: { make: () => 'SignSGD(groups)', definitions: ['SignSGD'] },
};

/** Whether a step of one of these measures the gradient again. */
export const measuresAgain = (used: readonly OptimiserName[]): boolean => used.includes('scaled');

/** The body of a function of `groups` and `settings` that returns one of these optimisers, and what stands before it. */
export function torchChoice(
  used: readonly OptimiserName[],
  eps: string,
  layers: string,
): { readonly code: string; readonly definitions: string } {
  const names = used.flatMap((name) => TORCH_OPTIMISERS[name].definitions ?? []);
  return {
    code:
      used.length === 1
        ? `    return ${TORCH_OPTIMISERS[used[0]].make(eps, layers)}`
        : used
            .map(
              (name) =>
                `    if settings["opt"] == "${name}":\n        return ${TORCH_OPTIMISERS[name].make(eps, layers)}`,
            )
            .join('\n'),
    definitions: [...new Set(names)].map((name) => `${DEFINITIONS[name]}\n\n\n`).join(''),
  };
}
