import './public-adapters.css';
import { useMemo } from 'react';
import { percent, trim } from '../../../experiment/numbers.ts';
import { Figure, Plot } from '../../../kit/figure.tsx';
import { type PublicStrip, publicStrips } from '../../charts/public/strips.ts';
import type { Adapter, Figures } from '../../file/model.ts';
import { isUpdate } from '../../file/shapes.ts';
import { median } from '../../file/warnings/check.ts';
import type { OpenedFile } from '../../state/adapters-state.ts';
import data from './public-adapters.json';

/** Where a file lies among public adapters; nothing if it is untrained. */
export default function PublicAdapters({ file: { adapter, figures } }: { readonly file: OpenedFile }) {
  const found = useMemo(() => {
    const measures = measuresOf(adapter, figures);
    if (measures === null) return null;
    const family = familyOf(adapter);
    return { family, said: comparisonWords(measures, family), scene: { strips: stripsOf(measures, family) } };
  }, [adapter, figures]);
  if (found === null) return null;
  const { family, said, scene } = found;
  const kin = family === null ? 0 : PUBLIC.filter((row) => row.family === family).length;
  return (
    <section className="public-adapters">
      <h2>Beside 84 public adapters</h2>
      {said.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Figure
        level={3}
        title="Where it lies"
        help={kin === 0 ? 'green: this file' : `dark: ${kin} of its family; green: this file`}
      >
        <Plot chart={publicStrips} scene={scene} />
      </Figure>
      <p className="note">
        Medians over the trained modules. One file of each repository on GitHub under 4 MiB: biased to small files, so
        to small models and low ranks. Three of the 84 never learned (every B is 0) and are left out.
      </p>
    </section>
  );
}

type MeasureKey = 'effectiveRank' | 'energy1' | 'rank95' | 's' | 'rank';
export type PublicRow = Readonly<Record<MeasureKey, number>> & { readonly source: string; readonly family: string };

export const PUBLIC: readonly PublicRow[] = data.rows.map(
  (row) => Object.fromEntries(data.columns.map((name, i) => [name, row[i]])) as unknown as PublicRow,
);

/** Families of base models, by the base that a config names and by the names of modules; the first that fits. */
const FAMILIES: readonly (readonly [family: string, base: RegExp, modules: RegExp])[] = [
  [
    'Stable Diffusion',
    /stable-?diffusion|sdxl|\bsd-?(v?[12]|xl)/i,
    /(^|[._])(unet|(up|down)_blocks|mid_block|(input|output)_blocks)[._]/,
  ],
  ['DistilBERT', /distil.*bert/i, /(^|\.)distilbert\.|\.attention\.[qkv]_lin$/],
  ['BERT', /bert|minilm/i, /(^|\.)(ro)?berta?\./],
  ['GPT-2', /gpt-?2/i, /(^|\.)transformer\.h\.\d+\..*c_(attn|proj|fc)$/],
  ['T5', /t5/i, /\.SelfAttention\.[qkvo]$/],
  ['ViT', /(^|\/)(vit|deit|dinov?2?)\b/i, /(^|\.)vit\.|\bblocks\.\d+\.attn\.qkv/],
  ['Whisper', /whisper/i, /(^|\.)whisper\./],
  [
    'decoder',
    /llama|gemma|qwen|mistral|smollm|phi-|(^|\/)opt-|pythia|bloom|gpt-neo/i,
    /(^|\.)layers\.\d+\.self_attn\.[qkvo]_proj$/,
  ],
];

/** The family of an adapter's base model; null if neither its config nor its names show it. */
export function familyOf({ config, modules }: Pick<Adapter, 'config' | 'modules'>): string | null {
  const base = /"base_model_name_or_path"\s*:\s*"([^"]+)"/.exec(config?.text ?? '')?.[1] ?? '';
  const found =
    FAMILIES.find(([, pattern]) => base !== '' && pattern.test(base)) ??
    FAMILIES.find(([, , pattern]) => modules.some(({ name }) => pattern.test(name)));
  return found?.[0] ?? null;
}

export interface FileMeasures extends Readonly<Record<MeasureKey, number>> {
  /** Shares of the trained modules, as of all modules of the public adapters. */
  readonly rankOne: number;
  readonly halfEnough: number;
  /** Median share of Σσ² in half the directions; null below rank 8. */
  readonly halfEnergy: number | null;
}

