import { adaptedModules, alphaOf, countType, loraConfig, mainRank, rankOf, totalsOf } from './counts.ts';
import type { OptimiserKind } from './models.ts';
import { assumption, type Cost } from './setting.ts';

export type Trainer = 'peft' | 'kohya' | 'notebook';

/** A text to take away, or the reason why there is none. */
export type TakeAway =
  | {
      readonly text: string /** Its name; null if it is not saved. */;
      readonly file: string | null;
      readonly remark: string | null;
    }
  | { readonly reason: string };

const NOTHING: TakeAway = { reason: 'Nothing is adapted yet. Check a module in the table.' };

export function takeAway(cost: Cost, trainer: Trainer): TakeAway {
  if (mainRank(cost) === null) return NOTHING;
  if (trainer === 'kohya') return kohya(cost);
  const config = loraConfig(cost) ?? '';
  if (trainer === 'peft') return { text: configText(cost) ?? '', file: 'lora_config.py', remark: null };
  const text = cells(cost, config).join('\n');
  return {
    text,
    file: 'plan.ipynb',
    remark: `The last line stops unless PEFT counts as many parameters as this page.${cost.quantised === 1 && !loadsQuantised(cost) ? ' It loads the weights in full.' : ''}`,
  };
}

const KOHYA_OPTIMISERS: Readonly<Record<OptimiserKind, string>> = {
  sgd: '--optimizer_type=SGD',
  momentum: '--optimizer_type=SGD --optimizer_args momentum=0.9',
  adam: '--optimizer_type=AdamW',
  adam8: '--optimizer_type=AdamW8bit',
};

/** Parameters that `networks.lora` of sd-scripts trains at a rank: every kind, and the convolutions at both ends. */
export function kohyaParameters({ model }: Pick<Cost, 'model'>, rank: number): number {
  // proj_in and proj_out of each transformer are 1 × 1 convolutions, as large as q.
  const ends = model.modules.filter(({ name }) => name === 'self-q');
  return [...model.modules, ...ends, ...ends].reduce((sum, type) => sum + countType(type, rank).trained, 0);
}

/** Arguments of kohya's sd-scripts (networks/lora.py, train_network.py). */
function kohya(cost: Cost): TakeAway {
  const { model, adapter, weights, batch, accumulate, steps, checkpoints, optimiser, gpus } = cost;
  if (model.name !== 'sd15-unet')
    return {
      reason:
        'The sd-scripts of kohya train image models, such as Stable Diffusion. They cannot load this one: use LoraConfig.',
    };
  const rank = mainRank(cost) ?? 0;
  const bf16 = weights === 'bf16';
  const lines = [
    `accelerate launch${gpus > 1 ? ` --num_processes=${gpus}` : ''} train_network.py`,
    '--network_module=networks.lora',
    `--network_dim=${rank} --network_alpha=${alphaOf(cost, rank)}`,
    '--network_train_unet_only',
    KOHYA_OPTIMISERS[optimiser],
    `--train_batch_size=${batch}`,
    `--max_train_steps=${steps}`,
    ...(accumulate > 1 ? [`--gradient_accumulation_steps=${accumulate}`] : []),
    ...(checkpoints ? ['--gradient_checkpointing'] : []),
    `--mixed_precision=${bf16 ? 'bf16' : 'no'}${bf16 && adapter === 'bf16' ? ' --full_bf16' : ''}`,
    '--save_precision=bf16',
  ];
  const all = kohyaParameters(cost, rank);
  const one = adaptedModules(cost).every((type) => rankOf(cost, type) === rank);
  const remark = `It adapts every linear layer of the transformers, and the 1 × 1 convolutions at their ends, whatever is checked: ${all.toLocaleString('en')} parameters, ${((2 * all) / 1e6).toFixed(1)} MB.${one ? '' : ' It has one rank for all.'}${cost.quantised === 1 ? ' Its weights are not quantised.' : ''}`;
  return { text: `${lines.join(' \\\n  ')}\n`, file: 'train.sh', remark };
}

/** Python that loads a model, by the name of the model here. */
const LOADERS: Readonly<Record<string, readonly string[]>> = {
  'sd15-unet': [
    'from diffusers import UNet2DConditionModel',
    'model = UNet2DConditionModel.from_pretrained("stable-diffusion-v1-5/stable-diffusion-v1-5", subfolder="unet")',
  ],
  'vit-b16': ['import timm', 'model = timm.create_model("vit_base_patch16_224", pretrained=True)'],
  ...Object.fromEntries(
    [
      ['gpt2', 'openai-community/gpt2'],
      ['llama-2-7b', 'meta-llama/Llama-2-7b-hf'],
      ['llama-3-8b', 'meta-llama/Meta-Llama-3-8B'],
      ['own', 'the name or folder of your model'],
    ].map(([name, id]) => [
      name,
      [
        'from transformers import AutoModelForCausalLM',
        `model = AutoModelForCausalLM.from_pretrained("${id}", torch_dtype="auto")`,
      ],
    ]),
  ),
};

/** Whether the notebook loads the weights in fewer bits: bitsandbytes does so for the models of transformers. */
const loadsQuantised = ({ quantised, model }: Cost) => quantised === 1 && model.logits > 0;

/** The weights in fewer bits, in Python. */
function bitsOf(cost: Cost): readonly string[] {
  const bits =
    cost.base === 'nf4'
      ? `load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=${assumption(cost, 'group') > 0 ? 'True' : 'False'}, bnb_4bit_compute_dtype="bfloat16"`
      : 'load_in_8bit=True';
  return ['from transformers import BitsAndBytesConfig', `bits = BitsAndBytesConfig(${bits})`];
}

/** LoraConfig, and before it what loads the weights in fewer bits; null if nothing is adapted. */
export function configText(cost: Cost): string | null {
  const config = loraConfig(cost);
  if (config === null || !loadsQuantised(cost)) return config;
  return [...bitsOf(cost), '# from_pretrained(…, quantization_config=bits)', '', config].join('\n');
}

function loaderOf(cost: Cost): readonly string[] {
  const loader = LOADERS[cost.model.name] ?? [];
  if (!loadsQuantised(cost)) return loader;
  return [
    ...bitsOf(cost),
    ...loader.map((line) => line.replace('torch_dtype="auto"', 'torch_dtype="auto", quantization_config=bits')),
  ];
}

/** The cells of the notebook: load, configure, and compare the count. */
function cells(cost: Cost, config: string): readonly string[] {
  const load = [...loaderOf(cost), ''].join('\n');
  const prepare = loadsQuantised(cost)
    ? [
        'from peft import prepare_model_for_kbit_training',
        '',
        `model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=${cost.checkpoints ? 'True' : 'False'})`,
        '',
      ]
    : [];
  const adapt = [
    ...prepare,
    'from peft import get_peft_model',
    '',
    'model = get_peft_model(model, config)',
    'trained = sum(p.numel() for p in model.parameters() if p.requires_grad)',
    `assert trained == ${totalsOf(cost).trained}, trained`,
    '',
  ].join('\n');
  return [load, config, adapt];
}

/** The notebook as a file of Jupyter, format 4.5. */
export function notebookFile(cost: Cost): string {
  const sources = cells(cost, loraConfig(cost) ?? '');
  const list = sources.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell-${i + 1}`, execution_count: null, metadata: {}, outputs: [] },
    source: source.trimEnd(),
  }));
  return JSON.stringify({ cells: list, metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1);
}
