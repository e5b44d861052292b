import { initExplanation } from '../inits/explanations.ts';
import { inits } from '../inits/index.ts';
import { deflate, toBase64Url } from '../link/deflate.ts';
import { optimiserWords } from '../optimiser-words.ts';
import { type OptimiserName, optimisers, ratioOf, USUAL_EPSILON } from '../optimisers.ts';
import { type Batches, hasSmallerBatch } from '../regression/batches.ts';
import type { Order } from '../regression/order.ts';
import { frozenFactorOf, isQuantised } from '../settings/bounds.ts';
import { isActive } from '../settings/experiment.ts';
import type { Change } from '../settings/params.ts';
import { type Rate, SCALINGS, type Schedule, scheduleOf } from '../settings/rate.ts';
import { targets } from '../targets/index.ts';
import { type ExportedRun, hasMovedPart, onlyModule, stepsMade } from './exported.ts';
import { peftSentence } from './peft-config.ts';
import { littleEndian, type Tensor } from './safetensors.ts';
import { torchInit } from './torch-inits.ts';
import { TORCH_LAYER } from './torch-layer.ts';
import { nf4Definition, nf4Prose } from './torch-nf4.ts';
import { measuresAgain, torchChoice } from './torch-optimisers.ts';
import { lossForGradients, lossParameters, torchRegime } from './torch-regime.ts';

/** The file for matrices that are too large to embed in a script. */
export const MATRICES_FILE = 'matrices.safetensors';

export const bytesOf = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, { data }) => sum + 4 * data.length, 0);

const LINE = 116;

/** Tensors as a Python dict: name → shape, type, and the deflated little-endian numbers in base64, wrapped into lines. */
export async function pythonData(tensors: readonly Tensor[]): Promise<string> {
  const entries: string[] = [];
  for (const { name, shape, data } of tensors) {
    const text = toBase64Url(await deflate(littleEndian(data)));
    const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
    const size = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
    entries.push(`    "${name}": (${size}, "${typeOf(data)}", """\n${lines.join('\n')}\n"""),`);
  }
  return `DATA = {\n${entries.join('\n')}\n}`;
}

const typeOf = (data: Float32Array | Int32Array) => (data instanceof Float32Array ? 'float32' : 'int32');

/** Reads DATA: the padding that base64url leaves out is put back. */
const READ_EMBEDDED = `def tensor(name):
    """A matrix of the run, exactly as the page has it."""
    shape, kind, text = DATA[name]
    packed = base64.urlsafe_b64decode("".join(text.split()) + "==")
    raw = bytearray(zlib.decompress(packed, -15))
    numbers = torch.frombuffer(raw, dtype=getattr(torch, kind)).reshape(shape)
    return numbers.to(DEVICE, DTYPE) if kind == "float32" else numbers.to(DEVICE)`;

/** Reads the separate file: a length, a JSON header and the numbers. */
const readBeside = (folder: string): string => `def tensor(name):
    """A matrix of the run, exactly as the page has it, from the file beside this one."""
    with open(${folder} / "${MATRICES_FILE}", "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        about = json.loads(file.read(length))[name]
        first, last = about["data_offsets"]
        file.seek(8 + length + first)
        raw = bytearray(file.read(last - first))
    kind = {"F32": torch.float32, "I32": torch.int32}[about["dtype"]]
    numbers = torch.frombuffer(raw, dtype=kind).reshape(about["shape"])
    return numbers.to(DEVICE, DTYPE) if kind == torch.float32 else numbers.to(DEVICE)`;

export interface Section {
  readonly title: string;
  /** Markdown; formulas are plain text, so that it also reads well as a comment. */
  readonly prose: readonly string[];
  readonly code: string;
}

export interface LessonSettings {
  readonly steps: number;
  readonly hasMatricesFile: boolean;
  readonly folder: string;
  /** Samples per step and in all; null for a matrix target. */
  readonly batch: SampleBatch | null;
}

export interface SampleBatch {
  readonly size: number;
  readonly of: number;
  readonly order: Order;
}

/** The samples of each step, a row a step; −1 after those of a smaller batch. */
export function batchTensor({ size, at }: Batches, steps: number): Tensor {
  const data = new Int32Array((steps + 1) * size).fill(-1);
  for (let t = 0; t <= steps; t++) data.set(at(t), t * size);
  return { name: 'batches', shape: [steps + 1, size], data };
}

