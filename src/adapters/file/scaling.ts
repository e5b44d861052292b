import type { Adapter, AdapterConfig, AlphaAnswer, Fault, Module, TensorEntry } from './model.ts';
import { variantFault } from './other-kinds.ts';
import { type Lookup, lookupOf } from './patterns.ts';
import { countOf } from './safetensors/numbers.ts';
import { digits, plural } from './warnings/check.ts';

/** Characters of adapter_config.json: PEFT writes a few thousand, a pattern per module makes some hundred thousand. */
const MOST = 10_000_000;

export type ConfigJson = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is ConfigJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** 1e999 is infinite in JSON: too large values are reported for each module. */
const anyNumber = (value: unknown) => (typeof value === 'number' ? value : null);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const patterns = (value: unknown) =>
  isObject(value)
    ? Object.entries(value).flatMap(([pattern, of]) => {
        const n = anyNumber(of);
        return n === null ? [] : [[pattern, n] as const];
      })
    : [];

/** Reads adapter_config.json of PEFT or MLX. A Fault if it is no such JSON, or its kind of adapter is not read. */
export function readConfig(text: string): AdapterConfig | Fault {
  if (text.length > MOST) {
    return {
      fault: 'adapter_config.json is too large.',
      details: `It has ${text.length} characters; up to ${MOST} are read. Drop the adapter without it.`,
    };
  }
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(json)) return variantFault(json) ?? fromJson(json, text);
  } catch {
    // Reported below.
  }
  return {
    fault: 'adapter_config.json is damaged.',
    details: 'It is not a JSON object. Download it again, or drop the adapter without it and give α by hand.',
  };
}

/** AdaLoRA has a third factor between B and A. */
export const ADALORA: Fault = {
  fault: 'This is no whole AdaLoRA file.',
  details: 'adapter_config.json says AdaLoRA, whose ΔW is B·diag(E)·A, and the file has no E (lora_E).',
};

/** PEFT's ways to begin A and B for which it takes s·B₀·A₀ off W₀, or quantises W₀, whenever it loads the file. */
const STARTS: Readonly<Record<string, string>> = {
  pissa: 'PiSSA',
  olora: 'OLoRA',
  corda: 'CorDA',
  loftq: 'LoftQ',
  lora_ga: 'LoRA-GA',
};

/** By init_lora_weights: "pissa", "pissa_niter_16", "olora". */
function startOf(value: unknown): string | null {
  const key = typeof value === 'string' ? value.toLowerCase().replace(/_niter_\d+$/, '') : '';
  return Object.hasOwn(STARTS, key) ? STARTS[key] : null;
}

function fromJson(json: ConfigJson, text: string): AdapterConfig {
  // MLX keeps its own in an object of this name; older versions multiplied its scale by α/r.
  const mlx = isObject(json.lora_parameters) ? json.lora_parameters : null;
  // AdaLoRA trains with init_r, and its r means nothing.
  const isAdaLora = json.peft_type === 'ADALORA';
  const rank = isAdaLora ? null : number(mlx?.rank ?? json.r);
  const scale = anyNumber(mlx?.scale);
  // LoHa and LoKr of PEFT call it alpha.
  const alpha = anyNumber(mlx ? mlx.alpha : (json.lora_alpha ?? json.alpha));
  const older = scale !== null && alpha !== null && rank !== null && rank > 0;
  return {
    peftType: typeof json.peft_type === 'string' ? json.peft_type : null,
    r: rank,
    alpha: mlx ? null : alpha,
    rslora: json.use_rslora === true,
    dora: json.use_dora === true || json.fine_tune_type === 'dora',
    fanInFanOut: json.fan_in_fan_out === true,
    targetParameters: Array.isArray(json.target_parameters)
      ? json.target_parameters.filter((name) => typeof name === 'string')
      : [],
    initialRank: isAdaLora ? number(json.init_r) : null,
    rankPattern: patterns(json.rank_pattern),
    alphaPattern: patterns(json.alpha_pattern),
    start: startOf(json.init_lora_weights),
    activated: Array.isArray(json.alora_invocation_tokens),
    scale: older ? (scale * alpha) / rank : scale,
    text,
  };
}

