import { command, json, type Pairs, python, toml, tomlTables, yaml } from './written.ts';

/**
 * Published configs: some of their keys with their values, put in the syntax of the file. Each is read back below, and
 * those that are recommended must not be accused.
 */
export interface Published {
  readonly source: string;
  readonly text: string;
  /** What the reader must find, by the name of the field. */
  readonly found: Readonly<Record<string, unknown>>;
  /** Named by its tool as an example: nothing fits. Otherwise the complaint that fits. */
  readonly fits: readonly string[];
}

const ATTENTION_AND_MLP = ['q_proj', 'v_proj', 'down_proj', 'k_proj', 'o_proj', 'gate_proj', 'up_proj'];

const peft = (rest: Pairs): string =>
  json([['auto_mapping', null], ['bias', 'none'], ['fan_in_fan_out', false], ['inference_mode', true], ...rest]);

const PEFT_JSON: readonly Published[] = [
  {
    source: 'github.com/DMalakhov1/PROJECT_LORA adapter_config.json',
    text: peft([
      ...([
        ['init_lora_weights', true],
        ['lora_alpha', 64],
        ['lora_dropout', 0.05],
        ['modules_to_save', null],
      ] as const),
      ...([
        ['peft_type', 'LORA'],
        ['r', 32],
        ['target_modules', ['q_proj', 'k_proj', 'v_proj']],
      ] as const),
      ...([
        ['use_dora', false],
        ['use_rslora', false],
      ] as const),
    ]),
    found: {
      method: 'LORA',
      rank: 32,
      alpha: 64,
      dropout: 0.05,
      init: 'true',
      targets: ['q_proj', 'k_proj', 'v_proj'],
      rslora: false,
    },
    fits: [],
  },
  {
    source: 'github.com/EllaHxyz/LLama2_Finetuning adapter_config.json',
    text: peft([
      ...([
        ['init_lora_weights', true],
        ['lora_alpha', 32],
        ['lora_dropout', 0.05],
        ['peft_type', 'LORA'],
        ['r', 2],
      ] as const),
      ['target_modules', ['model.layers.31.self_attn.q_proj', 'model.layers.31.mlp.down_proj']],
    ]),
    found: { rank: 2, alpha: 32, targets: ['model.layers.31.self_attn.q_proj', 'model.layers.31.mlp.down_proj'] },
    fits: [],
  },
  {
    source: 'github.com/AnHuanAo/qwythos-9b-math-sft adapter_config.json',
    text: peft([
      ...([
        ['lora_alpha', 32],
        ['lora_dropout', 0],
        ['peft_type', 'LORA'],
        ['peft_version', '0.18.1'],
        ['r', 16],
      ] as const),
      ...([
        ['target_modules', ATTENTION_AND_MLP],
        ['task_type', 'SEQ_2_SEQ_LM'],
        ['use_dora', false],
      ] as const),
    ]),
    found: { rank: 16, alpha: 32, dropout: 0, targets: ATTENTION_AND_MLP, dora: false },
    fits: [],
  },
];

