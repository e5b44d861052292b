import type { OptimiserName } from '../optimisers.ts';

interface TorchOptimiser {
  /** An expression of `groups` and `eps`, Adam's ε as it stands in the script. */
  readonly make: (eps: string) => string;
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
  signsgd: { make: () => 'SignSGD(groups)', definitions: ['SignSGD'] },
};

/** The body of a function of `groups` and `settings` that returns one of these optimisers, and what stands before it. */
export function torchChoice(
  used: readonly OptimiserName[],
  eps: string,
): { readonly code: string; readonly definitions: string } {
  const names = used.flatMap((name) => TORCH_OPTIMISERS[name].definitions ?? []);
  return {
    code:
      used.length === 1
        ? `    return ${TORCH_OPTIMISERS[used[0]].make(eps)}`
        : used
            .map((name) => `    if settings["opt"] == "${name}":\n        return ${TORCH_OPTIMISERS[name].make(eps)}`)
            .join('\n'),
    definitions: [...new Set(names)].map((name) => `${DEFINITIONS[name]}\n\n\n`).join(''),
  };
}
