import type { Matrix32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { initExplanation } from '../inits/explanations.ts';
import { inits } from '../inits/index.ts';
import { isDigitTask, isPointTask } from '../network/adaptations.ts';
import { type DigitSet, type Digits, digitTask } from '../network/digits.ts';
import type { LabelledData, SequenceData } from '../network/network-data.ts';
import { pointsOf } from '../network/points.ts';
import { TASK_WORDS } from '../network/task-words.ts';
import { POINT_TASKS } from '../network/tasks.ts';
import { optimiserWords } from '../optimiser-words.ts';
import { optimisers } from '../optimisers.ts';
import { batchesOfLink } from '../regression/batches.ts';
import { isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { decoderTensors, NORM, sequences } from './decoder-lesson.ts';
import type { ExportedRun } from './exported.ts';
import {
  batchTensor,
  endOfSetUp,
  importLines,
  type LessonSettings,
  optimiserChoice,
  orderProse,
  type SampleBatch,
  type Section,
  settingLines,
  TORCH_SCALING,
  training,
  withoutRest,
} from './lesson.ts';
import type { Tensor } from './safetensors.ts';
import { startTensors, type TorchMethod, torchMethod } from './torch-method.ts';

/** All matrices of a network as they were pretrained, in the order of the forward pass, and what it is trained on. */
export interface ExportedNetwork {
  readonly layers: readonly { readonly name: string; readonly W: Matrix32 }[];
  readonly data: Pick<LabelledData, 'kind' | 'training'> | Pick<SequenceData, 'kind' | 'length' | 'rest'>;
}

/** The examples that a network of digits or points is trained on; `digits` is read for those of digits alone. */
export function labelledTraining(
  { adapt, seed, samples }: Pick<Experiment, 'adapt' | 'seed' | 'samples'>,
  assets: { readonly digits: Digits },
): DigitSet {
  if (isPointTask(adapt)) return pointsOf(POINT_TASKS[adapt].new, (purpose) => stream(seed, purpose)).training;
  if (isDigitTask(adapt)) return digitTask(assets.digits, adapt, { samples, seed }).training;
  throw new Error('This network has no list of examples.');
}

/** Pretrained matrices as W.in, factors as A.in and B.in; examples and the rows of each step, or a decoder's rest. */
export function networkTensors(run: ExportedRun, { layers, data }: ExportedNetwork, steps: number): Tensor[] {
  const of = (name: string, { rows, cols, data }: Matrix32): Tensor => ({ name, shape: [rows, cols], data });
  return [
    ...layers.map(({ name, W }) => of(`W.${name}`, W)),
    ...run.modules.flatMap((module) => startTensors(run, module)),
    ...(data.kind === 'sequences' ? decoderTensors(data.rest) : examplesOf(run.experiment, data.training, steps)),
  ];
}

function examplesOf(experiment: Experiment, { inputs, answers }: DigitSet, steps: number): Tensor[] {
  const count = answers.length;
  return [
    { name: 'X', shape: [count, inputs.length / count], data: inputs },
    { name: 'labels', shape: [count], data: Int32Array.from(answers) },
    batchTensor(batchesOfLink(experiment, count), steps),
  ];
}

/** The experiment of a network as a lesson in PyTorch, with the same parts as that of a matrix. */
export function networkLesson(
  run: ExportedRun,
  network: ExportedNetwork,
  settings: LessonSettings,
): readonly Section[] {
  const how = torchMethod(run);
  const { data } = network;
  return [
    setUp(run, network, settings),
    layers(how, data.kind),
    ...(data.kind === 'sequences' ? [sequences(run.experiment, data.length)] : []),
    start(run, network),
    optimiser(run),
    training(run, true),
    ...how.larger,
  ];
}

const listOf = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(', ')}]`;

function setUp(run: ExportedRun, network: ExportedNetwork, settings: LessonSettings): Section {
  const { experiment: e } = run;
  const how = torchMethod(run);
  const { known, taught } = TASK_WORDS[e.adapt];
  const { label } = optimisers.byName(e.opt);
  const init = inits.byName(e.init);
  return {
    title: 'The experiment',
    prose: [
      `A network that could ${known} is taught ${taught}. ${how.says}`,
      ...(how.isLora ? [`Initialisation: ${init.label}. ${initExplanation(init.name)}`] : []),
      `Optimiser: ${label}, ${optimiserWords[e.opt].formula}.`,
    ],
    code: [
      ...importLines(settings, run.experiment),
      `LAYERS = ${listOf(network.layers.map(({ name }) => name))}  # in the order of the forward pass`,
      `TRAINED = ${listOf(run.modules.map(({ name }) => name))}`,
      ...(how.isLora ? [`R = ${e.rank}  # at most as many as a matrix has rows or columns`] : []),
      ...settingLines(run, isActive('ratio', e) ? e.ratio : 1),
      ...(e.init === 'symmetric' ? [`SIGMA = ${e.sigma}  # standard deviation of the initial A and B`] : []),
      `STEPS = ${settings.steps}  # updates`,
      ...endOfSetUp(run, settings),
    ].join('\n'),
  };
}

const FROZEN = `class Frozen(nn.Module):
    """h = W x"""

    def __init__(self, W):
        super().__init__()
        self.register_buffer("W", W)

    def forward(self, x):
        return nn.functional.linear(x, self.W)`;