const PEFT_PYTHON: readonly Published[] = [
  {
    source: 'github.com/huggingface/peft docs/source/quicktour.md',
    text: `peft_config = LoraConfig(target_modules=["q_proj"], task_type=TaskType.CAUSAL_LM, inference_mode=False, r=8, lora_alpha=32, lora_dropout=0.1)
training_args = TrainingArguments(
    learning_rate=1e-3,
    per_device_train_batch_size=32,
    num_train_epochs=2,
    weight_decay=0.01,
)
`,
    found: { rank: 8, alpha: 32, dropout: 0.1, rate: 1e-3, batch: 32, epochs: 2, decay: 0.01, targets: ['q_proj'] },
    fits: [],
  },
  {
    source: 'github.com/huggingface/peft examples/fp4_finetuning/finetune_fp4_opt_bnb_peft.py',
    text: `quantization_config=BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"),
${python('config = LoraConfig', [
  ['r', 64],
  ['lora_alpha', 32],
  ['target_modules', ['q_proj', 'v_proj', 'out_proj', 'fc1', 'fc2']],
])}
trainer = transformers.Trainer(
    args=transformers.TrainingArguments(warmup_steps=10, max_steps=20, learning_rate=3e-4, fp16=True),
)
`,
    found: { rank: 64, alpha: 32, warmupSteps: 10, steps: 20, rate: 3e-4, fp16: true, fourBits: true },
    // Ten of its twenty steps are warm-up: it says so.
    fits: ['flat'],
  },
  {
    source: 'github.com/huggingface/peft examples/image_classification',
    text: `learning_rate = 5e-3
config = LoraConfig(r=16, lora_alpha=16, target_modules=["query", "value"], lora_dropout=0.1, modules_to_save=["classifier"])
training_args = TrainingArguments(f"{model_name}-finetuned", learning_rate=learning_rate, fp16=True, num_train_epochs=5)
`,
    found: {
      rank: 16,
      alpha: 16,
      rate: 5e-3,
      fp16: true,
      epochs: 5,
      saved: ['classifier'],
      targets: ['query', 'value'],
    },
    fits: [],
  },
];

const KOHYA: readonly Published[] = [
  {
    source: 'github.com/kohya-ss/sd-scripts docs/sdxl_train_network.md',
    text: command(
      'accelerate launch --num_cpu_threads_per_process 1 sdxl_train_network.py',
      [
        ...([
          ['network_module', 'networks.lora'],
          ['network_dim', 32],
          ['network_alpha', 16],
          ['learning_rate', '1e-4'],
        ] as const),
        ...([
          ['unet_lr', '1e-4'],
          ['text_encoder_lr1', '1e-5'],
          ['optimizer_type', '"AdamW8bit"'],
        ] as const),
        ...([
          ['lr_scheduler', '"constant"'],
          ['max_train_epochs', 10],
          ['mixed_precision', '"bf16"'],
        ] as const),
        ['gradient_checkpointing', true],
      ],
      true,
    ),
    found: {
      rank: 32,
      alpha: 16,
      rate: 1e-4,
      unetRate: 1e-4,
      optimiser: 'AdamW8bit',
      epochs: 10,
      precision: 'bf16',
      schedule: 'constant',
    },
    fits: [],
  },
  {
    source: 'github.com/kohya-ss/sd-scripts docs/loha_lokr.md',
    text: command('accelerate launch --mixed_precision bf16 sdxl_train_network.py', [
      ...([
        ['dataset_config', 'path/to/toml'],
        ['mixed_precision', 'bf16'],
        ['fp8_base', true],
      ] as const),
      ...([
        ['optimizer_type', 'adamw8bit'],
        ['learning_rate', '2e-4'],
        ['network_module', 'networks.loha'],
      ] as const),
      ...([
        ['network_dim', 32],
        ['network_alpha', 16],
        ['network_args', ['conv_dim=16', 'conv_alpha=8']],
      ] as const),
      ['max_train_epochs', 16],
    ]),
    found: {
      method: 'networks.loha',
      rank: 32,
      alpha: 16,
      rate: 2e-4,
      networkArgs: ['conv_dim=16', 'conv_alpha=8'],
      epochs: 16,
    },
    fits: [],
  },
  {
    source: 'github.com/kohya-ss/sd-scripts docs/flux_train_network.md',
    text: command(
      'accelerate launch flux_train_network.py',
      [
        ...([
          ['network_module', 'networks.lora_flux'],
          ['network_dim', 16],
          ['network_alpha', 1],
        ] as const),
        ...([
          ['learning_rate', '1e-4'],
          ['optimizer_type', '"AdamW8bit"'],
          ['max_train_epochs', 10],
        ] as const),
        ['mixed_precision', '"fp16"'],
      ],
      true,
    ),
    found: { rank: 16, alpha: 1, rate: 1e-4, epochs: 10, precision: 'fp16' },
    fits: [],
  },
  {
    source: 'github.com/Akegarasu/lora-scripts config/lora.toml',
    text: tomlTables({
      additional_network_arguments: [
        ...([
          ['network_dim', 32],
          ['network_alpha', 16],
          ['network_train_text_encoder_only', false],
        ] as const),
        ...([
          ['network_module', 'networks.lora'],
          ['network_args', []],
        ] as const),
      ],
      optimizer_arguments: [
        ...([
          ['unet_lr', '1e-4'],
          ['text_encoder_lr', '1e-5'],
          ['optimizer_type', 'AdamW8bit'],
        ] as const),
        ['lr_warmup_steps', 0],
      ],
      training_arguments: [
        ['train_batch_size', 1],
        ['max_train_epochs', 10],
        ['mixed_precision', 'fp16'],
      ],
      saving_arguments: [['save_precision', 'fp16']],
    }).replaceAll(/"(1e-\d)"/g, '$1'),
    found: {
      rank: 32,
      alpha: 16,
      unetRate: 1e-4,
      textRate: 1e-5,
      batch: 1,
      epochs: 10,
      savePrecision: 'fp16',
      textOnly: false,
    },
    fits: [],
  },
  {
    source: 'github.com/kohya-ss/sd-scripts lora.toml',
    text: toml([
      ...([
        ['learning_rate', 0.0001],
        ['lr_warmup_steps', 160],
        ['max_grad_norm', 1],
        ['max_train_steps', 1600],
      ] as const),
      ...([
        ['mixed_precision', 'fp16'],
        ['network_alpha', 1],
        ['network_args', []],
        ['network_dim', 32],
      ] as const),
      ...([
        ['network_module', 'networks.lora'],
        ['optimizer_type', 'AdamW8bit'],
        ['unet_lr', 0.0001],
      ] as const),
    ]),
    found: { rank: 32, alpha: 1, rate: 1e-4, warmupSteps: 160, steps: 1600, clip: 1 },
    // α = 1 at dim 32.
    fits: ['nothing'],
  },
  {
    source: 'github.com/kohya-ss/sd-scripts tests/sd15_inpainting_test_lora.toml',
    text: `# --- network (LoRA) ---\n${toml([
      ...([
        ['network_module', 'networks.lora'],
        ['network_dim', 4],
        ['network_alpha', 1],
      ] as const),
      ...([
        ['max_train_steps', 20],
        ['lr_scheduler', 'constant'],
        ['mixed_precision', 'fp16'],
      ] as const),
    ])}learning_rate = 1e-4  # optimiser\n`,
    found: { rank: 4, alpha: 1, rate: 1e-4, steps: 20 },
    fits: [],
  },
];

