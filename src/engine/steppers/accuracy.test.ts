import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimisers } from '../../experiment/optimisers.ts';
import { frobenius, multiply, scale } from '../../math/matrix.ts';
import { partOf, quarterOf } from '../../math/testing/part-of.ts';
import { relaxedWasm, typescript, wasm } from '../testing/back-ends.ts';
import { lossAndGradients, train } from '../testing/float64.ts';
import type { OneStart } from '../testing/one-matrix.ts';
import { ADAM_SETTINGS, fittedStart, matrixOf, randomStart, relativeDifference } from '../testing/starts.ts';

const STEPPERS = [typescript, wasm, relaxedWasm];
/** A course to convergence, with the sizes of its packs. */
const COURSES = [
  { d: 64, k: 48, opt: 'momentum', lr: 0.01, packs: [1, 20, 100, 300, 1000, 3000], wanted: 1e-9 },
  { d: 64, k: 48, opt: 'sgd', lr: 0.03, packs: [1, 20, 100, 300, 1000, 3000], wanted: 1e-9 },
  // Large enough that float32 suffices until the loss has fallen.
  { d: 160, k: 128, opt: 'adam', lr: 0.002, packs: Array.from({ length: 40 }, () => 10), wanted: 5e-7 },
] as const;

describe.each(STEPPERS)('against float64, $name', ({ open, name: stepper }) => {
  const which = STEPPERS.findIndex(({ name }) => name === stepper);

  it.each(partOf<(typeof COURSES)[number]>(COURSES, 3, which))(
    'shows the loss of its factors from the start to convergence: $d × $k, $opt',
    async ({ d, k, opt, lr, packs, wanted }) => {
      const start = fittedStart(d, k, 8, { ...ADAM_SETTINGS, opt, lr });
      const stepper = await open(start);
      const first = (await stepper.measure()).entries.loss[0];
      let min = 1;
      for (const steps of packs) {
        const { entries, A, B } = await stepper.steps(steps);
        const measured = entries.loss[steps - 1];
        min = Math.min(min, measured / first);
        const { loss } = lossAndGradients(matrixOf(d, k, start.target), matrixOf(8, k, A), matrixOf(d, 8, B), 2);
        expect(Math.abs(measured - loss) / loss, `at ${measured / first} of the start`).toBeLessThan(wanted);
      }
      expect(min).toBeLessThan(1e-5);
      stepper.dispose();
    },
  );

  it.each(partOf(optimisers.all, 3, which))(
    'a calm run of 200 steps has six digits all the way: $name',
    async ({ name: opt, moments }) => {
      const [d, k, rank] = [130, 70, 8];
      // A tenth of the rate at which each optimiser trains well: then the run, not the stepper, would amplify
      // roundings.
      const settings = { ...ADAM_SETTINGS, opt, lr: moments === 2 || opt === 'signsgd' ? 2e-4 : 2e-3 };
      const start = randomStart(d, k, rank, settings);
      const stepper = await open(start);
      const curve = [...(await stepper.measure()).entries.loss, ...(await stepper.steps(200)).entries.loss];
      const wanted = train(
        matrixOf(d, k, start.target),
        matrixOf(rank, k, start.A),
        matrixOf(d, rank, start.B),
        settings,
        200,
      );
      // Muon's steps multiply small singular values, and with them their rounding, by up to 3.4⁵.
      expect(relativeDifference(curve, wanted.loss)).toBeLessThan(opt === 'muon' ? 5e-5 : 1e-6);
      stepper.dispose();
    },
  );

  const shapes = [
    { d: 160, k: 200, rank: 8 },
    { d: 256, k: 130, rank: 4 },
    { d: 300, k: 260, rank: 20 },
    { d: 130, k: 512, rank: 9 },
  ];
  it.each(partOf(shapes, 4, which))(
    'has loss and gradients of its factors, however much of ΔW* they have learned: $d × $k, rank $rank',
    async ({ d, k, rank }) => {
      const start = { ...randomStart(d, k, rank), B: randomStart(rank, d, rank, ADAM_SETTINGS, 2).target };
      const learned = scale(multiply(matrixOf(d, rank, start.B), matrixOf(rank, k, start.A)), 2);
      const noise = randomStart(d, k, rank, ADAM_SETTINGS, 3).target;
      const size = frobenius(learned) / frobenius(matrixOf(d, k, noise));
      const [a, b] = [frobenius(matrixOf(rank, k, start.A)), frobenius(matrixOf(d, rank, start.B))];
      for (const share of [3, 1, 0.3, 0.2, 0.15, 0.1, 0.03, 0.01, 1e-3]) {
        const target = noise.map((x, i) => learned.data[i] + share * size * x);
        const stepper = await open({ ...start, target });
        const { entries } = await stepper.measure();
        stepper.dispose();
        const T = matrixOf(d, k, target);
        const exact = lossAndGradients(T, matrixOf(rank, k, start.A), matrixOf(d, rank, start.B), 2);
        const off = 1e-7 * 2 * frobenius(T);
        expect(Math.abs(entries.loss[0] / exact.loss - 1), `loss at ${share}`).toBeLessThan(3e-7);
        expect(Math.abs(entries.gradNormA[0] - frobenius(exact.gradA)), `∂L/∂A at ${share}`).toBeLessThan(off * b);
        expect(Math.abs(entries.gradNormB[0] - frobenius(exact.gradB)), `∂L/∂B at ${share}`).toBeLessThan(off * a);
      }
    },
  );

  it('has as its gradients the slope of its loss', async () => {
    const sizes = fc.integer({ min: 1, max: 70 });
    const drawn = fc.record({ d: sizes, k: sizes, rank: fc.integer({ min: 1, max: 9 }), seed: fc.nat(1000) });
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(), async ({ d, k, rank, seed }, at) => {
        const settings = { ...ADAM_SETTINGS, scaling: 0.7, opt: 'sgd', lr: 1 } as const;
        const B = randomStart(rank, d, rank, ADAM_SETTINGS, seed + 1).target;
        const start = { ...randomStart(d, k, rank, settings, seed), B };
        const lossWith = async (changed: Partial<OneStart>) => {
          const stepper = await open({ ...start, ...changed });
          const { entries } = await stepper.measure();
          stepper.dispose();
          return entries.loss[0];
        };
        const stepper = await open(start);
        const after = await stepper.steps(1);
        stepper.dispose();
        for (const factor of ['A', 'B'] as const) {
          const i = at % start[factor].length;
          const moved = (by: number) => start[factor].map((x, n) => (n === i ? x + by : x));
          const [up, down] = [moved(0.25), moved(-0.25)];
          // The loss is quadratic in one entry, so that a central difference is its slope at any width.
          const slope = ((await lossWith({ [factor]: up })) - (await lossWith({ [factor]: down }))) / (up[i] - down[i]);
          expect(start[factor][i] - after[factor][i]).toBeCloseTo(slope, 4);
        }
      }),
      { numRuns: quarterOf(60) },
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'shows a loss that is not finite where a factor holds %f',
    async (value) => {
      for (const factor of ['A', 'B'] as const) {
        const drawn = { ...randomStart(9, 70, 3), B: randomStart(3, 9, 3).target };
        const start = { ...drawn, [factor]: drawn[factor].with(4, value) };
        const stepper = await open(start);
        expect((await stepper.measure()).entries.loss[0]).not.toSatisfy(Number.isFinite);
        for (const loss of (await stepper.steps(3)).entries.loss) expect(loss).not.toSatisfy(Number.isFinite);
        stepper.dispose();
      }
    },
  );
});
