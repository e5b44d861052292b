import { inits } from '../inits/index.ts';
import type { ModuleSizes } from '../layer/module.ts';
import { listed } from '../numbers.ts';
import { scalingAt, settingsAt } from '../run-file/run-record.ts';
import { isBesideLora, isQuantised } from '../settings/bounds.ts';
import { type Scaling, scalingOf } from '../settings/rate.ts';
import {
  type ExportedModule,
  type ExportedRun,
  type ExportFactors,
  hasMovedPart,
  matrixOf,
  onlyModule,
  stepsMade,
} from './exported.ts';
import { type Tensor, writeSafetensors } from './safetensors.ts';
import type { ZipEntry } from './zip.ts';

/** PEFT's names of the initialisations that need nothing but random numbers; for the others `true`. */
const PEFT_INITS: Readonly<Record<string, string | boolean>> = { 'gaussian-peft': 'gaussian', 'both-random': false };

/** The files of a PEFT adapter folder (huggingface/peft, LoraConfig), and a note on how to load it. */
export function peftFolder(run: ExportedRun): readonly ZipEntry[] {
  const modules = run.modules.map((module) => ({
    ...module,
    ...(doraFactors(module, run) ?? plainAdapter(module, run)),
  }));
  const tensors: Tensor[] = modules.flatMap(({ name, A, B, m }) => [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [A.rows, A.cols], data: A.data },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [B.rows, B.cols], data: B.data },
    ...(m ? [{ name: `base_model.model.${name}.lora_magnitude_vector`, shape: [m.length], data: m }] : []),
  ]);
  const { alpha, scaling } = settingsAt(run);
  // One of the highest rank, which is that of all matrices that have as many directions.
  const usual = modules.reduce((highest, module) => (module.A.rows > highest.A.rows ? module : highest));
  const rank = usual.A.rows;
  const alphaOf = ({ rank: trained, A }: (typeof modules)[number]) => peftAlpha(scaling, alpha, trained, A.rows);
  const capped = modules.filter(({ A }) => A.rows !== rank);
  const patternOf = (value: (module: (typeof modules)[number]) => number) =>
    Object.fromEntries(capped.map((module) => [module.name, value(module)]));
  const names = modules.map(({ name }) => name);
  const config = {
    peft_type: 'LORA',
    task_type: null,
    base_model_name_or_path: null,
    revision: null,
    inference_mode: true,
    r: rank,
    lora_alpha: alphaOf(usual),
    use_rslora: scaling === 'rslora',
    init_lora_weights:
      hasMovedPart(run) || isBesideLora(run.experiment) ? true : (PEFT_INITS[run.experiment.init] ?? true),
    target_modules: names,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    use_dora: isBesideLora(run.experiment),
    modules_to_save: null,
    layers_to_transform: null,
    layers_pattern: null,
    rank_pattern: patternOf(({ A }) => A.rows),
    alpha_pattern: patternOf(alphaOf),
  };
  return [
    { name: 'adapter_model.safetensors', content: writeSafetensors(tensors) },
    { name: 'adapter_config.json', content: `${JSON.stringify(config, null, 2)}\n` },
    { name: 'README.md', content: readme(run, modules) },
  ];
}

interface AdapterFactors extends ExportFactors {
  /** dora: the length of each row of W. */
  readonly m?: Float32Array;
}

/** A, B and m of DoRA; null for another method. */
function doraFactors(
  { method, d, k }: ExportedModule,
  { experiment }: ExportedRun,
): (AdapterFactors & { readonly rank: number }) | null {
  if (!method || experiment.method !== 'dora') return null;
  const [A, B, m] = method.final;
  const rank = Math.min(experiment.rank, d, k);
  return { rank, A: matrixOf(rank, k, A), B: matrixOf(d, rank, B), m };
}

/**
 * lora_alpha with which PEFT's own α/r, or α/√r, is the s of the run if the adapter has `rank` rows: s = 1 (`none`) is
 * α = r, and if the rank is doubled α is too, or its √2-fold with rsLoRA.
 */
function peftAlpha(scaling: Scaling, alpha: number, trained: number, rank: number): number {
  if (scaling === 'none') return rank;
  return scaling === 'rslora' ? alpha * Math.sqrt(rank / trained) : (alpha * rank) / trained;
}

/**
 * The adapter for an unchanged W₀. If a part of W₀ was moved, ΔW = s·B·A − s₀·B₀·A₀ as one adapter of rank 2r, as PEFT
 * itself converts it (`subtract_mutated_init`): A over A₀, and [B | −(s₀/s)·B₀].
 */