/** Medians over the trained modules of a file, as in the data; null if none is trained, or s is unknown. */
export function measuresOf({ modules }: Pick<Adapter, 'modules'>, figures: readonly (Figures | null)[]) {
  const trained = modules.flatMap((module) => {
    const { index, kind, rank, scaling } = module;
    const of = figures[index];
    if (kind !== 'lora' || !isUpdate(module) || !of?.finite || !(of.sigma[0] > 0)) return [];
    return [{ rank, s: scaling, of, kept: energies(of.sigma) }];
  });
  if (trained.length === 0) return null;
  const share = (holds: (one: (typeof trained)[number]) => boolean) => trained.filter(holds).length / trained.length;
  const middle = (value: (one: (typeof trained)[number]) => number) => median(trained.map(value));
  const rank = middle((one) => one.rank);
  return {
    effectiveRank: middle((one) => one.of.effectiveRank.entropy / one.rank),
    energy1: middle(({ kept }) => kept[0]),
    rank95: middle((one) => one.of.rank95 / one.rank),
    s: trained.every(({ s }) => s !== null) ? middle(({ s }) => s ?? 1) : Number.NaN,
    rank,
    rankOne: share(({ rank: r, kept }) => r > 1 && kept[0] > 0.99),
    halfEnough: share((one) => one.rank > 1 && 2 * one.of.rank95 <= one.rank),
    halfEnergy: rank < 8 ? null : middle((one) => one.kept[Math.max(0, Math.floor(one.kept.length / 2) - 1)]),
  } satisfies FileMeasures;
}

/** Shares of Σσ² in the first 1, 2, … directions. */
function energies(sigma: Float64Array): number[] {
  let sum = 0;
  const sums = Array.from(sigma, (s) => (sum += (s / sigma[0]) ** 2));
  return sums.map((held) => held / sum);
}

/** How many of `values` are smaller; equal ones count half. */
export const below = (value: number, values: readonly number[]): number =>
  values.reduce((sum, other) => sum + (other < value ? 1 : other === value ? 0.5 : 0), 0);

const MEASURES: Readonly<
  Record<MeasureKey, { readonly name: string; readonly high: string; readonly low: string; readonly log?: true }>
> = {
  effectiveRank: {
    name: 'effective rank ÷ r',
    high: 'It spreads over its rank more evenly than most',
    low: 'It uses less of its rank than most',
  },
  energy1: {
    name: 'energy in σ₁',
    high: 'Its first direction holds more than in most',
    low: 'Its first direction holds less than in most',
  },
  rank95: {
    name: 'directions for 95% ÷ r',
    high: 'It needs more of its directions than most',
    low: 'It needs fewer of its directions than most',
  },
  s: { name: 's', high: 'It is scaled up more than most', low: 'It is scaled up less than most', log: true },
  rank: { name: 'rank r', high: 'Its rank is higher than most', low: 'Its rank is lower than most', log: true },
};
const KEYS = Object.keys(MEASURES) as MeasureKey[];

const usual = (rows: readonly PublicRow[], key: MeasureKey) => rows.map((row) => row[key]);
/** A family of fewer is too small to compare with. */
const FEWEST = 3;

/** Where a file lies among the public ones: from a quarter of them away from the middle on it is said to stand out. */
export function comparisonWords(of: FileMeasures, family: string | null): readonly string[] {
  const same = PUBLIC.filter((row) => row.family === family);
  const sentences = KEYS.flatMap((key): string[] => {
    const value = of[key];
    if (Number.isNaN(value)) return [];
    const { name, high, low } = MEASURES[key];
    const others = usual(PUBLIC, key);
    const share = below(value, others) / others.length;
    const said = share >= 0.75 ? high : share <= 0.25 ? low : null;
    if (said === null && key !== 'effectiveRank') return [];
    const place =
      share >= 0.5
        ? `above ${others.filter((one) => one < value).length}`
        : `below ${others.filter((one) => one > value).length}`;
    const kin =
      key === 'effectiveRank' && family !== null && same.length >= FEWEST
        ? `; of ${same.length} for ${familyName(family)} the median is ${trim(median(usual(same, key)), 2)}`
        : '';
    const shown = key === 'energy1' ? percentOf(value) : trim(value, 2);
    return [`${said ?? 'It uses its rank as most do'}: ${name} is ${shown}, ${place} of ${others.length}${kin}.`];
  });
  const modules = `Of its modules ${percent(of.halfEnough)} hold 95% of the energy in half their directions (public: 40%), and ${percent(of.rankOne)} are nearly rank one (9%).`;
  const half = of.halfEnergy === null ? [] : [`Half the rank keeps ${percentOf(of.halfEnergy)} of the energy (98.6%).`];
  return [...sentences, [modules, ...half].join(' ')];
}

const familyName = (family: string) => (family === 'decoder' ? 'small language models' : family);
const percentOf = (share: number) => `${(100 * share).toFixed(1)}%`;

/** The rows of the picture. */
export function stripsOf(of: FileMeasures, family: string | null): readonly PublicStrip[] {
  return KEYS.filter((key) => !Number.isNaN(of[key])).map((key) => ({
    name: MEASURES[key].name,
    log: MEASURES[key].log ?? false,
    value: of[key],
    others: usual(
      PUBLIC.filter((row) => row.family !== family),
      key,
    ),
    kin: usual(
      PUBLIC.filter((row) => row.family === family),
      key,
    ),
  }));
}