const AXOLOTL: readonly Published[] = [
  {
    source: 'github.com/axolotl-ai-cloud/axolotl examples/archived/tiny-llama/lora.yml',
    text: `${yaml([
      ...([
        ['base_model', 'TinyLlama/TinyLlama_v1.1'],
        ['load_in_8bit', true],
        ['load_in_4bit', false],
      ] as const),
    ])}datasets:\n  - path: mhenrichsen/alpaca_2k_test\n    type: alpaca\n${yaml([
      ...([
        ['val_set_size', 0.05],
        ['adapter', 'lora'],
        ['lora_model_dir', null],
        ['lora_r', 32],
        ['lora_alpha', 16],
      ] as const),
      ...([
        ['lora_dropout', 0.05],
        ['lora_target_linear', true],
        ['gradient_accumulation_steps', 4],
      ] as const),
      ...([
        ['micro_batch_size', 2],
        ['num_epochs', 4],
        ['optimizer', 'adamw_bnb_8bit'],
        ['lr_scheduler', 'cosine'],
      ] as const),
      ...([
        ['learning_rate', 0.0002],
        ['bf16', 'auto'],
        ['warmup_ratio', 0.1],
        ['weight_decay', '0.0'],
      ] as const),
    ])}`,
    found: {
      rank: 32,
      alpha: 16,
      dropout: 0.05,
      allLinear: true,
      accumulation: 4,
      batch: 2,
      epochs: 4,
      rate: 2e-4,
      bf16: true,
      fourBits: false,
      warmupRatio: 0.1,
    },
    fits: [],
  },
  {
    source: 'github.com/axolotl-ai-cloud/axolotl examples/gemma3/gemma-3-4b-qlora.yml',
    text: `${yaml([['load_in_4bit', true]])}# Freeze vision tower\nunfrozen_parameters:\n  - ^model\\.language_model\\..*\n  - ^lm_head\\..*\n${yaml(
      [
        ...([
          ['adapter', 'qlora'],
          ['lora_r', 32],
          ['lora_alpha', 16],
          ['lora_dropout', 0],
          ['num_epochs', 1],
        ] as const),
        ...([
          ['learning_rate', 0.0002],
          ['bf16', true],
          ['fp16', null],
          ['optimizer', 'adamw_bnb_8bit'],
        ] as const),
      ],
    )}gradient_checkpointing_kwargs:\n  use_reentrant: false\n`,
    found: { method: 'qlora', rank: 32, alpha: 16, fourBits: true, epochs: 1, rate: 2e-4, optimiser: 'adamw_bnb_8bit' },
    fits: [],
  },
  {
    source: 'github.com/axolotl-ai-cloud/axolotl examples/archived/starcoder2/qlora.yml',
    text: yaml([
      ...([
        ['load_in_8bit', false],
        ['load_in_4bit', true],
        ['val_set_size', 0.2],
        ['adapter', 'qlora'],
      ] as const),
      ...([
        ['lora_r', 32],
        ['lora_alpha', 16],
        ['gradient_accumulation_steps', 8],
        ['num_epochs', 3],
      ] as const),
      ...([
        ['learning_rate', '2e-5'],
        ['bf16', 'auto'],
        ['fp16', false],
        ['weight_decay', null],
      ] as const),
    ]),
    found: { rank: 32, alpha: 16, rate: 2e-5, fp16: false, epochs: 3, accumulation: 8 },
    fits: [],
  },
];

