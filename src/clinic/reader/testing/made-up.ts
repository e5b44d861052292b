import { type Stream, stream } from '../../../math/random.ts';
import type { CaseName } from '../../cases/case.ts';
import { type CurveName, readCurves } from './curves.ts';
import { command, json, type Pairs, python, toml, yaml } from './written.ts';

/**
 * Sixty pastes of people with a complaint and twenty of people without, written from the descriptions of the
 * complaints and not from the rules: losses are runs of the engine with noise, settings are drawn at random around
 * what is described.
 */
export interface MadeUp {
  /** Null: nothing is wrong. */
  readonly is: CaseName | null;
  readonly what: string;
  readonly text: string;
}

const curves = readCurves();
const pick = <T>(random: Stream, values: readonly T[]): T => values[random.integer(values.length)];
const rateText = (rate: number) => rate.toExponential().replace('e-', 'e-0');

/** With noise of a size per cent around the curve. */
function noisy(
  name: CurveName,
  random: Stream,
  size: number,
  steps = Number.POSITIVE_INFINITY,
): readonly [number, number][] {
  const { every, losses } = curves[name];
  return losses
    .map((loss, i): [number, number] => [
      i * every,
      loss === null ? Number.NaN : loss * (1 + (size / 100) * random.normal()),
    ])
    .filter(([step]) => step <= steps);
}

type LogFormat = 'csv' | 'list' | 'trainer' | 'state' | 'bars';

function logged(points: readonly (readonly [number, number])[], format: LogFormat, digits = 4): string {
  const write = (loss: number) => (Number.isFinite(loss) ? loss.toFixed(digits) : 'nan');
  switch (format) {
    case 'csv':
      return `step,loss\n${points.map(([step, loss]) => `${step},${write(loss)}`).join('\n')}`;
    case 'list':
      return points.map(([, loss]) => write(loss)).join('\n');
    case 'trainer':
      return points
        .map(
          ([step, loss]) =>
            `{'loss': ${write(loss)}, 'grad_norm': 0.41, 'learning_rate': 0.0002, 'epoch': ${(step / 400).toFixed(2)}}`,
        )
        .join('\n');
    case 'state':
      return `{"log_history": [\n${points.map(([step, loss]) => `{"epoch": ${(step / 400).toFixed(2)}, "loss": ${write(loss).replace('nan', 'NaN')}, "step": ${step}}`).join(',\n')}\n]}`;
    case 'bars':
      return points
        .map(([step, loss]) => `steps: 10%|#  | ${step}/2000 [00:57<18:14, 1.74it/s, avr_loss=${write(loss)}]`)
        .join('\n');
    default:
      return format satisfies never;
  }
}

const ALL = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

interface Config {
  readonly rank: number;
  readonly alpha: number | null;
  readonly rate: number;
  readonly optimiser?: string;
  readonly epochs?: number;
  readonly targets?: readonly string[];
  readonly more?: Pairs;
}

