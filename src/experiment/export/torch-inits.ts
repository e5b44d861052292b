import type { InitName } from '../inits/index.ts';

/** An initialisation in PyTorch: the body of a function of W (d × k), r and s that returns A and B. */
interface Recipe {
  /** Its input besides W: the name of one more argument, and its meaning. */
  readonly given?: { readonly name: string; readonly is: string };
  readonly lines: readonly string[];
}

const ZERO_A = 'A = torch.zeros(r, k, **like)';
const ZERO_B = 'B = torch.zeros(d, r, **like)';
const balanced = (of: string, part: (m: 'U' | 'S' | 'Vh') => string): readonly string[] => [
  `U, S, Vh = torch.linalg.svd(${of}, full_matrices=False)`,
  `root = (${part('S')} / s).sqrt()`,
  `A = root[:, None] * ${part('Vh')}`,
  `B = ${part('U')} * root`,
];
const FIRST = { U: 'U[:, :r]', S: 'S[:r]', Vh: 'Vh[:r]' } as const;
const LAST = { U: 'U[:, -r:]', S: 'S[-r:]', Vh: 'Vh[-r:]' } as const;
/** For initialisations that look at the inputs of the task. */
export const INPUTS_ARGUMENT = { name: 'inputs', is: 'inputs of the layer, k × n (a column is a sample)' } as const;

/** A fresh draw for another weight; docs/initialisations.md has the formulas and their sources. */
const TORCH_INITS = {
  'kaiming-uniform': { lines: ['A = torch.empty(r, k, **like).uniform_(-(k**-0.5), k**-0.5)', ZERO_B] },
  gaussian: { lines: ['A = torch.randn(r, k, **like) * r**-0.5', ZERO_B] },
  'gaussian-peft': { lines: ['A = torch.randn(r, k, **like) / r', ZERO_B] },
  'kaiming-normal': { lines: ['A = torch.randn(r, k, **like) * k**-0.5', ZERO_B] },
  'init-b': { lines: [ZERO_A, 'B = torch.randn(d, r, **like) * r**-0.5'] },
  symmetric: { lines: ['A = torch.randn(r, k, **like) * SIGMA', 'B = torch.randn(d, r, **like) * SIGMA'] },
  'both-random': {
    lines: [
      'A = torch.empty(r, k, **like).uniform_(-(k**-0.5), k**-0.5)',
      'B = torch.empty(d, r, **like).uniform_(-(r**-0.5), r**-0.5)',
    ],
  },
  'both-zero': { lines: [ZERO_A, ZERO_B] },
  svd: {
    given: { name: 'reference', is: 'the update to start from, d × k' },
    lines: balanced('reference', (m) => FIRST[m]),
  },
  'task-informed': {
    given: INPUTS_ARGUMENT,
    lines: ['A = torch.linalg.svd(inputs, full_matrices=False).U[:, :r].T', ZERO_B],
  },
  aligned: {
    given: { name: 'reference', is: 'the update to be aligned with, d × k' },
    lines: ['A = torch.linalg.svd(reference, full_matrices=False).Vh[:r] / 3**0.5', ZERO_B],
  },
  orthonormal: { lines: ['A = torch.linalg.qr(torch.randn(k, r, **like)).Q.T / 3**0.5', ZERO_B] },
  orthogonal: {
    lines: [
      'Q = torch.linalg.qr(torch.randn(r, r, **like)).Q',
      'A = (torch.randn(k, r // 2, **like) @ Q[0::2]).T / 10',
      'B = torch.randn(d, r // 2, **like) @ Q[1::2] / 10',
    ],
  },
  pissa: { lines: balanced('W', (m) => FIRST[m]) },
  milora: { lines: balanced('W', (m) => LAST[m]) },
  olora: { lines: ['Q, R = torch.linalg.qr(W)', 'A, B = R[:r], Q[:, :r]'] },
  corda: {
    given: INPUTS_ARGUMENT,
    lines: [
      'C = inputs @ inputs.T / inputs.shape[1]',
      'C = C + 0.01 * C.diagonal().mean() * torch.eye(k, **like)',
      'U, S, Vh = torch.linalg.svd(W @ C, full_matrices=False)',
      'root = (S[:r] / s).sqrt()',
      'A = root[:, None] * torch.linalg.solve(C, Vh[:r].T).T',
      'B = U[:, :r] * root',
    ],
  },
  'lora-ga': {
    given: { name: 'gradient', is: 'the gradient of the loss by W at step 0, d × k' },
    lines: [
      'U, _, Vh = torch.linalg.svd(gradient, full_matrices=False)',
      'A, B = Vh[:r] * d**0.25 / 4, U[:, r : 2 * r] * d**0.25 / 4',
    ],
  },
  file: { given: { name: 'adapter', is: 'A and B to continue from, r × k and d × r' }, lines: ['A, B = adapter'] },
  loftq: { lines: balanced('W - through_nf4(W)', (m) => FIRST[m]) },
  qpissa: { lines: balanced('W', (m) => FIRST[m]) },
  mica: { lines: [ZERO_A, 'B = torch.linalg.svd(W, full_matrices=False).U[:, -r:]'] },
} as const satisfies Record<InitName, Recipe>;

export const torchInit = (name: InitName): Recipe => TORCH_INITS[name];