const LLAMA_FACTORY: readonly Published[] = [
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/train_lora/llama3_lora_sft.yaml',
    text: `### method\n${yaml([
      ...([
        ['stage', 'sft'],
        ['do_train', true],
        ['finetuning_type', 'lora'],
        ['lora_rank', 8],
        ['lora_target', 'all'],
      ] as const),
      ['max_samples', 1000],
    ])}\n### train\n${yaml([
      ...([
        ['per_device_train_batch_size', 1],
        ['gradient_accumulation_steps', 8],
        ['learning_rate', '1.0e-4'],
      ] as const),
      ...([
        ['num_train_epochs', '3.0'],
        ['lr_scheduler_type', 'cosine'],
        ['warmup_ratio', 0.1],
        ['bf16', true],
      ] as const),
    ])}# val_size: 0.1\n`,
    found: {
      method: 'lora',
      rank: 8,
      targets: ['all'],
      samples: 1000,
      rate: 1e-4,
      epochs: 3,
      schedule: 'cosine',
      bf16: true,
    },
    fits: [],
  },
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/train_lora/llama3_lora_dpo.yaml',
    text: yaml([
      ...([
        ['stage', 'dpo'],
        ['finetuning_type', 'lora'],
        ['lora_rank', 8],
        ['pref_beta', 0.1],
      ] as const),
      ...([
        ['pref_loss', 'sigmoid  # choices: [sigmoid (dpo), orpo, simpo]'],
        ['learning_rate', '5.0e-6'],
      ] as const),
      ['num_train_epochs', '3.0'],
    ]),
    found: { stage: 'dpo', rank: 8, rate: 5e-6, epochs: 3 },
    fits: [],
  },
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/merge_lora/llama3_lora_sft.yaml',
    text: yaml([
      ...([
        ['model_name_or_path', 'meta-llama/Meta-Llama-3-8B-Instruct'],
        ['template', 'llama3'],
      ] as const),
      ...([
        ['adapter_name_or_path', 'saves/llama3-8b/lora/sft'],
        ['export_dir', 'output/llama3_lora_sft'],
      ] as const),
      ['export_size', 2],
    ]),
    found: { adapter: 'saves/llama3-8b/lora/sft', exported: 'output/llama3_lora_sft' },
    fits: [],
  },
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/lora_single_gpu/sft.sh',
    text: command('CUDA_VISIBLE_DEVICES=0 llamafactory-cli train', [
      ...([
        ['stage', 'sft'],
        ['do_train', true],
        ['finetuning_type', 'lora'],
        ['lora_target', 'q_proj,v_proj'],
      ] as const),
      ...([
        ['warmup_steps', 20],
        ['learning_rate', '5e-5'],
        ['num_train_epochs', '3.0'],
        ['max_samples', 3000],
      ] as const),
      ['fp16', true],
    ]),
    found: { targets: ['q_proj', 'v_proj'], warmupSteps: 20, rate: 5e-5, epochs: 3, samples: 3000, fp16: true },
    fits: [],
  },
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/qlora_single_gpu/bitsandbytes.sh',
    text: command('CUDA_VISIBLE_DEVICES=0 python ../../src/train_bash.py', [
      ...([
        ['stage', 'sft'],
        ['finetuning_type', 'lora'],
        ['lora_target', 'q_proj,v_proj'],
        ['quantization_bit', 4],
      ] as const),
      ...([
        ['learning_rate', '5e-5'],
        ['fp16', true],
      ] as const),
    ]),
    found: { bits: 4, rate: 5e-5, fp16: true },
    fits: [],
  },
  {
    source: 'github.com/hiyouga/LLaMA-Factory examples/merge_lora/merge.sh',
    text: command('CUDA_VISIBLE_DEVICES=0 llamafactory-cli export', [
      ...([
        ['adapter_name_or_path', '../../saves/LLaMA2-7B/lora/sft'],
        ['finetuning_type', 'lora'],
      ] as const),
      ...([
        ['export_dir', '../../models/llama2-7b-sft'],
        ['export_legacy_format', 'False'],
      ] as const),
    ]),
    found: { adapter: '../../saves/LLaMA2-7B/lora/sft', exported: '../../models/llama2-7b-sft' },
    fits: [],
  },
];

