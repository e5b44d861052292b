import { fromJson } from './config.ts';
import type { Adapter, AdapterConfig, AlphaAnswer, Module } from './model.ts';
import { type Lookup, lookupOf } from './patterns/patterns.ts';

/** α and s of a module, and where they come from; null where nothing tells. */
export interface Scaling {
  readonly alpha: number | null;
  readonly scaling: number | null;
  readonly rule: Module['rule'];
  readonly from: 'file' | 'config' | 'metadata' | 'person' | 'none' | null;
}

/** What config and metadata say of scaling, ready to be asked for many modules. */
export interface Said {
  readonly from: 'config' | 'metadata';
  /** The part of a pipeline that it is about, "unet."; "" for the whole file. */
  readonly component: string;
  readonly config: AdapterConfig;
  readonly alphaPattern: Lookup;
}

type Scaled = Pick<Module, 'name' | 'kind' | 'rank' | 'tensors'>;

/** What config, and else the metadata that diffusers writes, say. */
export function saidOf(config: AdapterConfig | null, metadata: Readonly<Record<string, string>>): readonly Said[] {
  return config ? [said('config', '', config)] : saidInMetadata(metadata.lora_adapter_metadata);
}

const said = (from: Said['from'], component: string, config: AdapterConfig): Said => ({
  from,
  component,
  config,
  alphaPattern: lookupOf(config.alphaPattern),
});

/** Diffusers puts the config of each component into one object: "unet.r", "unet.lora_alpha", "text_encoder.r". */
function saidInMetadata(text: string | undefined): readonly Said[] {
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

/** α and s of a module by, in this order, its own tensor, config or metadata, and a person. */
export function scalingOf(
  module: Scaled,
  own: number | null,
  sayings: readonly Said[],
  answer: AlphaAnswer | null,
): Scaling {
  const { kind, rank, tensors, name } = module;
  const unscaled = kind === 'full' || (kind === 'lokr' && tensors.w1 && tensors.w2);
  if (unscaled) return { alpha: null, scaling: 1, rule: 'scale', from: 'none' };
  const saying = sayings.find(({ component }) => name.startsWith(component));
  const rule = saying?.config.rslora ? 'α/√r' : 'α/r';
  const by = (alpha: number, from: Scaling['from']): Scaling => ({
    alpha,
    scaling: alpha / (rule === 'α/r' ? rank : Math.sqrt(rank)),
    rule,
    from,
  });
  if (own !== null) return by(own, 'file');
  if (saying) {
    const { config, alphaPattern, from, component } = saying;
    if (config.scale !== null) return { alpha: null, scaling: config.scale, rule: 'scale', from };
    const rest = name.slice(component.length);
    const alpha = alphaPattern(rest) ?? config.alpha;
    // A pattern that is not understood may or may not be about this module.
    if (alpha !== null && alpha !== 'unknown') return by(alpha, from);
  }
  if (answer === 'rank') return by(rank, 'person');
  if (answer !== null && answer !== 'unknown') return by(answer.alpha, 'person');
  return { alpha: null, scaling: null, rule, from: null };
}

/** The same adapter with what a person says of α, for the modules of which neither file nor config says it. */
export function withAlpha(adapter: Adapter, answer: AlphaAnswer): Adapter {
  const sayings = saidOf(adapter.config, adapter.header.metadata);
  const scalings = adapter.modules.map((module) =>
    scalingOf(module, module.tensors.alpha ? module.alpha : null, sayings, answer),
  );
  return {
    ...adapter,
    modules: adapter.modules.map((module, i) => {
      const { alpha, scaling, rule } = scalings[i];
      return { ...module, alpha, scaling, rule };
    }),
    alphaFrom: alphaFrom(scalings),
  };
}

/** Where the file's α come from, the least certain source first. */
export function alphaFrom(scalings: readonly Scaling[]): Adapter['alphaFrom'] {
  const from = new Set(scalings.map((scaling) => scaling.from));
  if (from.has(null)) return 'absent';
  for (const source of ['person', 'metadata', 'config', 'file'] as const) if (from.has(source)) return source;
  return 'none wanted';
}