/** In the words of a tool. `more` is put as it is. */
const IN_WORDS = {
  python: ({ rank, alpha, rate, optimiser = 'adamw_torch', epochs = 3, targets = ALL, more = [] }) =>
    `${python('peft_config = LoraConfig', [
      ['r', rank],
      ...(alpha === null ? [] : ([['lora_alpha', alpha]] as const)),
      ...([
        ['target_modules', targets],
        ['lora_dropout', 0.05],
      ] as const),
    ])}\n${python('args = TrainingArguments', [
      ...([
        ['output_dir', 'out'],
        ['learning_rate', rate],
        ['optim', optimiser],
        ['num_train_epochs', epochs],
      ] as const),
      ...([
        ['per_device_train_batch_size', 4],
        ['logging_steps', 10],
      ] as const),
      ...more,
    ])}`,
  axolotl: ({ rank, alpha, rate, optimiser = 'adamw_bnb_8bit', epochs = 3, targets, more = [] }) =>
    yaml([
      ...([
        ['base_model', 'NousResearch/Llama-3.2-1B'],
        ['adapter', 'lora'],
        ['lora_r', rank],
      ] as const),
      ...(alpha === null ? [] : ([['lora_alpha', alpha]] as const)),
      ...(targets ? ([['lora_target_modules', targets]] as const) : ([['lora_target_linear', true]] as const)),
      ...([
        ['micro_batch_size', 2],
        ['num_epochs', epochs],
        ['optimizer', optimiser],
        ['learning_rate', rate],
      ] as const),
      ...more,
    ]),
  llamafactory: ({ rank, alpha, rate, optimiser, epochs = 3, targets = ['all'], more = [] }) =>
    yaml([
      ...([
        ['stage', 'sft'],
        ['do_train', true],
        ['finetuning_type', 'lora'],
        ['lora_rank', rank],
      ] as const),
      ...(alpha === null ? [] : ([['lora_alpha', alpha]] as const)),
      ...([
        ['lora_target', targets.join(',')],
        ['learning_rate', rateText(rate)],
        ['num_train_epochs', epochs],
      ] as const),
      ...(optimiser ? ([['optim', optimiser]] as const) : []),
      ...more,
    ]),
  command: ({ rank, alpha, rate, optimiser = 'AdamW8bit', epochs = 10, more = [] }) =>
    command('accelerate launch --num_cpu_threads_per_process 1 train_network.py', [
      ...([
        ['network_module', 'networks.lora'],
        ['network_dim', rank],
      ] as const),
      ...(alpha === null ? [] : ([['network_alpha', alpha]] as const)),
      ...([
        ['learning_rate', rateText(rate)],
        ['optimizer_type', optimiser],
        ['max_train_epochs', epochs],
      ] as const),
      ...([
        ['resolution', '512,512'],
        ['train_batch_size', 1],
      ] as const),
      ...more,
    ]),
  toml: ({ rank, alpha, rate, optimiser = 'AdamW8bit', epochs = 10, more = [] }) =>
    toml([
      ...([
        ['network_module', 'networks.lora'],
        ['network_dim', rank],
      ] as const),
      ...(alpha === null ? [] : ([['network_alpha', alpha]] as const)),
      ...([
        ['unet_lr', rate],
        ['optimizer_type', optimiser],
        ['max_train_epochs', epochs],
      ] as const),
      ...more,
    ]),
} as const satisfies Record<string, (config: Config) => string>;
type Words = keyof typeof IN_WORDS;
const LANGUAGE = ['python', 'axolotl', 'llamafactory'] as const;
const IMAGES = ['command', 'toml'] as const;

const config = (words: Words, settings: Config) => IN_WORDS[words](settings);

type Five = readonly [what: string, text: (random: Stream) => string][];

