import { expect, it, vi } from 'vitest';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { SpectraMessage } from '../protocol/frame.ts';
import { lateSpectra } from './late-spectra.ts';

/** A module 2 × 2 of rank 2 whose B·A is diagonal. */
const problem = { modules: [{ name: 'W', d: 2, k: 2, rank: 2 }] } as unknown as Problem;
const at = (step: number, a: number, b: number) => ({
  ...{ step, scaling: 3 },
  modules: [{ A: Float32Array.of(a, 0, 0, b), B: Float32Array.of(1, 0, 0, 1) }],
});

function late() {
  const told: SpectraMessage['samples'][] = [];
  let fail = (_: unknown) => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  let hear = () => {};
  const spectra = lateSpectra(
    problem,
    () => performance.now(),
    (samples) => {
      told.push(samples);
      hear();
    },
    fail,
  );
  const heard = () =>
    Promise.race([
      failed,
      new Promise<void>((resolve) => {
        hear = resolve;
      }),
    ]);
  return { spectra, told, heard };
}

it('gives the singular values of s·B·A at every step that was kept, once the run rests', async () => {
  const { spectra, told, heard } = late();
  spectra.keep(at(2, 0.5, 2));
  spectra.keep(at(4, 1, -3));
  expect(told).toEqual([]);
  spectra.begin(5);
  await heard();
  expect(told).toHaveLength(1);
  expect(told[0].map(({ step }) => step)).toEqual([2, 4]);
  const [first, second] = told[0].map((sample) => Array.from(sample.spectra[0] ?? []));
  expect(first).toEqual([expect.closeTo(6, 6), expect.closeTo(1.5, 6)]);
  expect(second).toEqual([expect.closeTo(9, 6), expect.closeTo(3, 6)]);
});

it('gives none from a change on, nor beyond the end of the run, nor twice', async () => {
  const { spectra, told, heard } = late();
  for (const step of [2, 4, 6, 8]) spectra.keep(at(step, 1, 1));
  spectra.cut(8);
  spectra.begin(6);
  await heard();
  expect(told[0].map(({ step }) => step)).toEqual([2, 4]);
  spectra.begin(9);
  spectra.keep(at(10, 1, 1));
  spectra.begin(11);
  await heard();
  expect(told[1].map(({ step }) => step)).toEqual([10]);
});

it('gives up every second one, however slow or quick the machine, where all of them would be much work', async () => {
  // 12·300³ multiplications each, and what the two factors take: 8·10⁸ are two spectra.
  const spectra = lateSpectra(
    { modules: [{ name: 'W', d: 300, k: 300, rank: 300 }] } as unknown as Problem,
    () => performance.now(),
    (samples) => told.push(samples.map(({ step }) => step)),
    (error) => expect.unreachable(String(error)),
  );
  const told: number[][] = [];
  const factors = { A: new Float32Array(9e4).fill(0.1), B: new Float32Array(9e4).fill(0.1) };
  for (const step of [1, 2, 3, 4, 5, 6, 7, 8, 9]) spectra.keep({ step, scaling: 1, modules: [factors] });
  spectra.begin(10);
  await vi.waitUntil(() => told.length > 0, { timeout: 30_000 });
  expect(told).toEqual([[4, 8]]);
}, 30_000);

it('gives up every second one rather than keep much for later', async () => {
  const { spectra, told, heard } = late();
  // Factors of 4 MB each step.
  const large = (step: number) => ({
    ...{ step, scaling: 1 },
    modules: [{ A: new Float32Array(5e5), B: new Float32Array(5e5) }],
  });
  for (let step = 1; step <= 40; step++) spectra.keep(large(step));
  spectra.cut(1);
  for (let step = 41; step <= 43; step++) spectra.keep(at(step, 1, 1));
  spectra.begin(44);
  await heard();
  expect(told[0].map(({ step }) => step)).toEqual([41, 42, 43]);
});