type TaskData = ExportedNetwork['data']['kind'];

/** By data: what lies between the matrices, and the network. */
const NETWORKS: Readonly<Record<TaskData, { readonly prose: string; readonly code: readonly string[] }>> = {
  labelled: {
    prose: 'A ReLU follows each layer but the last.',
    code: [
      `class Network(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleDict(layers)

    def forward(self, x):
        for name, layer in self.layers.items():
            x = layer(x)
            if name != LAYERS[-1]:
                x = torch.relu(x)
        return x`,
    ],
  },
  sequences: {
    prose:
      'A decoder of two blocks: attention with four heads, in which a position sees itself and those before it, then up, ReLU and down. Symbols, positions and head stay as they are.',
    code: [
      NORM,
      `class Network(nn.Module):
    HEADS = 4

    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        self.all = nn.ModuleList(layers.values())  # the names have dots, which a ModuleDict does not take
        for name in ["embedding", "positions", "head"]:
            self.register_buffer(name, tensor(name))

    def forward(self, symbols):  # sequences x LENGTH
        x = self.embedding[symbols] + self.positions
        for block in range(2):
            q, k, v, o, up, down = (self.layers[f"{block}.{part}"] for part in ["q", "k", "v", "o", "up", "down"])
            y = norm(x)
            heads = [layer(y).unflatten(2, (self.HEADS, -1)).transpose(1, 2) for layer in [q, k, v]]
            mixed = nn.functional.scaled_dot_product_attention(*heads, is_causal=True)
            x = x + o(mixed.transpose(1, 2).flatten(2))
            x = x + down(torch.relu(up(norm(x))))
        return norm(x)[:, -ANSWERS:] @ self.head.T`,
    ],
  },
};

function layers({ prose: how, layer, scale }: TorchMethod, kind: TaskData): Section {
  const { prose, code } = NETWORKS[kind];
  return {
    title: 'The layers',
    prose: [...how, prose],
    code: [
      layer,
      FROZEN,
      TORCH_SCALING,
      ...code.slice(0, -1),
      `${code[code.length - 1]}

    def trained(self):
        return [self.layers[name] for name in TRAINED]

    def scale(self, settings):
        for layer in self.trained():
            ${scale}`,
    ].join('\n\n\n'),
  };
}

/** By data: how a step looks at some of it. */
const LOSSES: Readonly<
  Record<TaskData, { readonly prose: string; readonly code: (batch: SampleBatch | null) => readonly string[] }>
> = {
  labelled: {
    prose: 'a batch of examples',
    code: (batch) => [
      '    X, labels = tensor("X"), tensor("labels").long()  # an example is a row',
      '    batches = tensor("batches")  # which examples each step looks at',
      '',
      '    def loss(step):',
      '        batch = batches[step % len(batches)].long()',
      ...(batch ? withoutRest(batch) : []),
      '        return nn.functional.cross_entropy(network(X[batch]), labels[batch])',
    ],
  },
  sequences: {
    prose: 'new sequences, and at their answers alone',
    code: () => [
      '',
      '    def loss(step):',
      '        inputs, answers = (torch.tensor(rows, device=DEVICE) for rows in sequences(step))',
      '        return nn.functional.cross_entropy(network(inputs).flatten(0, 1), answers.flatten())',
    ],
  },
};

function batchOf({ batch, order }: Experiment, data: ExportedNetwork['data']): SampleBatch | null {
  if (data.kind === 'sequences') return null;
  const of = data.training.answers.length;
  return { size: Math.min(batch, of), of, order };
}

function start(run: ExportedRun, { data }: ExportedNetwork): Section {
  const { prose, code } = LOSSES[data.kind];
  const batch = batchOf(run.experiment, data);
  const { make } = torchMethod(run);
  return {
    title: 'What the network learns',
    prose: [
      `Each step looks at ${prose}. The loss is the mean cross-entropy of its answers, in nats: −ln of the share given to the right one.`,
      ...(batch ? orderProse(batch) : []),
    ],
    code: [
      'def start():',
      '    """The network at step 0, and the loss of a step as a function."""',
      '    layers = {}',
      '    for name in LAYERS:',
      '        W = tensor(f"W.{name}")',
      '        if name in TRAINED:',
      ...make.map((line) => `            ${line}`),
      '        else:',
      '            layers[name] = Frozen(W)',
      '    network = Network(layers)',
      '    network.scale(SETTINGS)',
      ...code(batch),
      '',
      '    return network, loss',
    ].join('\n'),
  };
}

function optimiser(run: ExportedRun): Section {
  const { code, definitions, formulas } = optimiserChoice(run, 'network.trained()');
  const { factors, rates } = torchMethod(run);
  return {
    title: 'The optimiser',
    prose: [...rates, `The update, with g the gradient: ${formulas}.`],
    code: `${definitions}def factors(network, settings):
    """Each trained matrix with its learning rate: "lr" is one for all layers, or a list with one for each."""
    lr = settings["lr"]
    for layer, own in zip(network.trained(), lr if isinstance(lr, list) else [lr] * len(TRAINED)):
${factors.map((line) => `        ${line}`).join('\n')}


def rates(network, settings):
    return [rate for _, rate in factors(network, settings)]


def new_optimiser(network, settings):
    groups = [{"params": [factor], "lr": rate} for factor, rate in factors(network, settings)]
${code}`,
  };
}
