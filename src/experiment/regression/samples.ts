import { type Matrix32, type Matrix64, rowsOf, toFloat32, toFloat64, transpose } from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products.ts';
import type { OnProgress } from '../../math/progress.ts';
import { gaussian, type Stream } from '../../math/random.ts';
import { addRows, roundedBlocks } from '../targets/draws.ts';
import type { Report } from '../targets/target.ts';
import {
  type Covariance,
  colourColumns,
  covarianceOf,
  heldOutFloors,
  type Projection,
  projectOnRowSpace,
  type RowSpace,
  trainingFloors,
} from './floors.ts';
import { residualLabels } from './loss.ts';

export interface SampleSettings {
  readonly d: number;
  readonly k: number;
  /** Training samples, and held-out samples. */
  readonly n: number;
  readonly heldOut: number;
  /** Condition number of the inputs' covariance, ≥ 1. */
  readonly condition: number;
  /** Standard deviation of the noise on each entry of a label. */
  readonly labelNoise: number;
  /** W₀ and ΔW*, d × k. */
  readonly base: Matrix32;
  readonly update: Matrix32;
  readonly streams: (purpose: string) => Stream;
  readonly progress?: OnProgress;
}

/** Inputs X, k × n, and labels Y, d × n: a column is a sample. */
export interface SampleSet {
  readonly X: Matrix32;
  readonly Y: Matrix32;
}

export interface Samples extends SampleSet {
  readonly heldOut: SampleSet;
  readonly covariance: Covariance;
}

/**
 * Training and held-out samples of a regression target: x = C^½·z with z ~ N(0, I), and Y = (W₀ + ΔW*)·X + noise of the
 * float32 matrices, formed in float64 and rounded once. Five streams: 'covariance', 'samples', 'label noise', 'held-out
 * samples', 'held-out label noise'. Drawn sample by sample, so that fewer samples are the first of more, and unit size
 * first, so that another condition number or noise transforms the same draw.
 */
export function samplesOf(settings: SampleSettings): Samples {
  const { k, n, heldOut, condition, streams } = settings;
  const covariance = covarianceOf(k, condition, streams('covariance'));
  const draw = (count: number, inputs: string, noise: string): SampleSet => {
    const X = toFloat32(colourColumns(covariance, columns(k, count, streams(inputs))));
    return { X, Y: labels(X, settings, streams(noise)) };
  };
  return {
    ...draw(n, 'samples', 'label noise'),
    heldOut: draw(heldOut, 'held-out samples', 'held-out label noise'),
    covariance,
  };
}

/** In blocks of rows, since W₀ + ΔW* in float64 may be larger than all samples. */
function labels(X: Matrix32, { d, k, base, update, labelNoise, progress }: SampleSettings, source: Stream): Matrix32 {
  const inputs = toFloat64(X).data;
  const noise = labelNoise > 0 ? columns(d, X.cols, source) : null;
  const fill = (block: Matrix64, first: number) => {
    const wanted = toFloat64(rowsOf(base, first, block.rows));
    addRows(wanted, 1, toFloat64(rowsOf(update, first, block.rows)), 0);
    multiplyInto(wanted.data, inputs, block.data, block.rows, k, X.cols);
    if (noise) addRows(block, labelNoise, noise, first);
  };
  return roundedBlocks(d, X.cols, fill, progress).matrix;
}

function columns(rows: number, count: number, source: Stream): Matrix64 {
  return transpose(gaussian(count, rows, source));
}

export interface Residuals {
  /** Y − W·X of the training and of the held-out samples, d × n, formed in float64 and rounded once. */
  readonly training: Matrix32;
  readonly heldOut: Matrix32;
  /** The training ones on the row space of X; null if X takes too long to decompose. */
  readonly projected: Projection | null;
  /** By rank, 0 …; the training ones are empty if unknown. */
  readonly floorsByRank: { readonly training: Float64Array; readonly heldOut: Float64Array };
}

interface DrawnSamples extends SampleSet {
  readonly heldOut: SampleSet;
  readonly covariance: Covariance;
  readonly noise: number;
}

/** The residuals of `samples` for W (d × k). `goal`: the target of s·B·A; `space`: the row space of X, if known. */
export function residualsOf(
  W: Matrix32,
  goal: Matrix32,
  samples: DrawnSamples,
  space: RowSpace | null,
  report: Report,
): Residuals {
  const { X, Y, heldOut, covariance, noise } = samples;
  const labels = (set: SampleSet) => residualLabels(W, set, (fraction) => report('residual labels', fraction));
  const floors = (fraction: number) => report('floors of the losses', fraction);
  const R = labels({ X, Y });
  const projected =
    space && projectOnRowSpace(R, space, (fraction) => report('residual labels on the inputs', fraction));
  return {
    training: toFloat32(R),
    heldOut: toFloat32(labels(heldOut)),
    projected,
    floorsByRank: {
      training: projected ? trainingFloors(projected, X.rows, floors) : new Float64Array(0),
      heldOut: heldOutFloors(goal, covariance, noise, floors),
    },
  };
}