export const PUBLISHED = { PEFT_JSON, PEFT_PYTHON, KOHYA, AXOLOTL, LLAMA_FACTORY } as const;

/** Losses of published trainer_state.json files, step by step of their `log_history`. */
export const PUBLISHED_LOGS = [
  {
    source: 'github.com/One-eyed-warrior/lora-finetuning trainer_state.json',
    every: 10,
    rates: [8e-5, 1.6e-4, 1.96e-4, 1.87e-4],
    losses: [
      ...[2.3136, 1.831, 1.4647, 1.3932, 1.3816, 1.3809, 1.3865, 1.2992, 1.3517, 1.3532, 1.2893, 1.3359, 1.3203],
      ...[1.2782, 1.3275, 1.2634, 1.3276, 1.2977, 1.265, 1.2969, 1.2624, 1.3307, 1.3437, 1.3125, 1.2819],
    ],
    heldOut: [],
    fits: [],
  },
  {
    source: 'github.com/RohitBind123/falcon-lora-imdb-sentiment trainer_state.json',
    every: 10,
    rates: [],
    losses: [3.2596, 3.1724, 3.1904, 3.1122, 3.1904, 3.0823, 3.0725, 3.0187, 3.0207, 2.9203, 2.9479, 3.0246],
    heldOut: [],
    fits: [],
  },
  {
    source: 'github.com/aigoncharov/trainer_state_viz trainer_state.json, eval_g0_loss',
    every: 401,
    rates: [],
    losses: [1.1074, 0.5969, 0.3116, 0.2045, 0.1504, 0.1163, 0.0941, 0.0817, 0.0753],
    heldOut: [1.1138, 1.1323, 1.3532, 1.5549, 1.6149, 1.8539, 1.6145, 1.9174, 1.9488],
    fits: ['overfit'],
  },
] as const;