/** The line that takes −1 out of a smaller batch, if there are such batches. */
export const withoutRest = ({ size, of, order }: SampleBatch): readonly string[] =>
  hasSmallerBatch(of, size, order)
    ? ['        batch = batch[batch >= 0]  # the last batch of an epoch is smaller']
    : [];

/** How the samples of a step are chosen, in PyTorch's words. */
const ORDER_WORDS: Readonly<Record<Order, string>> = {
  'drop-last':
    'Every epoch is a new permutation, and a last, smaller batch is left out (DataLoader with shuffle=True, drop_last=True).',
  epochs: 'Every epoch is a new permutation: every sample comes once (DataLoader with shuffle=True).',
  random: 'Every sample is drawn from all (RandomSampler with replacement=True).',
};

export const orderProse = ({ size, of, order }: SampleBatch): readonly string[] =>
  size < of ? [ORDER_WORDS[order]] : [];

/** The experiment as a lesson in PyTorch: definitions first, so that its parts can be cells of a notebook or one file. */
export function lessonOf(run: ExportedRun, settings: LessonSettings): readonly Section[] {
  return [setUp(run, settings), layer(run), task(run, settings), optimiser(run), training(run), larger(run)];
}

/** Reads a tensor of the run in Python, embedded or from the separate file. */
const readTensor = ({ hasMatricesFile, folder }: Pick<LessonSettings, 'hasMatricesFile' | 'folder'>) =>
  hasMatricesFile ? readBeside(folder) : READ_EMBEDDED;

export const importLines = (
  { hasMatricesFile }: Pick<LessonSettings, 'hasMatricesFile'>,
  { schedule }: ExportedRun['experiment'],
): readonly string[] => [
  ...(hasMatricesFile ? ['import json'] : ['import base64']),
  ...(schedule === 'cosine' ? ['import math'] : []),
  ...(hasMatricesFile ? ['import pathlib'] : ['import zlib']),
  '',
  'import torch',
  'from torch import nn',
  '',
];

/** SETTINGS, and CHANGES if there were any. */
export function settingLines(run: ExportedRun, ratio = ratioOf(run.experiment)): readonly string[] {
  const { alpha, scaling, opt } = run.experiment;
  const changes = changesOf(run.changes);
  return [
    `SETTINGS = {"alpha": ${alpha}, "scaling": "${scaling}", "opt": "${opt}", "lr": ${pythonRate(run.rate)}, "ratio": ${ratio}${epsilonSetting(run)}}`,
    ...scheduleLines(run),
    ...torchRegime(run, '').constants,
    ...(changes ? [`CHANGES = ${changes}  # step: what was changed there during the run`] : []),
  ];
}

/** What every script ends its set-up with: losses to compare with, where it computes, and how it reads a matrix. */
export const endOfSetUp = (run: ExportedRun, settings: LessonSettings): readonly string[] => [
  `PAGE = {${pageLosses(run)}}  # step: loss on the page`,
  '',
  'DEVICE = "cpu"  # or "cuda"',
  'DTYPE = torch.float64  # the matrices are float32; sums in float64 keep the curve of the page. Large models: float32',
  '',
  '',
  readTensor(settings),
];

function setUp(run: ExportedRun, settings: LessonSettings): Section {
  const { steps, batch } = settings;
  const { experiment: e } = run;
  const { d, k, rank } = onlyModule(run);
  const made = stepsMade(run);
  const lines = [
    ...importLines(settings, run.experiment),
    `D, K, R = ${d}, ${k}, ${rank}  # outputs, inputs, rank: W is D x K, B is D x R, A is R x K`,
    ...settingLines(run),
    ...(e.init === 'symmetric' ? [`SIGMA = ${e.sigma}  # standard deviation of the initial A and B`] : []),
    `STEPS = ${steps}  # updates${made > 0 ? ', as many as the page made' : ''}`,
    ...(batch && batch.size < batch.of ? [`BATCH = ${batch.size}  # samples per step, of ${batch.of}`] : []),
    ...endOfSetUp(run, settings),
  ];
  return {
    title: 'The experiment',
    prose: [
      `Target: ${targets.byName(e.target).label}. A layer with ${k} inputs and ${d} outputs, adapted at rank ${rank}.`,
      `Initialisation: ${inits.byName(e.init).label}. ${initExplanation(e.init)}`,
      `Optimiser: ${optimisers.byName(e.opt).label}, ${optimiserWords[e.opt].formula}.`,
    ],
    code: lines.join('\n'),
  };
}

