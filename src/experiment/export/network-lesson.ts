import type { Matrix32 } from '../../math/matrix.ts';
import { inits } from '../inits/index.ts';
import type { DigitSet } from '../network/digits.ts';
import { TASK_WORDS } from '../network/task-words.ts';
import { optimisers } from '../optimisers.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { isFull } from '../settings/bounds.ts';
import { type ExportedRun, hasMovedPart, matrixOf } from './exported.ts';
import {
  changesOf,
  importLines,
  type LessonSettings,
  larger,
  optimiserChoice,
  pageLosses,
  readTensor,
  type Section,
  TORCH_SCALING,
  training,
} from './lesson.ts';
import type { Tensor } from './safetensors.ts';
import { TORCH_LAYER } from './torch-layer.ts';

/** All matrices of a network as they were pretrained, in the order of the forward pass, and its training examples. */
export interface ExportedNetwork {
  readonly layers: readonly { readonly name: string; readonly W: Matrix32 }[];
  readonly training: DigitSet;
}

/** Pretrained matrices as W.in, factors as A.in and B.in, examples, and the rows of each step. */
export function networkTensors(run: ExportedRun, { layers, training }: ExportedNetwork, steps: number): Tensor[] {
  const of = (name: string, { rows, cols, data }: Matrix32): Tensor => ({ name, shape: [rows, cols], data });
  const count = training.answers.length;
  const { size, at } = batchesOfLink(run.experiment, count);
  const batches = new Int32Array((steps + 1) * size);
  for (let t = 0; t <= steps; t++) batches.set(at(t), t * size);
  return [
    ...layers.map(({ name, W }) => of(`W.${name}`, W)),
    ...(isFull(run.experiment)
      ? []
      : run.modules.flatMap(({ name, initial }) => [of(`A.${name}`, initial.A), of(`B.${name}`, initial.B)])),
    of('X', matrixOf(count, training.inputs.length / count, training.inputs)),
    { name: 'labels', shape: [count], data: Int32Array.from(training.answers) },
    { name: 'batches', shape: [steps + 1, size], data: batches },
  ];
}

/** The experiment of a network as a lesson in PyTorch, with the same parts as that of a matrix. */
export function networkLesson(
  run: ExportedRun,
  network: ExportedNetwork,
  settings: LessonSettings,
): readonly Section[] {
  const full = isFull(run.experiment);
  return [
    setUp(run, network, settings),
    { ...layers(full) },
    start(run),
    optimiser(run),
    training(run, true),
    ...(full ? [] : [larger(run)]),
  ];
}

const listOf = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(', ')}]`;

function setUp(run: ExportedRun, network: ExportedNetwork, settings: LessonSettings): Section {
  const { experiment: e, rate } = run;
  const full = isFull(e);
  const changes = changesOf(run.changes);
  const { known, taught } = TASK_WORDS[e.adapt];
  const { label, formula } = optimisers.byName(e.opt);
  const init = inits.byName(e.init);
  return {
    title: 'The experiment',
    prose: [
      `A network that could read ${known} is taught ${taught}. ${full ? 'Its matrices are trained whole.' : 'Only A and B are trained.'}`,
      ...(full ? [] : [`Initialisation: ${init.label}. ${init.explanation}`]),
      `Optimiser: ${label}, ${formula}.`,
    ],
    code: [
      ...importLines(settings),
      `LAYERS = ${listOf(network.layers.map(({ name }) => name))}  # in the order of the forward pass`,
      `TRAINED = ${listOf(run.modules.map(({ name }) => name))}`,
      ...(full ? [] : [`R = ${e.rank}  # at most as many as a matrix has rows or columns`]),
      `SETTINGS = {"alpha": ${e.alpha}, "scaling": "${e.scaling}", "opt": "${e.opt}", "lr": ${rate}, "ratio": ${e.ratio}}`,
      ...(changes ? [`CHANGES = ${changes}  # step: what was changed there during the run`] : []),
      ...(e.init === 'symmetric' ? [`SIGMA = ${e.sigma}  # standard deviation of the initial A and B`] : []),
      `STEPS = ${settings.steps}  # updates`,
      `PAGE = {${pageLosses(run)}}  # step: loss on the page`,
      '',
      'DEVICE = "cpu"  # or "cuda"',
      'DTYPE = torch.float64  # the matrices are float32; sums in float64 keep the curve of the page. Large models: float32',
      '',
      '',
      readTensor(settings),
    ].join('\n'),
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