/** α and s of a module, and their source; null if there is none. */
interface ModuleScaling {
  readonly alpha: number | null;
  readonly scaling: number | null;
  readonly rule: Module['rule'];
  readonly from: 'file' | 'config' | 'metadata' | 'person' | 'diffusers' | 'none' | null;
  /** Why the file's or config's α is rejected, a predicate: "has 2 numbers, not one". */
  readonly odd: string | null;
}

/** Largest |α|, and |s| of MLX: real ones are below a thousand, and far above this the squares of σ overflow. */
export const MAX_ALPHA = 1e12;

const isUsable = (alpha: number) => Math.abs(alpha) <= MAX_ALPHA;
const tooLarge = (alpha: number, where: string) => {
  const value = Number.isNaN(alpha) ? 'NaN' : Number.isFinite(alpha) ? digits(alpha) : 'infinite';
  return `is ${value}${where}; numbers up to 10¹² are read`;
};

/** The α of a separate tensor, or why it is none; null if there is no tensor. */
export function ownAlpha(tensor: TensorEntry | undefined, value: number | undefined): number | string | null {
  if (!tensor) return null;
  if (value === undefined) return `has ${plural(countOf(tensor.shape), 'number')}, not one`;
  return isUsable(value) ? value : tooLarge(value, '');
}

interface ScalingSource {
  readonly from: 'config' | 'metadata';
  /** The component of a pipeline that it is about, "unet."; "" for the whole file. */
  readonly component: string;
  readonly config: AdapterConfig;
  readonly alphaPattern: Lookup;
  readonly rankPattern: Lookup;
}

type ScaledModule = Pick<Module, 'name' | 'kind' | 'rank' | 'tensors'>;

/** From the config, else from the metadata that diffusers writes. */
export function scalingSources(
  config: AdapterConfig | null,
  metadata: Readonly<Record<string, string>>,
): readonly ScalingSource[] {
  return config ? [said('config', '', config)] : saidInMetadata(metadata.lora_adapter_metadata);
}

const said = (from: ScalingSource['from'], component: string, config: AdapterConfig): ScalingSource => ({
  from,
  component,
  config,
  alphaPattern: lookupOf(config.alphaPattern),
  rankPattern: lookupOf(config.rankPattern),
});

/** Diffusers puts the config of each component into one object: "unet.r", "unet.lora_alpha", "text_encoder.r". */
function saidInMetadata(text: string | undefined): readonly ScalingSource[] {
  if (text === undefined) return [];
  const components = new Map<string, Map<string, unknown>>();
  try {
    for (const [key, value] of Object.entries(JSON.parse(text) as object)) {
      const dot = key.indexOf('.');
      const component = key.slice(0, dot + 1);
      const fields = components.get(component) ?? new Map<string, unknown>();
      components.set(component, fields.set(key.slice(dot + 1), value));
    }
  } catch {
    return [];
  }
  return [...components].map(([component, fields]) =>
    said('metadata', component, fromJson(Object.fromEntries(fields), '')),
  );
}