function pageLosses({ losses }: ExportedRun): string {
  const last = losses.length - 1;
  const steps = [...new Set([0, 1, 2, 5].map((tenths) => Math.floor((tenths * last) / 10))), last];
  return [...new Set(steps.filter((t) => t >= 0))].map((t) => `${t}: ${losses[t]}`).join(', ');
}

/** A number, or a list of one for each matrix. */
const pythonRate = (rate: Rate): string => (typeof rate === 'number' ? String(rate) : `[${rate}]`);

/** Changes made during a run as a Python dict; null if none matter here. */
function changesOf(changes: readonly Change[]): string | null {
  const bySteps = new Map<number, Map<string, string>>();
  for (const { step, key, value } of changes) {
    if (key === 'steps') continue;
    const at = bySteps.get(step) ?? new Map<string, string>();
    bySteps.set(step, at.set(key, key === 'lr' ? pythonRate(value) : JSON.stringify(value)));
  }
  if (bySteps.size === 0) return null;
  const entries = [...bySteps].map(
    ([step, values]) => `${step}: {${[...values].map(([key, value]) => `"${key}": ${value}`).join(', ')}}`,
  );
  return `{${entries.join(', ')}}`;
}

export const TORCH_SCALING = `def scaling(settings, r):
    alpha = settings["alpha"]
    return {"standard": alpha / r, "rslora": alpha / r**0.5, "none": 1.0}[settings["scaling"]]`;

function layer(run: ExportedRun): Section {
  const { scaling } = run.experiment;
  return {
    title: 'The layer',
    prose: [
      'h = W x + s·B(A x). W is frozen. Only the two thin matrices A and B are trained: R·(D + K) numbers instead of D·K.',
      'B·A is never formed in the forward pass: A x has only R entries.',
      `s follows from alpha and the rank: "standard" α/r, "rslora" α/√r, "none" 1. Here it is ${SCALINGS[scaling]}.`,
    ],
    code: `${nf4Definition(run.experiment)}${TORCH_LAYER}


${TORCH_SCALING}`,
  };
}

function task(run: ExportedRun, { batch }: LessonSettings): Section {
  const moved = hasMovedPart(run);
  const quantised = isQuantised(run.experiment);
  const kept = frozenFactorOf(run.experiment);
  const { isHalf } = torchRegime(run, '');
  const body = [
    'def start():',
    '    """The layer at step 0, and the loss of a step as a function."""',
    '    W0, A, B = tensor("W0"), tensor("A"), tensor("B")',
    '    s = scaling(SETTINGS, R)',
    ...(moved
      ? [
          '    # The initialisation takes s·B·A over from W0. What stays frozen is formed in float64 and rounded once.',
          '    W_frozen = (W0.double() - s * B.double() @ A.double()).float().to(DTYPE)',
          '    layer = LoRALinear(W_frozen, A, B, s)',
        ]
      : quantised
        ? quantisedLayer(run)
        : ['    layer = LoRALinear(W0, A, B, s)']),
    ...(kept
      ? [`    layer.${kept}.requires_grad_(False)  # ${kept} is frozen; only ${kept === 'A' ? 'B' : 'A'} trains`]
      : []),
    ...(batch ? samplesLoss(batch, isHalf) : matrixLoss(moved ? 'W_frozen' : quantised ? 'Q' : null, isHalf)),
    '',
    '    return layer, loss',
  ];
  const prose = batch
    ? [
        'Each step looks at a batch of samples. The loss is half the mean squared distance of h from the label y,',
        'L = 1/(2n)·‖(W + s·B·A)X − Y‖².',
        ...orderProse(batch),
      ]
    : [
        `The target is a matrix ΔW*. The loss is L = ½‖ΔW − ΔW*‖² with ΔW = ${moved ? 'W_frozen + s·B·A − W0' : quantised ? 'Q + s·B·A − W0' : 's·B·A'}: the expected loss of a`,
        `linear layer on white inputs. ${lowestWords(run, moved ? 'ΔW* + s₀·B₀·A₀' : quantised ? 'ΔW* + W₀ − Q' : 'ΔW*')}`,
      ];
  return { title: 'What it learns', prose, code: body.join('\n') };
}

