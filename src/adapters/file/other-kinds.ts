import { safeName } from './faults.ts';
import type { AdapterConfig, Fault, TensorEntry } from './model.ts';

/** A kind of adapter that is not read, and why: what it trains instead of a pair B·A for each matrix. */
interface OtherKind {
  readonly called: string;
  readonly trains: string;
  /** In names of its tensors. */
  readonly mark?: RegExp;
}

/** By peft_type of adapter_config.json. */
const KINDS: Readonly<Record<string, OtherKind>> = {
  BOFT: { called: 'BOFT', trains: 'It turns the columns of W₀ by butterfly products.', mark: /\.boft_/ },
  OFT: { called: 'OFT', trains: 'It turns the columns of W₀ by an orthogonal matrix.', mark: /\.oft_/ },
  IA3: { called: 'IA³', trains: 'It multiplies activations by a learned vector.', mark: /\.ia3_/ },
  VERA: {
    called: 'VeRA',
    trains: 'Its A and B are random and frozen, often not in the file, and it trains two vectors between them.',
    mark: /\.vera_lambda/,
  },
  VBLORA: { called: 'VB-LoRA', trains: 'Its factors are mixed from one bank of vectors.', mark: /\.vblora_/ },
  FOURIERFT: { called: 'FourierFT', trains: 'It trains entries of ΔW’s Fourier spectrum.', mark: /\.fourierft_/ },
  HRA: { called: 'HRA', trains: 'It multiplies W₀ by Householder reflections.', mark: /\.hra_/ },
  SHIRA: { called: 'SHiRA', trains: 'Its ΔW is sparse: a few entries, and no factors.', mark: /\.shira_/ },
  HIRA: { called: 'HiRA', trains: 'Its ΔW is W₀ ⊙ (B·A), and W₀ is not in the file.', mark: /\.hira_/ },
  POLY: { called: 'Poly', trains: 'It mixes several LoRAs by a router for each task.', mark: /\.poly_/ },
  LN_TUNING: { called: 'LN tuning', trains: 'It trains the norms of layers.', mark: /\.ln_tuning_/ },
  PROMPT_TUNING: {
    called: 'Prompt tuning',
    trains: 'It trains vectors in front of the input.',
    mark: /(?:^|\.)prompt_embeddings/,
  },
  MULTITASK_PROMPT_TUNING: { called: 'Multitask prompt tuning', trains: 'It trains vectors in front of the input.' },
  P_TUNING: { called: 'P-tuning', trains: 'It trains vectors in front of the input.' },
  PREFIX_TUNING: { called: 'Prefix tuning', trains: 'It trains keys and values in front of each layer.' },
  ADAPTION_PROMPT: {
    called: 'LLaMA-Adapter',
    trains: 'It trains prompts with a gate in each layer.',
    mark: /\.adaption_(?:prompt|gate)/,
  },
  CPT: { called: 'CPT', trains: 'It trains vectors in front of the input.' },
  XLORA: { called: 'X-LoRA', trains: 'It mixes several LoRAs by a classifier.', mark: /xlora_classifier/ },
  RANDLORA: {
    called: 'RandLoRA',
    trains: 'Its ΔW is a sum of random products with trained scales.',
    mark: /\.randlora_/,
  },
  BONE: { called: 'Bone', trains: 'It adds one small block along W₀.', mark: /\.bone_/ },
  MISS: { called: 'MiSS', trains: 'It adds one small block along W₀.', mark: /\.miss_/ },
  C3A: { called: 'C³A', trains: 'Its ΔW is circular convolutions.', mark: /\.c3a_/ },
  ROAD: { called: 'RoAd', trains: 'It turns pairs of activations.', mark: /\.road_/ },
  WAVEFT: { called: 'WaveFT', trains: 'It trains entries of ΔW’s wavelet coefficients.', mark: /\.waveft_/ },
  TRAINABLE_TOKENS: {
    called: 'Trainable tokens',
    trains: 'It trains rows of the word table.',
    mark: /trainable_tokens_/,
  },
};

/** Vectors of new words, for text encoders of Stable Diffusion. */
const EMBEDDING = /^(?:emb_params|string_to_param|clip_[lg]|<[^>]{1,60}>)/;

/** The kind of a file without any pair, by its config or its tensors; null if it is none that is known. */
export function otherKind(tensors: readonly TensorEntry[], config: AdapterConfig | null): Fault | null {
  if (tensors.length === 0) return null;
  const type = config?.peftType?.toUpperCase() ?? '';
  const kind = Object.hasOwn(KINDS, type)
    ? KINDS[type]
    : Object.values(KINDS).find(({ mark }) => mark && tensors.some(({ name }) => mark.test(name)));
  if (kind)
    return {
      fault: `${kind.called} is not read.`,
      details: `${kind.trains} ${safeName(tensors[0].name)} is no factor of a LoRA pair.`,
    };
  if (tensors.every(({ name, shape }) => EMBEDDING.test(name) && shape.length <= 2))
    return {
      fault: 'A textual inversion is not read.',
      details: `${safeName(tensors[0].name)} holds vectors of new words, and no matrix of the model is changed.`,
    };
  return null;
}