const COMPLAINTS: Readonly<Record<CaseName, Five>> = {
  nothing: [
    ['losses of Adam at 10⁻⁵', (r) => logged(noisy('nothing 1', r, 0.1), pick(r, ['csv', 'list', 'trainer']))],
    ['losses of SGD at 2·10⁻⁴, noise of 3%', (r) => logged(noisy('nothing 3', r, 3), pick(r, ['csv', 'state']))],
    [
      'a rate of full fine-tuning',
      (r) => config(pick(r, LANGUAGE), { rank: pick(r, [8, 16, 32]), alpha: 32, rate: pick(r, [1e-6, 5e-6, 1e-5]) }),
    ],
    ['kohya, α not set', (r) => config(pick(r, IMAGES), { rank: pick(r, [16, 32, 64]), alpha: null, rate: 1e-4 })],
    ['nothing trainable', () => "trainable params: 0 || all params: 1,235,814,400 || trainable%: 0.0\n{'loss': 2.31}"],
  ],
  flat: [
    ['losses of SGD', (r) => logged(noisy('flat 1', r, 0.3), pick(r, ['csv', 'list', 'trainer']))],
    ['first 120 steps of SGD', (r) => logged(noisy('flat 2', r, 0.3, 120), pick(r, ['csv', 'state']))],
    ['losses of SGD on another target, noise of 1%', (r) => logged(noisy('flat 3', r, 1), pick(r, ['csv', 'list']))],
    ['SGD', (r) => config(pick(r, LANGUAGE), { rank: 16, alpha: 32, rate: pick(r, [1e-2, 2e-2]), optimiser: 'sgd' })],
    [
      'half the run is warm-up',
      (r) =>
        config(pick(r, LANGUAGE), {
          rank: 16,
          alpha: 32,
          rate: 2e-4,
          more: [
            ['max_steps', 200],
            ['warmup_steps', pick(r, [100, 150])],
          ],
        }),
    ],
  ],
  zeros: [
    [
      'B printed after loading',
      () =>
        "base_model.model.layers.0.self_attn.q_proj.lora_B.default.weight tensor([[0., 0., 0., 0.], [0., 0., 0., 0.]], device='cuda:0')\n",
    ],
    [
      'statistics of lora_up',
      () =>
        'lora_unet_down_blocks_0.lora_up.weight: min 0.0 max 0.0 mean 0.0\nlora_unet_down_blocks_1.lora_up.weight: min 0.0 max 0.0 mean 0.0',
    ],
    ['losses with A and B zero', (r) => logged(noisy('zeros 1', r, 0), pick(r, ['csv', 'list', 'trainer']))],
    [
      'a log whose rate stays 0',
      (r) =>
        noisy('zeros 1', r, 0.2, 90)
          .map(
            ([step, loss]) =>
              `{'loss': ${loss.toFixed(4)}, 'grad_norm': 1.3, 'learning_rate': 0.0, 'epoch': ${step / 100}}`,
          )
          .join('\n'),
    ],
    [
      'a plain config',
      () =>
        json([
          ['peft_type', 'LORA'],
          ['r', 16],
          ['lora_alpha', 32],
          ['init_lora_weights', true],
          ['target_modules', ALL],
        ]),
    ],
  ],
  nan: [
    [
      'losses at α = 64, then NaN',
      (r) =>
        logged(
          [...noisy('nan 1', r, 1), [3, 3.1e5], [4, Number.NaN], [5, Number.NaN]],
          pick(r, ['csv', 'list', 'trainer', 'state']),
        ),
    ],
    ['losses that grow', (r) => logged([...noisy('nan 2', r, 1), [3, 4.2e6], [4, 9.9e8]], pick(r, ['csv', 'list']))],
    [
      'loss 0 and a gradient of NaN',
      () =>
        [0.4, 0.8, 1.2, 1.6, 2]
          .map((epoch) => `{'loss': 0.0, 'grad_norm': nan, 'learning_rate': 0.00012, 'epoch': ${epoch}}`)
          .join('\n'),
    ],
    [
      'large α and rate',
      (r) => config(pick(r, LANGUAGE), { rank: 8, alpha: pick(r, [64, 128]), rate: pick(r, [2e-3, 5e-3]) }),
    ],
    [
      'float16 without clipping',
      (r) =>
        config(pick(r, ['python', 'llamafactory']), {
          rank: 16,
          alpha: 32,
          rate: pick(r, [2e-4, 5e-4]),
          more: [
            ['fp16', true],
            ['max_grad_norm', 0],
          ],
        }),
    ],
  ],
  staircase: [
    ['losses of every step, 40 samples', (r) => logged(noisy('staircase 1', r, 2), pick(r, ['csv', 'list']))],
    ['losses of every step, 30 samples', (r) => logged(noisy('staircase 2', r, 2), pick(r, ['csv', 'state']))],
    [
      'losses of every step, 50 samples, noise of 10%',
      (r) => logged(noisy('staircase 3', r, 10), pick(r, ['csv', 'bars'])),
    ],
    [
      'many epochs',
      (r) => config(pick(r, LANGUAGE), { rank: 64, alpha: 128, rate: 2e-4, epochs: pick(r, [8, 10, 20]) }),
    ],
    ['mean losses of each epoch', () => 'epoch,train_loss\n1,1.031\n2,0.712\n3,0.431\n4,0.190\n5,0.101'],
  ],
  overfit: [
    ['losses and held-out losses', (r) => withHeldOut('overfit 1', r, 1)],
    ['the same of 60 samples', (r) => withHeldOut('overfit 2', r, 2)],
    ['the same of 30 samples, noise of 3%', (r) => withHeldOut('overfit 3', r, 3)],
    [
      'many epochs on few samples',
      (r) =>
        config('llamafactory', {
          rank: 16,
          alpha: 32,
          rate: 2e-4,
          epochs: pick(r, [5, 10]),
          more: [['max_samples', pick(r, [40, 100, 200])]],
        }),
    ],
    ['training losses alone', (r) => logged(noisy('overfit 1', r, 1), pick(r, ['csv', 'list']))],
  ],
  rank64: [
    ['losses at both ranks', (r) => columnsOf(r, { 'rank 8': 'rank 8', 'rank 64': 'rank 64' })],
    [
      'SGD at rank 64',
      (r) =>
        config(pick(r, LANGUAGE), { rank: 64, alpha: 16, rate: 2e-2, optimiser: 'sgd', targets: ['q_proj', 'v_proj'] }),
    ],
    [
      'SGD at rank 128',
      (r) => config(pick(r, LANGUAGE), { rank: 128, alpha: pick(r, [16, 32]), rate: 1e-2, optimiser: 'sgd' }),
    ],
    ['SGD in kohya', (r) => config(pick(r, IMAGES), { rank: 64, alpha: 16, rate: 1e-2, optimiser: 'SGDNesterov' })],
    ['Adam at rank 64, α = 16', (r) => config(pick(r, LANGUAGE), { rank: 64, alpha: 16, rate: 2e-4 })],
  ],
  variant: [
    ['losses of both methods at rate 1', (r) => columnsOf(r, { lora: 'lora at 1', oft: 'oft at 1' })],
    [
      'VeRA at a rate of LoRA',
      () =>
        python('VeraConfig', [
          ['peft_type', 'VERA'],
          ['r', 256],
          ['target_modules', ALL],
        ]) + python('TrainingArguments', [['learning_rate', 2e-4]]),
    ],
    [
      'DoRA at a large rate',
      (r) =>
        `${python('LoraConfig', [
          ['r', 16],
          ['lora_alpha', 32],
          ['use_dora', true],
        ])}${python('TrainingArguments', [['learning_rate', pick(r, [1e-3, 2e-3])]])}`,
    ],
    [
      'LoKr in kohya',
      () =>
        config('command', { rank: 32, alpha: 16, rate: 1e-4 }).replace(
          'networks.lora',
          'lycoris.kohya --network_args "algo=lokr" "factor=8"',
        ),
    ],
    [
      'OFT in LLaMA-Factory',
      () =>
        yaml([
          ['stage', 'sft'],
          ['finetuning_type', 'oft'],
          ['oft_block_size', 32],
          ['learning_rate', '1.0e-4'],
        ]),
    ],
  ],
  modules: [
    [
      'q and v at rank 64',
      (r) => config(pick(r, LANGUAGE), { rank: 64, alpha: 128, rate: 2e-4, targets: ['q_proj', 'v_proj'] }),
    ],
    [
      'q and v at rank 32',
      (r) => config(pick(r, LANGUAGE), { rank: 32, alpha: 64, rate: 1e-4, targets: ['q_proj', 'v_proj'] }),
    ],
    [
      'the MLP alone',
      (r) => config(pick(r, LANGUAGE), { rank: 14, alpha: 28, rate: 2e-4, targets: ['up_proj', 'down_proj'] }),
    ],
    [
      'the text encoder alone',
      () => config('command', { rank: 16, alpha: 8, rate: 1e-4, more: [['network_train_text_encoder_only', true]] }),
    ],
    [
      'q and v at rank 8',
      (r) => config(pick(r, LANGUAGE), { rank: 8, alpha: 16, rate: 2e-4, targets: ['q_proj', 'v_proj'] }),
    ],
  ],
  merged: [
    [
      'merged into 4 bits',
      () =>
        'model = AutoModelForCausalLM.from_pretrained(base, load_in_4bit=True)\nmodel = PeftModel.from_pretrained(model, "out")\nmodel = model.merge_and_unload()\n',
    ],
    [
      'merged in bfloat16',
      () =>
        'model = AutoModelForCausalLM.from_pretrained(base, torch_dtype=torch.bfloat16)\nmodel = PeftModel.from_pretrained(model, "out").merge_and_unload()\n',
    ],
    [
      'exported with 4 bits',
      (r) =>
        yaml([
          ['model_name_or_path', 'm'],
          ['adapter_name_or_path', 'saves/lora'],
          ['quantization_bit', pick(r, [4, 8])],
          ['export_dir', 'out'],
        ]),
    ],
    [
      'merge_lora.py in bfloat16',
      () =>
        command('python networks/merge_lora.py', [
          ['sd_model', 'm.safetensors'],
          ['models', ['a.safetensors']],
          ['ratios', '0.8'],
          ['precision', 'bf16'],
          ['save_precision', 'bf16'],
        ]),
    ],
    [
      'merged, no precision said',
      () =>
        'model = PeftModel.from_pretrained(base_model, "out")\nmodel = model.merge_and_unload()\nmodel.save_pretrained("merged")\n',
    ],
  ],
  size: [
    ['rank 256', (r) => config(pick(r, LANGUAGE), { rank: 256, alpha: 512, rate: 1e-4 })],
    [
      'embeddings saved',
      (r) =>
        config('axolotl', {
          rank: 16,
          alpha: 32,
          rate: 2e-4,
          more: [['lora_modules_to_save', pick(r, [['embed_tokens', 'lm_head'], ['embed_tokens']])]],
        }),
    ],
    [
      'save_embedding_layers',
      () =>
        `${config('python', { rank: 16, alpha: 32, rate: 2e-4 })}model.save_pretrained("out", save_embedding_layers=True)\n`,
    ],
    [
      'dim 128 in kohya',
      (r) => config(pick(r, IMAGES), { rank: 128, alpha: 128, rate: 1e-4, more: [['save_precision', 'float']] }),
    ],
    ['rank 64', (r) => config(pick(r, LANGUAGE), { rank: 64, alpha: 64, rate: 1e-4 })],
  ],
  together: [
    [
      'a sum in PEFT',
      (r) =>
        `model.load_adapter("b")\nmodel.add_weighted_adapter(adapters=["a", "b"], weights=[1.0, 1.0], adapter_name="ab", combination_type="${pick(r, ['linear', 'cat'])}")\n`,
    ],
    [
      'two in a prompt',
      (r) => `masterpiece, portrait, <lora:styleOne:${pick(r, [0.8, 1])}> <lora:person_v2:${pick(r, [0.9, 1])}>`,
    ],
    [
      'merge_lora.py',
      (r) =>
        command('python networks/merge_lora.py', [
          ['save_to', 'ab.safetensors'],
          ['models', ['a.safetensors', 'b.safetensors']],
          ['ratios', '1.0 1.0'],
          ['save_precision', pick(r, ['fp16', 'float'])],
        ]),
    ],
    [
      'set_adapters without weights',
      () =>
        'pipe.load_lora_weights("a", adapter_name="a")\npipe.load_lora_weights("b", adapter_name="b")\npipe.set_adapters(["a", "b"])\n',
    ],
    [
      'two adapters in LLaMA-Factory',
      () =>
        yaml([
          ['model_name_or_path', 'm'],
          ['adapter_name_or_path', 'saves/a,saves/b'],
          ['export_dir', 'out'],
        ]),
    ],
  ],
};