const FROZEN = `class Frozen(nn.Module):
    """h = W x"""

    def __init__(self, W):
        super().__init__()
        self.register_buffer("W", W)

    def forward(self, x):
        return nn.functional.linear(x, self.W)`;

function layers(full: boolean): Section {
  return {
    title: 'The layers',
    prose: full
      ? ['h = (W0 + ΔW) x for the matrices that are trained, h = W x for the others. A ReLU follows each but the last.']
      : [
          'h = W x + s·B(A x). W is frozen. Only the two thin matrices A and B are trained. Other matrices stay as they are.',
          's follows from alpha and the rank of the matrix. A ReLU follows each layer but the last.',
        ],
    code: [
      full ? WHOLE : TORCH_LAYER,
      FROZEN,
      TORCH_SCALING,
      `class Network(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleDict(layers)

    def forward(self, x):
        for name, layer in self.layers.items():
            x = layer(x)
            if name != LAYERS[-1]:
                x = torch.relu(x)
        return x

    def trained(self):
        return [self.layers[name] for name in TRAINED]

    def scale(self, settings):
        for layer in self.trained():
            ${full ? 'pass  # W itself trains' : 'layer.s = scaling(settings, layer.A.shape[0])'}`,
    ].join('\n\n\n'),
  };
}

function start(run: ExportedRun): Section {
  const full = isFull(run.experiment);
  const moved = hasMovedPart(run);
  const frozenB = inits.byName(run.experiment.init).frozen === 'B';
  const adapted = [
    '            A, B = tensor(f"A.{name}"), tensor(f"B.{name}")',
    '            s = scaling(SETTINGS, A.shape[0])',
    ...(moved
      ? [
          '            # The initialisation takes s·B·A over from W. What stays frozen is formed in float64 and rounded once.',
          '            W = (W.double() - s * B.double() @ A.double()).float().to(DTYPE)',
        ]
      : []),
    '            layers[name] = LoRALinear(W, A, B, s)',
    ...(frozenB ? ['            layers[name].B.requires_grad_(False)  # B is frozen; only A trains'] : []),
  ];
  return {
    title: 'What the network learns',
    prose: [
      'Each step looks at a batch of examples. The loss is the mean cross-entropy of its answers, in nats: −ln of the share given to the right one.',
    ],
    code: [
      'def start():',
      '    """The network at step 0, and the loss of a step as a function."""',
      '    layers = {}',
      '    for name in LAYERS:',
      '        W = tensor(f"W.{name}")',
      '        if name in TRAINED:',
      ...(full ? ['            layers[name] = Whole(W)'] : adapted),
      '        else:',
      '            layers[name] = Frozen(W)',
      '    network = Network(layers)',
      '    X, labels = tensor("X"), tensor("labels").long()  # an example is a row',
      '    batches = tensor("batches")  # which examples each step looks at',
      '',
      '    def loss(step):',
      '        batch = batches[step % len(batches)].long()',
      '        return nn.functional.cross_entropy(network(X[batch]), labels[batch])',
      '',
      '    return network, loss',
    ].join('\n'),
  };
}

function optimiser(run: ExportedRun): Section {
  const { code, formulas } = optimiserChoice(run);
  const full = isFull(run.experiment);
  return {
    title: 'The optimiser',
    prose: [
      ...(full ? [] : ['A learns at the rate lr, B at ratio·lr; with a ratio above 1 this is LoRA+.']),
      `The update, with g the gradient: ${formulas}.`,
    ],
    code: `def factors(network, settings):
    """Each trained matrix with its learning rate."""
    for layer in network.trained():
${
  full
    ? '        yield layer.change, settings["lr"]'
    : `        for factor, rate in [(layer.A, settings["lr"]), (layer.B, settings["ratio"] * settings["lr"])]:
            if factor.requires_grad:
                yield factor, rate`
}


def rates(network, settings):
    return [rate for _, rate in factors(network, settings)]


def new_optimiser(network, settings):
    groups = [{"params": [factor], "lr": rate} for factor, rate in factors(network, settings)]
${code}`,
  };
}