function lowestWords({ experiment }: ExportedRun, goal: string): string {
  const kept = frozenFactorOf(experiment);
  return kept
    ? `With ${kept} frozen it cannot fall below ½‖part of ${goal} outside the ${kept === 'A' ? 'rows of A' : 'columns of B'}‖².`
    : `It cannot fall below half the sum of the squared singular values of ${goal} beyond r.`;
}

/** Q in the place of W₀. QPiSSA takes its part out of W₀ before. */
const quantisedLayer = ({ experiment }: ExportedRun): readonly string[] => [
  '    # W0 is stored in NF4. What is left of it, Q, stays frozen in its place.',
  experiment.init === 'qpissa'
    ? '    Q = through_nf4((W0.double() - s * B.double() @ A.double()).float()).to(DTYPE)  # A and B are kept as they are'
    : '    Q = through_nf4(W0)',
  '    layer = LoRALinear(Q, A, B, s)',
];

/** `frozen`: what stays in the place of W0. */
function matrixLoss(frozen: string | null, isHalf: boolean): readonly string[] {
  return [
    '    target = tensor("target")',
    ...(frozen ? [`    target = target + (W0 - ${frozen})  # what s·B·A itself is to become`] : []),
    '',
    `    def loss(${lossParameters(isHalf)}):`,
    ...(isHalf
      ? [
          '        if float16:',
          '            E = layer.s * (half(layer.B) @ half(layer.A)) - half(target)',
          '            return 0.5 * E.float().square().sum()',
        ]
      : []),
    '        E = layer.s * layer.B @ layer.A - target',
    '        return 0.5 * E.square().sum()',
  ];
}

function samplesLoss(batch: SampleBatch, isHalf: boolean): readonly string[] {
  const all = batch.size >= batch.of;
  return [
    '    X, Y = tensor("X").T, tensor("Y").T  # a sample is a row',
    ...(all ? [] : ['    batches = tensor("batches")  # which samples each step looks at']),
    '',
    `    def loss(${lossParameters(isHalf)}):`,
    ...(all
      ? ['        x, y = X, Y']
      : ['        batch = batches[step % len(batches)]', ...withoutRest(batch), '        x, y = X[batch], Y[batch]']),
    ...(isHalf
      ? [
          '        if float16:  # the adapter: what W gives is taken from the labels before they are rounded',
          '            E = layer.s * (half(x) @ half(layer.A).T @ half(layer.B).T) - half(y - x @ layer.W.T)',
          '            return 0.5 * E.float().square().sum(dim=1).mean()',
        ]
      : []),
    '        return 0.5 * (layer(x) - y).square().sum(dim=1).mean()',
  ];
}

/** Whether Adam's ε was set, at the start or on the way: else it stands in the script as PyTorch has it. */
const setsEpsilon = ({ experiment, changes }: ExportedRun): boolean =>
  experiment.epsilon !== null || changes.some(({ key }) => key === 'epsilon');

/** The entry of SETTINGS for Adam's ε; empty if it was never set. */
const epsilonSetting = (run: ExportedRun): string =>
  setsEpsilon(run) ? `, "epsilon": ${run.experiment.epsilon ?? USUAL_EPSILON}` : '';

/** Those of a run, in their order. */
function optimisersOf({ experiment: { opt }, changes }: ExportedRun): readonly OptimiserName[] {
  const later = changes.flatMap(({ key, value }) => (key === 'opt' ? [value as OptimiserName] : []));
  return [...new Set([opt, ...later])];
}

/** The body of a function of `groups` and `settings` that returns the optimiser, definitions before it, and formulas. */
export function optimiserChoice(
  run: ExportedRun,
  layers: string,
): ReturnType<typeof torchChoice> & { readonly formulas: string } {
  const used = optimisersOf(run);
  return {
    ...torchChoice(used, setsEpsilon(run) ? 'settings["epsilon"]' : '1e-8', layers),
    formulas: used.map((name) => `${optimisers.byName(name).label}: ${optimiserWords[name].formula}`).join('; '),
  };
}

const RATE_OF = { A: 'settings["lr"]', B: 'settings["ratio"] * settings["lr"]' } as const;