function plainAdapter(
  { initial, final }: { initial: ExportFactors; final: ExportFactors },
  run: ExportedRun,
): AdapterFactors {
  if (!hasMovedPart(run)) return final;
  const { A, B } = final;
  // s at the start over s at the end, which is the same at any rank.
  const moved = scalingOf(run.experiment) / scalingAt(run);
  const stacked = new Float32Array(2 * A.data.length);
  stacked.set(A.data);
  stacked.set(initial.A.data, A.data.length);
  const beside = new Float32Array(2 * B.data.length);
  for (let i = 0; i < B.rows; i++) {
    for (let j = 0; j < B.cols; j++) {
      beside[2 * i * B.cols + j] = B.data[i * B.cols + j];
      beside[(2 * i + 1) * B.cols + j] = -moved * initial.B.data[i * B.cols + j];
    }
  }
  return { A: matrixOf(2 * A.rows, A.cols, stacked), B: matrixOf(B.rows, 2 * B.cols, beside) };
}

function readme(run: ExportedRun, modules: readonly (ModuleSizes & ExportFactors)[]): string {
  const dora = isBesideLora(run.experiment);
  const init = inits.byName(dora ? 'kaiming-uniform' : run.experiment.init).label;
  const only = modules.length === 1 ? onlyModule({ modules }) : null;
  const doubled = hasMovedPart(run)
    ? `
${init} moves a part of W₀ into the adapter before training. This folder is the plain adapter for the unchanged W₀: it has
${only ? `rank ${only.A.rows}, twice the rank of the run,` : 'twice the rank of the run'} and holds the trained factors beside the initial ones with their sign turned.
`
    : '';
  const quantised = isQuantised(run.experiment)
    ? `
The base of the run was W₀ in NF4${!dora && run.experiment.init === 'qpissa' ? ', less what A and B took over before' : ''}: this adapter belongs to that base, Q, and not to W₀ in full precision.
The script of the same run makes Q from W₀.
`
    : '';
  const error = run.error === null ? '' : `, relative error ${run.error.toPrecision(4)}`;
  const layers = only
    ? `one linear layer "${only.name}" with ${only.d} outputs and ${only.k} inputs`
    : `the linear layers ${listed(modules.map((module) => `"${module.name}" (${module.d} × ${module.k}, rank ${module.A.rows})`))} of a network`;
  const shapes = only
    ? `lora_A (${only.A.rows} × ${only.k})${dora ? ',' : ' and'} lora_B (${only.d} × ${only.A.rows})${dora ? ` and lora_magnitude_vector (${only.d})` : ''}`
    : 'lora_A and lora_B of each layer';
  const load = only ? loadOne(only, quantised !== '') : loadSeveral(modules);
  return `# LoRA adapter from LoRA Explorer

${dora ? 'DoRA, ΔW = m·V/‖V‖ − W₀ with V = W₀ + s·B·A,' : 'ΔW = s·B·A'} for ${layers}, after ${stepsMade(run)} steps${error}.
Initialisation: ${init}. The run: ${run.link}
${doubled}${quantised}
- \`adapter_model.safetensors\`: ${shapes}, float32
- \`adapter_config.json\`: rank, alpha and scaling for Hugging Face PEFT

${load}`;
}

const loadOne = (
  { name, d, k }: ModuleSizes,
  quantised: boolean,
) => `Load it onto a model that has a linear layer of that name:

\`\`\`python
import torch
from peft import PeftModel

class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.${name} = torch.nn.Linear(${k}, ${d}, bias=False)

    def forward(self, x):
        return self.${name}(x)

model = PeftModel.from_pretrained(Model(), ".")
\`\`\`

Put the frozen weight ${quantised ? 'Q' : 'W₀'} into \`${name}.weight\` first: the PyTorch export of the same run ${quantised ? 'makes' : 'holds'} it.
`;

/** Names such as "in" are words of Python, and "0.q" is a module of module "0": they are set by text. */
const loadSeveral = (modules: readonly ModuleSizes[]) => `Load it onto a model that has linear layers of these names:

\`\`\`python
import torch
from peft import PeftModel

model = torch.nn.Module()
for name, d, k in [${modules.map(({ name, d, k }) => `("${name}", ${d}, ${k})`).join(', ')}]:
    *parents, last = name.split(".")
    parent = model
    for part in parents:
        if not hasattr(parent, part):
            parent.add_module(part, torch.nn.Module())
        parent = getattr(parent, part)
    parent.add_module(last, torch.nn.Linear(k, d, bias=False))
model = PeftModel.from_pretrained(model, ".")
\`\`\`

Put the pretrained matrices into their weights first, and write the forward pass: the PyTorch export of the same run holds both.
`;