/** α and s of a module by, in this order, its own tensor (`own` of ownAlpha), config or metadata, and a person. */
export function scalingOf(
  module: ScaledModule,
  own: number | string | null,
  sayings: readonly ScalingSource[],
  answer: AlphaAnswer | 'diffusers' | null,
): ModuleScaling {
  const { kind, tensors, name } = module;
  const saying = sayings.find(({ component }) => name.startsWith(component));
  const isWhole = kind === 'lokr' && tensors.w1 !== undefined && tensors.w2 !== undefined;
  const rank = !isWhole ? module.rank : saying ? wholeRank(module, saying) : null;
  if (kind === 'full' || rank === null) return { alpha: null, scaling: 1, rule: 'scale', from: 'none', odd: null };
  const rule = saying?.config.rslora ? 'α/√r' : 'α/r';
  let odd = typeof own === 'string' ? own : null;
  const by = (alpha: number, from: ModuleScaling['from']): ModuleScaling => {
    if (tensors.diagonal) return { alpha, ...adaLoraScaling(alpha, saying?.config.initialRank ?? rank), from, odd };
    const scaling = alpha / (rule === 'α/r' ? rank : Math.sqrt(rank));
    return { alpha, scaling, rule: isWhole ? 'scale' : rule, from, odd };
  };
  if (typeof own === 'number') return by(own, 'file');
  if (saying) {
    const { config, alphaPattern, from, component } = saying;
    const alpha = config.scale ?? alphaPattern(name.slice(component.length)) ?? config.alpha;
    // A pattern that is not understood may or may not be about this module.
    if (alpha !== null && alpha !== 'unknown') {
      if (!isUsable(alpha)) odd ??= tooLarge(alpha, from === 'config' ? ' in adapter_config.json' : ' in the metadata');
      else if (config.scale === null) return by(alpha, from);
      else return { alpha: null, scaling: alpha, rule: 'scale', from, odd };
    }
  }
  if (answer === 'rank') return by(rank, 'person');
  if (answer === 'diffusers') return by(rank, 'diffusers');
  if (answer !== null && answer !== 'unknown') return by(answer.alpha, 'person');
  return { alpha: null, scaling: null, rule, from: null, odd };
}

/**
 * The r by which α of a Kronecker product of two whole factors is divided: PEFT's config says it (lokr/layer.py). null: of
 * LyCORIS, where such a product has s = 1, or not said.
 */
function wholeRank({ name, tensors }: ScaledModule, { component, config, rankPattern }: ScalingSource): number | null {
  if (config.peftType !== 'LOKR' || tensors.alpha) return null;
  const r = rankPattern(name.slice(component.length)) ?? config.r;
  return r === null || r === 'unknown' || !(r > 0) ? null : r;
}

/**
 * s of AdaLoRA: α/(ranknum + 10⁻⁵), with r₀ for an α that is not positive. ranknum stays the first rank when directions
 * are pruned. Source: SVDLinear in peft/tuners/adalora/layer.py, resize_modules_by_rank_pattern in model.py.
 */
function adaLoraScaling(alpha: number, initialRank: number) {
  return { scaling: (alpha > 0 ? alpha : initialRank) / (initialRank + 1e-5), rule: 'scale' } as const;
}

/** The α of the last pattern of a config that fits a module, if it is not that of the first; null: no other. */
export function lastAlphas(config: AdapterConfig | null): (name: string, counts: ModuleScaling) => number | null {
  const last = config && config.alphaPattern.length > 1 ? lookupOf(config.alphaPattern.toReversed()) : null;
  return (name, { alpha, from }) => {
    const found = last && from === 'config' && alpha !== null ? last(name) : null;
    return typeof found === 'number' && found !== alpha ? found : null;
  };
}

/** The same adapter with a person's α for the modules whose file and config have none. */
export function withAlpha(adapter: Adapter, answer: AlphaAnswer): Adapter {
  const sayings = scalingSources(adapter.config, adapter.header.metadata);
  const scalings = adapter.modules.map((module) =>
    scalingOf(module, module.tensors.alpha ? (module.oddAlpha ?? module.alpha) : null, sayings, answer),
  );
  return {
    ...adapter,
    modules: adapter.modules.map((module, i) => {
      const { alpha, scaling, rule } = scalings[i];
      return { ...module, alpha, scaling, rule };
    }),
    alphaFrom: alphaSource(scalings),
  };
}

/** The source of the file's α, the least certain one first. */
export function alphaSource(scalings: readonly ModuleScaling[]): Adapter['alphaFrom'] {
  const from = new Set(scalings.map((scaling) => scaling.from));
  if (from.has(null)) return 'absent';
  for (const source of ['person', 'diffusers', 'metadata', 'config', 'file'] as const)
    if (from.has(source)) return source;
  return 'none wanted';
}
