import { describe, expect, it } from 'vitest';
import { type Plane, reduce } from '../../charts/plane.ts';
import type { Run } from '../../state/state.ts';
import { cellOf, extremesOf, planesOf } from './planes.ts';
import { largestAt, placeOf } from './reading.ts';
import { clippedIn, scalesOf } from './scales.ts';

type Ready = NonNullable<Run['ready']>;

/** A d × k layer with entries that tell where they are. */
function layer(d: number, k: number, rank: number) {
  const base = Float32Array.from({ length: d * k }, (_, i) => i / (d * k));
  const target = Float32Array.from({ length: d * k }, (_, i) => (i % k) - (k - 1) / 2);
  const planes = { base: reduce(base, d, k, 256), target: reduce(target, d, k, 256) };
  return { d, k, rank, base, target, planes } as unknown as Ready & {
    readonly base: Float32Array;
    readonly target: Float32Array;
  };
}

const ramp = (n: number, step: number) => Float32Array.from({ length: n }, (_, i) => ((i * step) % 7) - 3);

describe('planesOf', () => {
  it('holds ΔW = s·B·A, W = W₀ + ΔW and E = ΔW − ΔW* entry by entry', () => {
    const [d, k, rank, s] = [5, 3, 2, 1.5];
    const ready = layer(d, k, rank);
    const [A, B] = [ramp(rank * k, 2), ramp(d * rank, 3)];
    const planes = planesOf(ready, A, B, s);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < k; j++) {
        const update = s * (B[2 * i] * A[j] + B[2 * i + 1] * A[k + j]);
        expect(cellOf(planes.dW, i, j)).toBeCloseTo(update, 5);
        expect(cellOf(planes.W, i, j)).toBeCloseTo(ready.base[i * k + j] + update, 5);
        expect(cellOf(planes.E, i, j)).toBeCloseTo(update - ready.target[i * k + j], 5);
      }
    }
  });

  it('averages a large matrix in blocks, and says which entries a cell stands for', () => {
    const ready = layer(600, 300, 1);
    const planes = planesOf(ready, new Float32Array(300).fill(2), new Float32Array(600).fill(3), 1);
    expect([planes.dW.rows, planes.dW.cols]).toEqual([200, 150]);
    expect(cellOf(planes.dW, 599, 299)).toBeCloseTo(6);
    expect(placeOf(planes.dW, { row: 599, column: 298 }, 600, 300)).toEqual({ rows: [597, 599], columns: [298, 299] });
  });
});

describe('extremesOf', () => {
  const [d, k] = [600, 300];
  const ready = layer(d, k, 1);
  const found = reduce(ramp(d * k, 5), d, k, 256).extreme as Plane;
  const known = { step: 4, W: found, dW: found, E: found };

  it('has what the worker found, and its own of W₀ and ΔW*', () => {
    const planes = extremesOf(ready, known);
    expect(planes?.E).toBe(found);
    expect(planes?.target).toBe(ready.planes.target.extreme);
  });

  it('is null where every cell is one entry', () => {
    expect(extremesOf(layer(5, 3, 1), known)).toBeNull();
  });

  it('is read with its step where that is not the one on show', () => {
    const planes = extremesOf(ready, known) as NonNullable<ReturnType<typeof extremesOf>>;
    const read = (late: boolean) =>
      largestAt({ extremes: { planes, step: 4, late } } as Parameters<typeof largestAt>[0], { row: 599, column: 299 });
    expect(read(false)).toMatchObject({ step: null, values: { target: 149.5, dW: found.values.at(-1) } });
    expect(read(true)?.step).toBe(4);
  });
});

describe('scalesOf', () => {
  const ready = layer(8, 8, 2);
  const A = new Float32Array(16).fill(1);
  const blank = planesOf(ready, A, new Float32Array(16), 1);

  it('gives a factor that starts at zero room to fill in from blank paper', () => {
    const start = scalesOf(blank, 2, 1, null);
    // ΔW* has |v| ≤ 3.5; half of 3.5/(1·√2·1)
    expect(start.B).toBeCloseTo(1.75 / Math.SQRT2);
    const small = planesOf(ready, A, new Float32Array(16).fill(0.01), 1);
    expect(scalesOf(small, 2, 1, start).B).toBe(start.B);
  });

  it('only grows for A and B during a run, and leaves W₀ and ΔW* as they were', () => {
    const start = scalesOf(blank, 2, 1, null);
    const wild = scalesOf(
      planesOf(
        ready,
        A.map((v) => 100 * v),
        new Float32Array(16).fill(50),
        1,
      ),
      2,
      1,
      start,
    );
    expect([wild.A, wild.B]).toEqual([100, 50]);
    expect([wild.base, wild.update]).toEqual([start.base, start.update]);
    expect(scalesOf(blank, 2, 1, wild).A).toBe(100);
  });

  it('is finite where both factors are zero', () => {
    const zero = scalesOf(planesOf(ready, new Float32Array(16), new Float32Array(16), 1), 2, 1, null);
    expect(Object.values(zero).every(Number.isFinite)).toBe(true);
  });
});

describe('clippedIn', () => {
  it('counts what is beyond the scale, and what is no number', () => {
    const plane = { values: Float32Array.of(0, 1, -1, 1.5, -2, Number.NaN), rows: 1, cols: 6 } as unknown as Plane;
    expect(clippedIn(plane, 1)).toBe(3);
  });
});