function withHeldOut(name: CurveName, random: Stream, size: number): string {
  const heldOut = curves[name].heldOut.map(
    ([step, loss]) => [step, loss * (1 + (size / 200) * random.normal())] as const,
  );
  if (random.integer(2) === 0) {
    const bySteps = new Map(heldOut);
    const rows = noisy(name, random, size).filter(([step]) => bySteps.has(step));
    return `step,train_loss,eval_loss\n${rows.map(([step, loss]) => `${step},${loss.toFixed(4)},${bySteps.get(step)?.toFixed(4)}`).join('\n')}`;
  }
  const lines = [
    ...noisy(name, random, size).map(
      ([step, loss]) => [step, `{"loss": ${loss.toFixed(4)}, "step": ${step}}`] as const,
    ),
    ...heldOut.map(([step, loss]) => [step + 0.5, `{"eval_loss": ${loss.toFixed(4)}, "step": ${step}}`] as const),
  ];
  return `{"log_history": [${[...lines]
    .sort(([a], [b]) => a - b)
    .map(([, line]) => line)
    .join(',\n')}]}`;
}

function columnsOf(random: Stream, columns: Readonly<Record<string, CurveName>>): string {
  const all = Object.values(columns).map((name) => noisy(name, random, 1));
  return `step,${Object.keys(columns).join(',')}\n${all[0].map(([step], i) => [step, ...all.map((one) => one[i][1].toFixed(4))].join(',')).join('\n')}`;
}

