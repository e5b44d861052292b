import {
  type AnyMatrix,
  type Matrix32,
  type Matrix64,
  multiply,
  scale,
  subtract,
  toFloat32,
  transpose,
} from '../../math/matrix.ts';
import { gaussian, type Stream } from '../../math/random.ts';
import { addTo } from '../compose.ts';
import { type Covariance, colour, covarianceOf } from './covariance.ts';

export interface SampleSettings {
  readonly d: number;
  readonly k: number;
  /** Training samples, and samples held out. */
  readonly n: number;
  readonly heldOut: number;
  /** Condition number of the inputs' covariance, ≥ 1. */
  readonly condition: number;
  /** Standard deviation of the noise on each entry of a label. */
  readonly labelNoise: number;
  /** W₀ and ΔW*, d × k. */
  readonly base: Matrix32;
  readonly update: Matrix32;
  /** A stream of its own for each purpose, derived from the seed. */
  readonly streams: (purpose: string) => Stream;
}

/** Inputs X, k × n, and labels Y, d × n: a column is a sample. */
export interface SampleSet {
  readonly X: Matrix32;
  readonly Y: Matrix32;
}

export interface Samples extends SampleSet {
  readonly heldOut: SampleSet;
  /** The covariance that all inputs were drawn from. */
  readonly covariance: Covariance;
}

/**
 * Training and held-out samples of a regression target: x = C^½·z with z ~ N(0, I), and Y = (W₀ + ΔW*)·X + noise of the
 * float32 matrices, formed in float64 and rounded once. Five streams: 'covariance', 'samples', 'label noise',
 * 'held-out samples', 'held-out label noise'. Drawn sample by sample, so that fewer samples are the first of more, and
 * unit size first, so that another condition number or noise bends the same draw.
 */
export function samplesOf(settings: SampleSettings): Samples {
  const { k, n, heldOut, condition, base, update, streams } = settings;
  const covariance = covarianceOf(k, condition, streams('covariance'));
  // W₀ + ΔW*: subtract does not round to float32 on the way.
  const wanted = subtract(base, scale(update, -1));
  const draw = (count: number, inputs: string, noise: string): SampleSet => {
    const X = toFloat32(colour(covariance, columns(k, count, streams(inputs))));
    return { X, Y: labels(wanted, X, settings, streams(noise)) };
  };
  return {
    ...draw(n, 'samples', 'label noise'),
    heldOut: draw(heldOut, 'held-out samples', 'held-out label noise'),
    covariance,
  };
}

function labels(wanted: AnyMatrix, X: Matrix32, { d, labelNoise }: SampleSettings, source: Stream): Matrix32 {
  const clean = multiply(wanted, X);
  if (labelNoise > 0) addTo(clean, scale(columns(d, X.cols, source), labelNoise));
  return toFloat32(clean);
}

/** rows × count entries N(0, 1), column by column. */
function columns(rows: number, count: number, source: Stream): Matrix64 {
  return transpose(gaussian(count, rows, source));
}
