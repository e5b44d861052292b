import { type Stream, stream } from '../../../math/random.ts';

/** Made-up losses of every step whose shape is known: noise around a level or a slow fall, and true stairs. */
export interface NoiseLog {
  readonly what: string;
  readonly values: readonly number[];
}

/** Factors around 1, of a spread. `mean`: of the last 2 to n/5 values of skewed noise, as progress bars print it. */
type Noise = (random: Stream, n: number, spread: number) => readonly number[];

const lognormal: Noise = (r, n, spread) =>
  Array.from({ length: n }, () => Math.exp(spread * r.normal() - spread ** 2 / 2));

const NOISES = {
  gaussian: (r, n, spread) => Array.from({ length: n }, () => Math.max(0.02, 1 + spread * r.normal())),
  lognormal,
  // Student's t with three degrees of freedom.
  heavy: (r, n, spread) =>
    Array.from({ length: n }, () => {
      const chi = Math.hypot(r.normal(), r.normal(), r.normal()) / Math.sqrt(3);
      return Math.max(0.02, 1 + (spread / 2) * (r.normal() / chi));
    }),
  mean: (r, n, spread) => {
    const window = 2 + r.integer(Math.max(1, Math.min(200, Math.floor(n / 5))));
    const raw = lognormal(r, n + window, spread);
    return Array.from({ length: n }, (_, i) => raw.slice(i, i + window).reduce((sum, x) => sum + x, 0) / window);
  },
} as const satisfies Record<string, Noise>;
type NoiseName = keyof typeof NOISES;
const NOISE_NAMES = Object.keys(NOISES) as readonly NoiseName[];

/** Log-uniform. */
const between = (r: Stream, from: number, to: number) => from * (to / from) ** r.uniform();

/**
 * Of 20 to 3,000 values. Diffusion: a level of 0.06 to 0.2 that falls by 0 to 15%, spread 0.2 to 0.55. Language: a level of
 * 0.8 to 2.5 that falls by 10 to 40%, evenly or mostly at first, spread 0.02 to 0.35.
 */
export function noiseLog(seed: number): NoiseLog {
  const r = stream(seed, 'noise log');
  const n = Math.round(between(r, 20, 3000));
  const noise = NOISE_NAMES[seed % NOISE_NAMES.length];
  const diffusion = r.integer(2) === 0;
  const level = diffusion ? between(r, 0.06, 0.2) : between(r, 0.8, 2.5);
  const fall = diffusion ? 0.15 * r.uniform() : 0.1 + 0.3 * r.uniform();
  const spread = diffusion ? between(r, 0.2, 0.55) : between(r, 0.02, 0.35);
  const early = !diffusion && r.integer(2) === 0;
  const factors = NOISES[noise](r, n, spread);
  const curve = (x: number) => 1 - fall * (early ? (1 - Math.exp(-8 * x)) / (1 - Math.exp(-8)) : x);
  return {
    what: `${diffusion ? 'diffusion' : 'language'}, ${noise} ${spread.toFixed(2)}, ${n} values, falls by ${Math.round(100 * fall)}%`,
    values: factors.map((factor, i) => level * curve(i / (n - 1)) * factor),
  };
}

export interface StairLog extends NoiseLog {
  readonly period: number;
  readonly epochs: number;
}

/** Three to six epochs of 20 to 400 values; each epoch 25 to 45% below the last, flat but for a slope of a tenth; noise of 2 to 10%. */
export function stairLog(seed: number): StairLog {
  const r = stream(seed, 'stair log');
  const epochs = 3 + r.integer(4);
  const period = Math.round(between(r, 20, 400));
  const spread = between(r, 0.02, 0.1);
  const fall = 0.25 + 0.2 * r.uniform();
  const slope = 0.1 * fall * (2 * r.uniform() - 1);
  const noise = (['gaussian', 'lognormal', 'heavy'] as const)[seed % 3];
  const level = between(r, 1, 3);
  const values = NOISES[noise](r, epochs * period, spread).map(
    (factor, i) => level * (1 - fall) ** Math.floor(i / period) * (1 + (slope * (i % period)) / period) * factor,
  );
  return {
    what: `${epochs} epochs of ${period}, ${noise} ${spread.toFixed(3)}, each ${fall.toFixed(2)} lower`,
    values,
    period,
    epochs,
  };
}