const HEALTHY: readonly ((random: Stream) => string)[] = [
  ...(['healthy 1', 'healthy 2', 'healthy 3', 'healthy 4'] as const).map(
    (name) => (r: Stream) =>
      logged(noisy(name, r, pick(r, [0.5, 1, 3])), pick(r, ['csv', 'list', 'trainer', 'state', 'bars'])),
  ),
  ...(['healthy 5', 'healthy 6'] as const).map((name) => (r: Stream) => withHeldOut(name, r, 2)),
  // A diffusion model: noise around a level that hardly falls; of single steps it is skewed.
  (r) => {
    const single = r.integer(2) === 0;
    return logged(
      Array.from({ length: single ? 400 : 60 }, (_, i) => {
        const noise = single ? Math.exp(0.45 * r.normal()) : 1 + 0.27 * r.normal();
        return [20 * (i + 1), (0.11 - 0.00001 * i) * noise] as const;
      }),
      single ? 'csv' : 'bars',
    );
  },
  // A value a step of one sample, in one epoch.
  (r) =>
    logged(
      Array.from(
        { length: 600 },
        (_, i) => [i + 1, (1.3 + 0.5 * Math.exp(-i / 60)) * Math.exp(0.3 * r.normal())] as const,
      ),
      pick(r, ['csv', 'list']),
    ),
  ...Array.from({ length: 7 }, () => (r: Stream) => {
    const rank = pick(r, [4, 8, 16, 32, 64]);
    return config(pick(r, LANGUAGE), {
      rank,
      alpha: rank * pick(r, [0.5, 1, 2]),
      rate: pick(r, [5e-5, 1e-4, 2e-4, 3e-4]),
      epochs: pick(r, [1, 2, 3]),
      ...(rank <= 16 && r.integer(2) === 0 ? { targets: ['q_proj', 'v_proj'] } : {}),
      more: [
        pick(r, [
          ['bf16', true],
          ['fp16', true],
        ] as const),
        ['warmup_ratio', pick(r, [0.03, 0.1])],
      ],
    });
  }),
  ...Array.from({ length: 4 }, () => (r: Stream) => {
    const rank = pick(r, [8, 16, 32, 64]);
    return config(pick(r, IMAGES), {
      rank,
      alpha: rank / pick(r, [1, 2]),
      rate: pick(r, [1e-4, 3e-4]),
      optimiser: pick(r, ['AdamW8bit', 'Lion', 'Adafactor']),
      epochs: pick(r, [8, 10, 16]),
      more: [
        ['mixed_precision', pick(r, ['fp16', 'bf16'])],
        ['lr_scheduler', 'cosine'],
      ],
    });
  }),
  (r) => config('toml', { rank: 32, alpha: 16, rate: 1, optimiser: 'Prodigy', epochs: pick(r, [8, 10]) }),
];

/** The seed is drawn once: other seeds give other numbers, formats and noise. */
export function madeUp(seed: number): readonly MadeUp[] {
  const random = stream(seed, 'made up');
  return [
    ...(Object.entries(COMPLAINTS) as [CaseName, Five][]).flatMap(([is, five]) =>
      five.map(([what, text]): MadeUp => ({ is, what, text: text(random) })),
    ),
    ...HEALTHY.map((text): MadeUp => ({ is: null, what: 'healthy', text: text(random) })),
  ];
}
