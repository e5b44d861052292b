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
  DELORA: {
    called: 'DeLoRA',
    trains: 'Each direction of its B·A is brought to one length, and inputs are scaled by norms of W₀.',
    mark: /\.delora_/,
  },
  GRALORA: { called: 'GraLoRA', trains: 'It has a pair for each block of ΔW.', mark: /\.gralora_/ },
  GLORA: { called: 'GLoRA', trains: 'Its ΔW is W₀·A + B, and W₀ is not in the file.', mark: /\.glora_/ },
  TINYLORA: {
    called: 'TinyLoRA',
    trains: 'It trains a few numbers between singular vectors of W₀.',
    mark: /\.tinylora_/,
  },
  UNILORA: { called: 'Uni-LoRA', trains: 'It projects one vector onto every factor.', mark: /\.unilora_/ },
  PVERA: { called: 'PVeRA', trains: 'It trains two vectors between random factors.', mark: /\.pvera_lambda/ },
  PSOFT: { called: 'PSOFT', trains: 'It turns the leading directions of W₀.', mark: /\.psoft_/ },
  DEFT: { called: 'DEFT', trains: 'It takes directions out of W₀, which is not in the file.', mark: /\.deft_/ },
  FROD: { called: 'FRoD', trains: 'It trains singular values in directions that layers share.', mark: /\.frod_/ },
  OSF: { called: 'OSF', trains: 'It trains singular directions of W₀ itself.', mark: /\.osf_/ },
  ADAMSS: { called: 'AdaMSS', trains: 'It trains clusters of singular directions of W₀.', mark: /\.adamss_/ },
  LILY: { called: 'Lily', trains: 'Layers share its B, mixed by a router.', mark: /\.lily_/ },
  PEANUT: { called: 'PEANuT', trains: 'A small network makes its ΔW from W₀.', mark: /\.peanut_/ },
  BEFT: { called: 'BEFT', trains: 'It trains biases.', mark: /\.beft_/ },
  SUPERTUNING: { called: 'Super-Tuning', trains: 'It trains a few entries of W₀.', mark: /\.supertuning_/ },
  CARTRIDGE: { called: 'Cartridge', trains: 'It trains keys and values in front of each layer.' },
  TRAINABLE_TOKENS: {
    called: 'Trainable tokens',
    trains: 'It trains rows of the word table.',
    mark: /trainable_tokens_/,
  },
};

/** Vectors of new words, for text encoders of Stable Diffusion. */
const EMBEDDING = /^(?:emb_params|string_to_param|clip_[lg]|<[^>]{1,60}>)/;

/** Variants of PEFT's LoRA whose tensors are named as a plain pair's, by their key in adapter_config.json. */
const VARIANTS: Readonly<Record<string, OtherKind>> = {
  use_bdlora: {
    called: 'BD-LoRA',
    trains: 'One factor of each pair is block-diagonal, and the file holds its blocks.',
  },
  kasa_config: { called: 'KaSA', trains: 'It drops the last singular values of W₀, and ΔW is s·B·diag(Δσ)·A.' },
  use_qalora: { called: 'QA-LoRA', trains: 'Its A acts on means of groups of inputs.' },
};

/** A variant that plain LoRA's rule would read wrongly, by its config; null if it is none. */
export function variantFault(json: Readonly<Record<string, unknown>>): Fault | null {
  const found = Object.entries(VARIANTS).find(([key]) => (json[key] ?? false) !== false);
  if (!found) return null;
  const [key, { called, trains }] = found;
  return { fault: `${called} is not read.`, details: `${trains} adapter_config.json says so (${key}).` };
}

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
