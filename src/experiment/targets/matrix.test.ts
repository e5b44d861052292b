import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { inits } from '../inits/index.ts';
import { fingerprint } from '../layer/testing/fingerprint.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { parseLink, writeLink } from '../link/link.ts';
import { decodeData } from '../matrix-file/decode-data.ts';
import { encodeMatrix } from '../matrix-file/matrix-data.ts';
import { matrices } from '../matrix-file/testing/arbitrary.ts';
import { change, defaults } from '../settings/experiment.ts';
import { defaultView } from '../settings/view.ts';
import { isFactored } from './factored-matrix.ts';

const own = (rows: number, cols: number, data: readonly number[]) => ({ rows, cols, data: Float64Array.from(data) });
const layerOf = (
  matrix: ReturnType<typeof own> | null,
  normalise = true,
  d = matrix?.rows ?? 3,
  k = matrix?.cols ?? 2,
) => prepareModule({ ...defaults(), target: 'matrix', d, k, rank: 1, normalise }, matrix);

describe('a matrix of one’s own', () => {
  it('is ΔW*: scaled to σ₁ = 1, or as it is', () => {
    const matrix = own(3, 2, [3, 0, 0, 4, 0, 0]);
    const [scaled, plain] = [layerOf(matrix), layerOf(matrix, false)];
    if ('why' in scaled || 'why' in plain) throw new Error('refused');
    expect([...scaled.target.data]).toEqual([0.75, 0, 0, 1, 0, 0]);
    expect([...plain.target.data]).toEqual([3, 0, 0, 4, 0, 0]);
    expect([...plain.spectrum.values]).toEqual([4, 3]);
  });

  it.each([
    ['is not there', layerOf(null), 'No matrix yet'],
    ['is of another size', layerOf(own(3, 2, [1, 2, 3, 4, 5, 6]), true, 4, 4), '3 × 2, but d × k is 4 × 4'],
    ['is zero', layerOf(own(1, 2, [0, 0])), 'every number is 0'],
    ['is the same everywhere', layerOf(own(2, 2, [5, 5, 5, 5])), 'every number is 5'],
    ['is one number', layerOf(own(1, 1, [7])), 'the only number is 7'],
  ])('is refused in words where it %s', (_, layer, why) => {
    expect(layer).toEqual({ why: expect.stringContaining(why) });
  });

  it('that is too large to be squared in float32 is refused with the way out', () => {
    expect(layerOf(own(1, 2, [1e30, 1]), false)).toEqual({
      why: 'The largest singular value of your matrix is 10³⁰; without scaling it must be from 0.001 to 1,000,000. Scale it to σ₁ = 1.',
      way: { label: 'Scale to σ₁ = 1', changes: { normalise: true } },
    });
  });

  it('ends as a layer of finite numbers or as a sentence, whatever it holds and wherever it starts', () => {
    fc.assert(
      fc.property(
        matrices(7),
        fc.boolean(),
        fc.constantFrom(...inits.all.map(({ name }) => name)),
        fc.nat(6),
        ({ rows, cols, data }, normalise, init, r) => {
          const rank = 1 + (r % Math.min(rows, cols));
          const e = { ...defaults(), target: 'matrix' as const, d: rows, k: cols, rank, init, normalise };
          const layer = prepareModule(e, { rows, cols, data: new Float64Array(data) });
          if ('why' in layer) {
            expect(layer.why).toMatch(/^[^\p{Cc}]{10,300}\.$/u);
            return;
          }
          for (const { data: entries } of [layer.target, layer.A, layer.B, layer.frozen])
            expect(entries.every(Number.isFinite)).toBe(true);
          if (normalise) expect(singularValues(layer.target)[0]).toBeCloseTo(1, 6);
          expect(Number.isFinite(layer.facts.sigma1) && layer.facts.sigma1 > 0).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a link with a matrix', () => {
  const made = (rows: number, cols: number) =>
    toFloat32(
      own(
        rows,
        cols,
        Array.from({ length: rows * cols }, (_, i) => Math.sin(i * i)),
      ),
    );

  it.each([
    [3, 2],
    [64, 64],
    [700, 900],
  ])('of %i × %i comes back bit for bit', async (d, k) => {
    const matrix = made(d, k);
    const data = await encodeMatrix(matrix);
    const e = change(defaults(), { target: 'matrix', data, d, k, normalise: false });
    const link = writeLink(e, defaultView(), 0.01);
    const { experiment, faults } = parseLink(link);
    expect(faults).toEqual([]);
    expect(experiment).toEqual({ ...e, lr: 0.01, auto: 'lr' });
    expect(writeLink(experiment, defaultView(), null)).toBe(link);
    const read = await decodeData(experiment.data);
    if ('fault' in read || isFactored(read.drawing)) throw new Error('no matrix');
    expect(fingerprint({ ...matrix, data: new Float32Array(read.drawing.data) })).toBe(fingerprint(matrix));
  });

  it('may hold millions of characters in data and nowhere else', () => {
    const long = `Dw${'A'.repeat(5_000_000)}`;
    for (const link of [`#v=1&target=matrix&data=${long}&d=3`, `#data=${long}&v=1&target=matrix&d=3`]) {
      const { experiment, faults } = parseLink(link);
      expect([experiment.data === long, experiment.d, faults]).toEqual([true, 3, []]);
    }
    expect(parseLink(`#v=1&target=matrix&data=${long}&data=Dw`).faults).toEqual([{ kind: 'doubled', key: 'data' }]);
    expect(parseLink(`#v=1&show=${long}`).faults[0].kind).toBe('too-long');
    expect(parseLink(`#v=1&target=matrix&data=${long}&data=${long}`).faults[0].kind).toBe('too-long');
    for (const bad of [`${long}!`, `Dw${'A'.repeat(13_400_000)}`])
      expect(parseLink(`#v=1&target=matrix&data=${bad}`).faults[0]).toMatchObject({ kind: 'value', key: 'data' });
  });

  it('takes no drawing, and a picture takes no matrix', async () => {
    const data = await encodeMatrix(made(3, 2));
    expect(parseLink(`#v=1&target=picture&data=${data}`).faults).toMatchObject([{ key: 'data' }]);
    expect(parseLink('#v=1&target=matrix&data=AAAA').faults).toMatchObject([{ key: 'data' }]);
    const e = change(defaults(), { target: 'matrix', data, d: 3, k: 2 });
    expect(change(change(e, { target: 'decay' }), { target: 'matrix' }).data).toBe(data);
    expect(change(e, { target: 'picture' }).data).toBe('');
  });

  it('says so where a matrix is not scaled, the default being that it is', () => {
    const e = change(defaults(), { target: 'matrix', normalise: false });
    expect(parseLink(writeLink(e, defaultView(), null)).experiment.normalise).toBe(false);
    expect(writeLink(change(e, { normalise: true }), defaultView(), null)).toContain('normalise=1');
  });
});
