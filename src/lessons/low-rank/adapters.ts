import type { GridCell, GridScene } from '../../kit/modules/grid-scene.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import type { Curve, CurvesScene } from '../charts/curves/curves.ts';
import json from './recorded/adapter-spectra.json';

/** A module of a public adapter. */
export interface RealModule {
  /** As in the file. */
  readonly name: string;
  readonly d: number;
  readonly k: number;
  /** Singular values of ΔW = s·B·A, r of them, the largest first, to four digits. */
  readonly sigma: readonly number[];
}

export interface RealAdapter {
  /** Its repository on GitHub. */
  readonly source: string;
  /** Model and task. */
  readonly what: string;
  readonly rank: number;
  readonly alpha: number;
  readonly modules: readonly RealModule[];
}

export const ADAPTERS: readonly RealAdapter[] = json.adapters;

/** Kinds of module by the last part of their names, in the order of a layer. */
const KINDS = {
  ...{ q_lin: 'q', q_proj: 'q', k_proj: 'k', v_lin: 'v', v_proj: 'v' },
  ...{ c_attn: 'q, k, v', o_proj: 'o' },
} as const satisfies Readonly<Record<string, string>>;

/** Layer and kind of a module: "transformer.h.7.attn.c_attn" is q, k and v of layer 7. */
function placeInModel({ name }: RealModule): readonly [layer: number, kind: string] {
  const [, layer, last] = /\.(\d+)\..*?(\w+)$/.exec(name) ?? [];
  return [Number(layer), KINDS[last as keyof typeof KINDS] ?? last];
}

export function moduleTitle(module: RealModule): string {
  const [layer, kind] = placeInModel(module);
  return `layer ${layer}, ${kind}`;
}

/** exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ. */
export const usedRank = ({ sigma }: RealModule): number => effectiveRank(Float64Array.from(sigma));

/** The share of Σσ² in the first n directions. */
export function energyIn({ sigma }: RealModule, n: number): number {
  const energy = (values: readonly number[]) => values.reduce((sum, s) => sum + s * s, 0);
  return energy(sigma.slice(0, n)) / energy(sigma);
}

/** The module with the lowest effective rank. */
export const narrowest = ({ modules }: RealAdapter): number => {
  const ranks = modules.map(usedRank);
  return ranks.indexOf(Math.min(...ranks));
};

/** Layers × kinds of module: effective rank ÷ r, and the spectrum over its first value. */
export function adapterGrid({ modules, rank }: RealAdapter): GridScene {
  const places = modules.map(placeInModel);
  const layers = [...new Set(places.map(([layer]) => layer))].toSorted((a, b) => a - b);
  const kinds = [...new Set(Object.values(KINDS))].filter((kind) => places.some(([, of]) => of === kind));
  const cellOf = (layer: number, kind: string): GridCell | null => {
    const index = places.findIndex(([one, of]) => one === layer && of === kind);
    const module = modules[index];
    if (!module) return null;
    const used = usedRank(module);
    return {
      ...{ index, text: (used / rank).toFixed(2), tint: used / rank, flagged: false, bad: false },
      beside: { bars: module.sigma.map((s) => s / module.sigma[0]), kept: null },
      words: `${moduleTitle(module)}: effective rank ${used.toFixed(2)} of ${rank}`,
    };
  };
  return {
    rows: layers.map((layer) => ({ text: `layer ${layer}`, share: null })),
    columns: kinds.map((text) => ({ text, share: null })),
    cells: layers.flatMap((layer) => kinds.map((kind) => cellOf(layer, kind))),
    ...{ groups: [], hue: 'dw', most: 1, widest: '0.00', lit: null },
  };
}

/** Every module's σᵢ/σ₁ in thin lines, the chosen one in front. */
export function adapterSpectra({ modules, rank }: RealAdapter, chosen: number): CurvesScene {
  const curve = (
    { sigma }: RealModule,
    rest: Pick<Curve, 'name' | 'className' | 'strong' | 'marked' | 'thin'>,
  ): Curve => ({
    points: sigma.map((s, i) => [i + 1, s / sigma[0]] as const),
    ...rest,
  });
  const others = modules.filter((_, i) => i !== chosen);
  return {
    x: { name: 'index i', scale: 'linear', ends: [1, rank], ticks: Array.from({ length: rank }, (_, i) => i + 1) },
    y: { name: 'σᵢ/σ₁', scale: 'log', ends: [0.003, 1], ticks: [0.01, 0.1, 1] },
    curves: [
      ...others.map((module, i) =>
        curve(module, { name: i === 0 ? 'the others' : '', className: 'ink-3', thin: true }),
      ),
      curve(modules[chosen], { name: moduleTitle(modules[chosen]), className: 'dw', strong: true, marked: true }),
    ],
  };
}