function optimiser(run: ExportedRun): Section {
  const { code, definitions, formulas } = optimiserChoice(run, '[layer]');
  const kept = frozenFactorOf(run.experiment);
  const trained = (['A', 'B'] as const).filter((factor) => factor !== kept);
  return {
    title: 'The optimiser',
    prose: [
      'A learns at the rate lr, B at ratio·lr; with a ratio above 1 this is LoRA+.',
      `The update, with g the gradient: ${formulas}.`,
    ],
    code: `${definitions}def rates(settings):
    return [${trained.map((factor) => RATE_OF[factor]).join(', ')}]


def new_optimiser(layer, settings):
    factors = zip([${trained.map((factor) => `layer.${factor}`).join(', ')}], rates(settings))
    groups = [{"params": [factor], "lr": rate} for factor, rate in factors]
${code}`,
  };
}

/** The budget that the rates follow is that of the link, however many steps the page has made. */
function scheduleLines({ experiment }: ExportedRun): readonly string[] {
  const schedule = scheduleOf(experiment);
  if (schedule === null) return [];
  const { kind, warmup, steps } = schedule;
  const words =
    kind === 'constant' ? '' : `; a ${kind === 'linear' ? 'line' : 'half cosine'} down to 0 at step ${steps}`;
  return [`WARMUP = ${warmup}  # steps over which the rate grows from 0${words}`];
}

/** What follows the warm-up, as an expression of `step`. */
const SHARES: Readonly<Record<Schedule['kind'], (steps: number) => string>> = {
  constant: () => '1.0',
  linear: (steps) => `max(0.0, (${steps} - step) / max(1, ${steps} - WARMUP))`,
  cosine: (steps) => `0.5 * (1 + math.cos(math.pi * min(1.0, (step - WARMUP) / max(1, ${steps} - WARMUP))))`,
};

/** A function of the step: the share of the rate with which its update is made. */
function shareDefinition(schedule: Schedule): string {
  return `def share(step):
    """Of its rate, with which the update after a step is made."""
    if step < WARMUP:
        return step / WARMUP
    return ${SHARES[schedule.kind](schedule.steps)}


`;
}

/** What the share is in transformers. */
const PUBLISHED: Readonly<Record<Schedule['kind'], string>> = {
  constant: 'get_constant_schedule_with_warmup',
  linear: 'get_linear_schedule_with_warmup',
  cosine: 'get_cosine_schedule_with_warmup',
};

export function training(run: ExportedRun, ofNetwork = false): Section {
  const schedule = scheduleOf(run.experiment);
  const regime = torchRegime(run, ofNetwork ? 'layer.trained()' : '[layer]');
  const steps = [
    ...regime.gradients(regime.isHalf ? lossForGradients(regime) : 'loss'),
    ...(schedule ? WITH_SHARE : []),
    ...regime.before,
    ...(measuresAgain(optimisersOf(run)) ? stepAgain(regime) : ['optimiser.step()']),
    ...regime.after,
    ...(schedule ? WITHOUT_SHARE : []),
  ];
  const changes = changesOf(run.changes) === null ? '' : applyChanges(ofNetwork, setsEpsilon(run));
  return {
    title: 'Training',
    prose: [
      'One line per step: the step, a space, the loss before the update that follows. Lines that start with # are for people.',
      ...regime.prose,
      ...(startsAtOptimum(run) ? [NOISE] : []),
      ...(changes
        ? ['Changes made during the run are applied at their steps; a new optimiser starts with a fresh state.']
        : []),
      ...(schedule
        ? [
            `Each step has a share of its rate, as of ${PUBLISHED[schedule.kind]} in transformers: the first step after 0 of a warm-up is 0.`,
          ]
        : []),
    ],
    code: `${regime.definitions}${schedule ? shareDefinition(schedule) : ''}def train():
    layer, loss_at = start()
    settings = dict(SETTINGS)
    optimiser = new_optimiser(layer, settings)
    losses = []
    print("# step loss")
    for step in range(STEPS + 1):
${changes}        loss = loss_at(step)
        losses.append(loss.item())
        print(f"{step} {losses[-1]:.9g}")
        if step == STEPS:
            break
${indented(steps)}
    for step, page in PAGE.items():
        if step <= STEPS:
            print(f"# step {step}: {losses[step]:.9g} here, {page:.9g} on the page")
    return layer, losses`,
  };
}

