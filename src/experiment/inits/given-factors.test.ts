import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix32, multiply, scale, subtract, toFloat64 } from '../../math/matrix.ts';
import { type OneModule, prepareModule } from '../layer/testing/one-module.ts';
import { parseLink } from '../link/link.ts';
import { encodeModule } from '../matrix-file/factored-data.ts';
import { makeFactors } from '../matrix-file/testing/factors.ts';
import { change, defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { scalingOf } from '../settings/rate.ts';
import type { FactoredMatrix } from '../targets/factored-matrix.ts';

const [D, K] = [20, 14];

/** Towards factors of rank 5, from others of rank `rank` with s = 0.75. */
function goingOn(rank: number): FactoredMatrix & Required<Pick<FactoredMatrix, 'start'>> {
  const { B, A } = makeFactors(D, K, rank, 2);
  return { ...makeFactors(D, K, 5, 1), start: { B, A, scaling: 0.75, name: 'mid, from a.safetensors' } };
}

const settings = (rank: number, alpha: number, changes: Partial<Experiment> = {}): Experiment => ({
  ...change(defaults(), { target: 'matrix', d: D, k: K, rank, alpha, normalise: false, ...changes }),
  init: 'file',
});

function ready(e: Experiment, drawing: FactoredMatrix): OneModule {
  const module = prepareModule(e, drawing);
  if ('why' in module) throw new Error(module.why);
  return module;
}

const product = (B: Matrix32, A: Matrix32, s: number) => scale(multiply(toFloat64(B), toFloat64(A)), s);
const started = (e: Experiment, { B, A }: Pick<OneModule, 'B' | 'A'>) => product(B, A, scalingOf(e));

describe('a run that starts from a file', () => {
  it('has its A and B to the bit at its rank and s, and leaves W₀ alone', () => {
    const data = goingOn(3);
    const module = ready(settings(3, 2.25), data);
    expect([module.A.data, module.B.data]).toEqual([data.start.A.data, data.start.B.data]);
    expect(module.frozen).toBe(module.base);
    expect([module.moved, module.frozenFactor]).toEqual([null, null]);
  });

  it('is off by ‖ΔW_a − ΔW_b‖/‖ΔW_b‖ at step 0, and by the same where the target is scaled to σ₁ = 1', () => {
    const data = goingOn(3);
    const goal = product(data.B, data.A, data.scaling);
    const wanted = frobenius(subtract(product(data.start.B, data.start.A, 0.75), goal)) / frobenius(goal);
    for (const normalise of [false, true]) {
      const e = settings(3, 2.25, { normalise });
      const module = ready(e, data);
      const error = frobenius(subtract(started(e, module), toFloat64(module.target))) / module.targetNorm;
      expect(Math.abs(error - wanted)).toBeLessThan(1e-6 * wanted);
    }
  });

  it('keeps ΔW of the file at every higher rank and every s, with new rows of A that are not zero', () => {
    const alpha = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 14 }), alpha, (rank, of) => {
        const data = goingOn(3);
        const e = settings(rank, of);
        const module = ready(e, data);
        const wanted = product(data.start.B, data.start.A, 0.75);
        expect(frobenius(subtract(started(e, module), wanted))).toBeLessThan(1e-6 * frobenius(wanted));
        const added = module.A.data.subarray(3 * K);
        expect(added.every((x) => x !== 0 && Math.abs(x) <= 1 / Math.sqrt(K))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the leading directions at a lower rank: what is lost are the others', () => {
    const data = goingOn(4);
    const e = settings(2, 2);
    const whole = product(data.start.B, data.start.A, 0.75);
    const kept = started(e, ready(e, data));
    // A best approximation is orthogonal to what it leaves: ‖M‖² = ‖M₂‖² + ‖M − M₂‖².
    const [all, own, rest] = [whole, kept, subtract(whole, kept)].map((m) => frobenius(m) ** 2);
    expect(own + rest).toBeCloseTo(all, 4);
    const again = ready(
      { ...settings(4, 4) },
      { ...data, start: { ...data.start, B: ready(e, data).B, A: ready(e, data).A } },
    );
    expect(again.A.data.subarray(0, 2 * K)).toEqual(ready(e, data).A.data);
  });

  it('can train where the file was never trained: B is zero and A is not', () => {
    const data = goingOn(4);
    const zero = { ...data, start: { ...data.start, B: { ...data.start.B, data: new Float32Array(4 * D) } } };
    for (const rank of [2, 4, 6]) {
      const { A, B } = ready(settings(rank, 4), zero);
      expect([B.data.every((x) => x === 0), A.data.every((x) => x !== 0)]).toEqual([true, true]);
    }
  });

  it('is refused in words if its data holds nothing to start from', () => {
    const { start: _, ...alone } = goingOn(3);
    expect(prepareModule(settings(3, 2), alone)).toEqual({
      why: 'This data holds no A and B to start from. Use another initialisation.',
    });
  });
});

describe('a link', () => {
  const link = (data: string) => `#v=1&target=matrix&d=${D}&k=${K}&rank=3&init=file&data=${data}`;

  it('names the start where its data holds one', async () => {
    const read = parseLink(link(String(await encodeModule(goingOn(3)))));
    expect([read.faults, read.experiment.init]).toEqual([[], 'file']);
  });

  it('is corrected where it holds none', async () => {
    const { start: _, ...alone } = goingOn(3);
    for (const text of [link(String(await encodeModule(alone))), '#v=1&init=file', `${link('')}&method=dora`]) {
      const { experiment, faults } = parseLink(text);
      expect(experiment.init).toBe('kaiming-uniform');
      expect(faults).not.toEqual([]);
    }
  });
});
