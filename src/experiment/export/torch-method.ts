import { methods } from '../methods/index.ts';
import { USUAL_C } from '../methods/layer-sizes.ts';
import { fileKey } from '../methods/method.ts';
import { METHOD_WORDS } from '../methods/method-words.ts';
import type { BesideLora } from '../methods/starts.ts';
import { optimiserWords } from '../optimiser-words.ts';
import { optimisers } from '../optimisers.ts';
import { besideLora, frozenFactorOf, isFull, isQuantised } from '../settings/bounds.ts';
import { isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { type ExportedModule, type ExportedRun, hasMovedPart, onlyModule, stepsMade } from './exported.ts';
import {
  endOfSetUp,
  importLines,
  type LessonSettings,
  larger,
  optimiserChoice,
  type Section,
  settingLines,
  TORCH_SCALING,
  training,
} from './lesson.ts';
import { peftSentence } from './peft-config.ts';
import type { Tensor } from './safetensors.ts';
import { TORCH_LAYER } from './torch-layer.ts';
import { nf4Definition, nf4Prose } from './torch-nf4.ts';

/** A way of training a matrix of a network, in PyTorch. */
export interface TorchMethod {
  readonly isLora: boolean;
  /** What trains, and how: sentences. */
  readonly says: string;
  readonly prose: readonly string[];
  /** A class of layers. */
  readonly layer: string;
  /** Gives `layer` its s from `settings`. */
  readonly scale: string;
  /** Makes layers[name] with the frozen matrix W. */
  readonly make: readonly string[];
  /** Yields the factors of `layer` with their rates; `own` is that of the matrix. */
  readonly factors: readonly string[];
  readonly rates: readonly string[];
  /** The last section; empty: none. */
  readonly larger: readonly Section[];
}

export function torchMethod(run: ExportedRun): TorchMethod {
  const beside = besideLora(run.experiment);
  if (beside) return methodOf(run, beside);
  return isFull(run.experiment) ? FULL : loraOf(run);
}

/** What a trained matrix starts from besides W; names end with its own. */
export function startTensors({ experiment }: ExportedRun, module: ExportedModule): readonly Tensor[] {
  const { name, initial, method } = module;
  if (isFull(experiment)) return [];
  if (method) return methodTensors(module, `.${name}`);
  return (['A', 'B'] as const).map((factor) => {
    const { rows, cols, data } = initial[factor];
    return { name: `${factor}.${name}`, shape: [rows, cols], data };
  });
}

function loraOf(run: ExportedRun): TorchMethod {
  const frozen = frozenFactorOf(run.experiment);
  const trains = frozen === 'A' ? 'B' : 'A';
  return {
    isLora: true,
    says: frozen === null ? 'Only A and B are trained.' : `Only ${trains} is trained.`,
    prose: [
      `h = W x + s·B(A x). W is frozen. ${frozen === null ? 'Only the two thin matrices A and B are trained.' : `Of the two thin matrices only ${trains} is trained.`} Other matrices stay as they are.`,
      's follows from alpha and the rank of the matrix.',
    ],
    layer: TORCH_LAYER,
    scale: 'layer.s = scaling(settings, layer.A.shape[0])',
    make: [
      'A, B = tensor(f"A.{name}"), tensor(f"B.{name}")',
      's = scaling(SETTINGS, A.shape[0])',
      ...(hasMovedPart(run)
        ? [
            '# The initialisation takes s·B·A over from W. What stays frozen is formed in float64 and rounded once.',
            'W = (W.double() - s * B.double() @ A.double()).float().to(DTYPE)',
          ]
        : []),
      'layers[name] = LoRALinear(W, A, B, s)',
      ...(frozen === null
        ? []
        : [`layers[name].${frozen}.requires_grad_(False)  # ${frozen} is frozen; only ${trains} trains`]),
    ],
    factors: [
      'for factor, rate in [(layer.A, own), (layer.B, settings["ratio"] * own)]:',
      '    if factor.requires_grad:',
      '        yield factor, rate',
    ],
    rates: ['A learns at the rate lr, B at ratio·lr; with a ratio above 1 this is LoRA+.'],
    larger: [larger(run)],
  };
}

const WHOLE = `class Whole(nn.Module):
    """h = (W0 + change) x: the whole matrix is trained."""

    def __init__(self, W):
        super().__init__()
        self.register_buffer("W0", W)
        self.change = nn.Parameter(torch.zeros_like(W))

    def forward(self, x):
        return nn.functional.linear(x, self.W0 + self.change)`;

const FULL: TorchMethod = {
  isLora: false,
  says: 'Its matrices are trained whole.',
  prose: ['h = (W0 + ΔW) x for the matrices that are trained, h = W x for the others.'],
  layer: WHOLE,
  scale: 'pass  # W itself trains',
  make: ['layers[name] = Whole(W)'],
  factors: ['yield layer.change, own'],
  rates: [],
  larger: [],
};

function methodOf({ experiment: e, modules }: ExportedRun, name: BesideLora): TorchMethod {
  const { label, brief, formula, own, params } = methods.byName(name);
  const { source } = METHOD_WORDS[name];
  const trained = own(e).map((shape) => fileKey(shape.name));
  const [{ method }] = modules;
  const given = [...(method?.places ? ['places'] : []), ...(method?.left ? ['left', 'right'] : [])];
  const fast = params.includes('ratio');
  return {
    isLora: false,
    says: `Only the numbers of ${label} are trained. ${brief} ${source}.`,
    prose: [
      `h = (W0 + ΔW) x with ΔW = ${formula} for the matrices that are trained, h = W x for the others.`,
      ...(name === 'lora-xs' ? ['left is UᵣΣᵣ and right Vᵣᵀ of the singular value decomposition of W₀.'] : []),
    ],
    layer: [
      'class Adapted(nn.Module):',
      `    """h = (W0 + update()) x: ${label}."""`,
      '',
      '    def __init__(self, name, W):',
      '        super().__init__()',
      '        self.register_buffer("W0", W)',
      ...given.map((buffer) => `        self.register_buffer("${buffer}", tensor(f"${buffer}.{name}"))`),
      ...trained.map((factor) => `        self.${factor} = nn.Parameter(tensor(f"${factor}.{name}"))`),
      '',
      '    def update(self):',
      ...TORCH_UPDATES[name](e).map((line) => `        ${line}`),
      '',
      '    def forward(self, x):',
      '        return nn.functional.linear(x, self.W0 + self.update())',
    ].join('\n'),
    scale: params.includes('alpha') ? `layer.s = scaling(settings, len(layer.${trained[0]}))` : 'pass  # it has no s',
    make: ['layers[name] = Adapted(name, W)'],
    factors: trained.map((factor) =>
      fast && factor === 'B' ? 'yield layer.B, settings["ratio"] * own' : `yield layer.${factor}, own`,
    ),
    rates: fast ? ['B learns at ratio·lr, everything else at lr.'] : [],
    larger: [inPeft(e)],
  };
}

function inPeft(e: ExportedRun['experiment']): Section {
  return {
    title: 'On a larger model',
    prose: [
      peftSentence({ ...e, factor: e.factor === '' ? USUAL_C : e.factor }),
      'Sizes are those of a matrix of 64 × 64; others have their own. The best learning rate changes with the size of the',
      'layer: look for it again.',
    ],
    code: `def trainable(network):
    """How many numbers train, and how many there are."""
    trained = sum(p.numel() for p in network.parameters())
    return trained, trained + sum(b.numel() for b in network.buffers())`,
  };
}

/** ΔW in PyTorch: the body of a function of a layer with W0, its trained numbers and what else it needs. */
const TORCH_UPDATES: Readonly<Record<BesideLora, (e: Experiment) => readonly string[]>> = {
  dora: ({ norm }) => [
    'V = self.W0 + self.s * self.B @ self.A',
    `length = V.norm(dim=1, keepdim=True)${norm === 'exact' ? '' : '.detach()  # a constant in the gradient, as in PEFT'}`,
    'return self.m * V / length - self.W0',
  ],
  oft: () => [
    'b = len(self.W0) // len(self.Q)  # a row of Q is a block',
    'i, j = torch.triu_indices(b, b, 1)',
    'upper = self.Q.new_zeros(len(self.Q), b, b)',
    'upper[:, i, j] = self.Q',
    'Q = upper - upper.transpose(1, 2)',
    'I = torch.eye(b, dtype=Q.dtype, device=Q.device)',
    'R = torch.linalg.solve(I - Q, I + Q)  # (I + Q)(I - Q)^-1: both factors commute',
    'return torch.block_diag(*R) @ self.W0 - self.W0',
  ],
  lokr: () => ['return torch.kron(self.C, self.W2)'],
  hira: () => ['return self.W0 * (self.B @ self.A)'],
  shira: () => [
    'whole = torch.zeros(self.W0.numel(), dtype=self.W0.dtype, device=self.W0.device)',
    'return whole.index_put((self.places,), self.theta.flatten()).view_as(self.W0)',
  ],
  ia3: () => ['return (self.l - 1) * self.W0'],
  'lora-xs': () => ['return self.s * self.left @ self.R @ self.right'],
};

/** What a matrix of a script starts from besides W0 and target; `of` ends each name. */
export function methodTensors({ method }: Pick<ExportedModule, 'method'>, of = ''): readonly Tensor[] {
  if (!method) return [];
  const { shapes, initial, places, left, right } = method;
  const own = shapes.map(
    ({ name, rows, cols }, i): Tensor => ({ name: `${fileKey(name)}${of}`, shape: [rows, cols], data: initial[i] }),
  );
  return [
    ...own,
    ...(places ? [{ name: `places${of}`, shape: [places.length], data: places }] : []),
    ...(left && right
      ? [
          { name: `left${of}`, shape: [left.rows, left.cols], data: left.data },
          { name: `right${of}`, shape: [right.rows, right.cols], data: right.data },
        ]
      : []),
  ];
}

/** The lesson of a method beside LoRA, in the order of lessonOf. */
export function methodLesson(run: ExportedRun, name: BesideLora, settings: LessonSettings): readonly Section[] {
  return [
    setUp(run, name, settings),
    layer(run, name),
    task(run, name),
    optimiser(run, name),
    training(run),
    onLarger(run),
  ];
}

function setUp(run: ExportedRun, name: BesideLora, settings: LessonSettings): Section {
  const { experiment: e } = run;
  const { d, k } = onlyModule(run);
  const { label, brief } = methods.byName(name);
  const { source } = METHOD_WORDS[name];
  const made = stepsMade(run);
  const ratio = isActive('ratio', e) ? e.ratio : 1;
  const lines = [
    ...importLines(settings, run.experiment),
    `D, K, R = ${d}, ${k}, ${e.rank}  # outputs, inputs, rank: W is D x K`,
    ...settingLines(run, ratio),
    `STEPS = ${settings.steps}  # updates${made > 0 ? ', as many as the page made' : ''}`,
    ...endOfSetUp(run, settings),
  ];
  return {
    title: 'The experiment',
    prose: [
      `Target: ${targets.byName(e.target).label}. A layer with ${k} inputs and ${d} outputs, adapted by ${label}.`,
      `${brief} ${source}.`,
      `Optimiser: ${optimisers.byName(e.opt).label}, ${optimiserWords[e.opt].formula}.`,
    ],
    code: lines.join('\n'),
  };
}

const scaled = (name: BesideLora) => methods.byName(name).params.includes('alpha');

function layer(run: ExportedRun, name: BesideLora): Section {
  const { label, formula, own } = methods.byName(name);
  const { method } = onlyModule(run);
  const trained = own(run.experiment).map((shape) => fileKey(shape.name));
  const given = [...(method?.places ? ['places'] : []), ...(method?.left ? ['left', 'right'] : [])];
  const quantised = isQuantised(run.experiment);
  const stored = (buffer: string) =>
    quantised && buffer === 'W0' ? 'through_nf4(tensor("W0"))' : `tensor("${buffer}")`;
  const code = [
    'class Adapted(nn.Module):',
    `    """A layer whose W is W0 + update(): ${label}."""`,
    '',
    '    def __init__(self):',
    '        super().__init__()',
    ...['W0', ...given].map((buffer) => `        self.register_buffer("${buffer}", ${stored(buffer)})`),
    ...trained.map((factor) => `        self.${factor} = nn.Parameter(tensor("${factor}"))`),
    '        self.s = scaling(SETTINGS, R)',
    '',
    '    def update(self):',
    ...TORCH_UPDATES[name](run.experiment).map((line) => `        ${line}`),
    '',
    '    def forward(self, x):  # x: samples x K',
    '        return nn.functional.linear(x, self.W0 + self.update())',
    '',
    '',
    TORCH_SCALING,
  ];
  return {
    title: 'The layer',
    prose: [
      `ΔW = ${formula}. W₀ is frozen; what trains is ${trained.join(', ')}.`,
      ...(scaled(name) ? [] : ['s is not used by this method.']),
      ...(name === 'lora-xs' ? ['left is UᵣΣᵣ and right Vᵣᵀ of the singular value decomposition of W₀.'] : []),
    ],
    code: `${nf4Definition(run.experiment)}${code.join('\n')}`,
  };
}

const task = ({ experiment }: ExportedRun, name: BesideLora): Section => ({
  title: 'What it learns',
  prose: [
    'The target is a matrix ΔW*. The loss is L = ½‖ΔW − ΔW*‖²: the expected loss of a linear layer on white inputs.',
    `${methods.byName(name).label} has a floor of its own: that of LoRA, the singular values beyond r, does not hold for it.`,
  ],
  code: `def start():
    """The layer at step 0, and the loss of a step as a function."""
    layer, target = Adapted(), tensor("target")
${isQuantised(experiment) ? '    target = target + (tensor("W0") - layer.W0)  # layer.W0 is what NF4 left of W0: the goal stays W0 + target\n' : ''}
    def loss(step):
        return 0.5 * (layer.update() - target).square().sum()

    return layer, loss`,
});

function optimiser(run: ExportedRun, name: BesideLora): Section {
  const { code, definitions, formulas } = optimiserChoice(run, '[layer]');
  const own = methods.byName(name).own(run.experiment);
  const fast = methods.byName(name).params.includes('ratio');
  const rates = own.map((shape) =>
    fast && shape.name === 'B' ? 'settings["ratio"] * settings["lr"]' : 'settings["lr"]',
  );
  return {
    title: 'The optimiser',
    prose: [
      ...(fast ? ['B learns at ratio·lr, everything else at lr.'] : []),
      `The update, with g the gradient: ${formulas}.`,
    ],
    code: `${definitions}def rates(settings):
    return [${rates.join(', ')}]


def new_optimiser(layer, settings):
    factors = zip([${own.map((shape) => `layer.${fileKey(shape.name)}`).join(', ')}], rates(settings))
    groups = [{"params": [factor], "lr": rate} for factor, rate in factors]
${code}`,
  };
}

function onLarger(run: ExportedRun): Section {
  return {
    title: 'On a larger model',
    prose: [
      peftSentence(run.experiment),
      ...nf4Prose(run.experiment),
      'The best learning rate changes with the size of the layer: look for it again.',
    ],
    code: `def trainable(layer):
    """How many numbers train, and how many there are."""
    everything = list(layer.parameters()) + [layer.W0]
    return sum(p.numel() for p in layer.parameters()), sum(t.numel() for t in everything)`,
  };
}