/** The updates of a step with a share of its rates, and the rates as they were. */
const WITH_SHARE = [
  'full = [group["lr"] for group in optimiser.param_groups]',
  'for group in optimiser.param_groups:',
  '    group["lr"] *= share(step)',
];
const WITHOUT_SHARE = ['for group, rate in zip(optimiser.param_groups, full):', '    group["lr"] = rate'];

const indented = (lines: readonly string[]) => lines.map((line) => line && `        ${line}`).join('\n');

/** For an optimiser that measures the gradient again within its step. */
const stepAgain = (regime: ReturnType<typeof torchRegime>) => [
  '',
  'def again():',
  ...regime.gradients(lossForGradients(regime)).map((line) => `    ${line}`),
  '',
  'optimiser.step(again)',
];

/** The first gradient is rounding alone and the optimiser makes full steps of it. */
const startsAtOptimum = ({ experiment: { init, opt } }: ExportedRun) =>
  init === 'svd' && /^(adam|muon|polar|signsgd)/.test(opt);
const NOISE =
  'This run starts at its best point: the gradient there is rounding error alone, and the optimiser makes full steps of it. The losses then depend on how sums are rounded and may differ from the page by some per cent for a while.';

const applyChanges = (ofNetwork: boolean, epsilon: boolean) => `        if step in CHANGES:
            settings.update(CHANGES[step])
            ${ofNetwork ? 'layer.scale(settings)' : 'layer.s = scaling(settings, R)'}
            if "opt" in CHANGES[step]:
                optimiser = new_optimiser(layer, settings)
            for group, rate in zip(optimiser.param_groups, ${ofNetwork ? 'rates(layer, settings)' : 'rates(settings)'}):
                group["lr"] = rate
${
  epsilon
    ? `            for group in optimiser.param_groups:
                group["eps"] = settings["epsilon"]
`
    : ''
}`;

export function larger(run: ExportedRun): Section {
  const { init, size } = run.experiment;
  const { given, lines: fill } = torchInit(init);
  const lines = isActive('size', run.experiment) && size !== 1 ? [...fill, `A = A * ${size}`] : fill;
  const more = given ? `, ${given.name}` : '';
  const { label } = inits.byName(init);
  const kept = frozenFactorOf(run.experiment);
  return {
    title: 'On a larger model',
    prose: [
      'adapt() puts the same layer in the place of every nn.Linear of a model whose name is in `names`, with a fresh draw of the',
      'initialisation; everything else is frozen. Train what still requires a gradient with the optimiser above.',
      ...(given ? [`${label} is made from more than the weight: \`given(name)\` hands over ${given.is}.`] : []),
      peftSentence(run.experiment),
      ...nf4Prose(run.experiment),
      'The best learning rate changes with the rank, alpha and the size of the layer: look for it again.',
    ],
    code: `def initial_factors(W, r, s${more}):
    """A and B for a weight W (d x k): ${label}.${given ? ` Given: ${given.is.replaceAll('×', 'x')}.` : ''}"""
    d, k = W.shape
    like = {"dtype": W.dtype, "device": W.device}
${lines.map((line) => `    ${line}`).join('\n')}
    return A, B


@torch.no_grad()
def adapt(model, names, r=R${given ? ', given=None' : ''}):
    s = scaling(SETTINGS, r)
    model.requires_grad_(False)
    for path, parent in list(model.named_modules()):
        for name, linear in list(parent.named_children()):
            if name not in names or not isinstance(linear, nn.Linear):
                continue
            W = linear.weight.detach()
            A, B = initial_factors(W, r, s${given ? ', given(f"{path}.{name}".lstrip("."))' : ''})
${hasMovedPart(run) ? '            W = W - s * B @ A  # the adapter takes this part over\n' : ''}${isQuantised(run.experiment) ? `            W = through_nf4(W${init === 'qpissa' ? ' - s * B @ A' : ''})\n` : ''}            layer = LoRALinear(W, A, B, s, linear.bias)
${kept ? `            layer.${kept}.requires_grad_(False)\n` : ''}            setattr(parent, name, layer)
    return model


def trainable(model):
    """How many numbers train, and how many there are."""
    everything = list(model.parameters()) + list(model.buffers())
    return sum(p.numel() for p in model.parameters() if p.requires_grad), sum(t.numel() for t in everything)`,
  };
}
