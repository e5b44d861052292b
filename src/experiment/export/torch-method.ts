import { methods } from '../methods/index.ts';
import { USUAL_C } from '../methods/layer-sizes.ts';
import { fileKey } from '../methods/method.ts';
import { METHOD_WORDS } from '../methods/method-words.ts';
import type { BesideLora } from '../methods/starts.ts';
import { besideLora, frozenFactorOf, isFull } from '../settings/bounds.ts';
import { type ExportedModule, type ExportedRun, hasMovedPart } from './exported.ts';
import { larger, type Section } from './lesson.ts';
import { methodTensors, TORCH_UPDATES } from './method-lesson.ts';
import { peftSentence } from './peft-config.ts';
import type { Tensor } from './safetensors.ts';
import { TORCH_LAYER } from './torch-layer.ts';

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
