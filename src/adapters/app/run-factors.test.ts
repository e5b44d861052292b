import { expect, it } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { multiply } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { type FileFactors, runFactors } from './open-on-network.ts';

const source = stream(7, 'files of networks');
const matrix = (rows: number, cols: number) => ({
  ...{ rows, cols },
  data: Float64Array.from({ length: rows * cols }, () => source.normal()),
});
const module = (name: string, d: number, k: number, rank: number, s: number): FileFactors => ({
  ...{ name, rank, s, A: matrix(rank, k), B: matrix(d, rank) },
});
const settings = (changes: Partial<Experiment>) => change(change(defaults(), { target: 'digits' }), changes);

/** The largest distance of an entry of s·B·A of a run from that of its file. */
function apart(e: Experiment, at: number, { s, A, B }: FileFactors, file: readonly FileFactors[]): number {
  const [d, k] = [B.rows, A.cols];
  const rank = Math.min(e.rank, d, k);
  const pair = runFactors(e, file)[at];
  expect([pair.A.length, pair.B.length]).toEqual([rank * k, d * rank]);
  const own = multiply({ rows: d, cols: rank, data: pair.B }, { rows: rank, cols: k, data: pair.A });
  const wanted = multiply(B, A);
  const scaling = scalingOf({ ...e, rank });
  return Math.max(...Array.from(own.data, (x, i) => Math.abs(scaling * x - s * wanted.data[i])));
}

it('a run has the ΔW of the file, at its own rank and s, and zeros where the file has no adapter', () => {
  const file = [module('in', 64, 64, 4, 0.7), module('out', 10, 64, 2, 3)];
  const e = settings({ rank: 4, alpha: 8, modules: 'in,hidden,out' });
  expect(apart(e, 0, file[0], file)).toBeLessThan(1e-4);
  expect(apart(e, 2, file[1], file)).toBeLessThan(1e-4);
  const [, hidden] = runFactors(e, file);
  expect([...hidden.A, ...hidden.B].every((x) => x === 0)).toBe(true);
});

it('a rank above both sides, as of a start that moved a part of W₀, is cut without loss', () => {
  const file = [module('out', 10, 64, 16, 0.5)];
  expect(apart(settings({ rank: 16, modules: 'out' }), 0, file[0], file)).toBeLessThan(1e-4);
});
