import { describe, expect, it } from 'vitest';
import { type Plane, reduce } from '../../charts/matrices/plane.ts';
import { cellOf, extremesOf, outsideCount, type PicturedModule, planesOf, scalesOf } from './planes.ts';
import { largestAt, placeOf } from './read-out.ts';
import { movedShare } from './use-painted-matrices.ts';

/** A d × k layer whose entries encode their position. */
function layer(d: number, k: number, rank: number) {
  const base = Float32Array.from({ length: d * k }, (_, i) => i / (d * k));
  const target = Float32Array.from({ length: d * k }, (_, i) => (i % k) - (k - 1) / 2);
  const wanted = { matrix: target, plane: reduce(target, d, k, 256) };
  const module = { d, k, rank, base, basePlane: reduce(base, d, k, 256), wanted, moved: null };
  return module as unknown as PicturedModule & {
    readonly base: Float32Array;
    readonly wanted: { matrix: Float32Array };
  };
}

const ramp = (n: number, step: number) => Float32Array.from({ length: n }, (_, i) => ((i * step) % 7) - 3);

describe('planesOf', () => {
  it('holds ΔW = s·B·A, W = W₀ + ΔW and E = ΔW − ΔW* entry by entry', () => {
    const [d, k, rank, s] = [5, 3, 2, 1.5];
    const module = layer(d, k, rank);
    const [A, B] = [ramp(rank * k, 2), ramp(d * rank, 3)];
    const planes = planesOf(module, A, B, s, 'frozen');
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < k; j++) {
        const update = s * (B[2 * i] * A[j] + B[2 * i + 1] * A[k + j]);
        expect(cellOf(planes.dW, i, j)).toBeCloseTo(update, 5);
        expect(cellOf(planes.W, i, j)).toBeCloseTo(module.base[i * k + j] + update, 5);
        expect(cellOf(planes.E, i, j)).toBeCloseTo(update - module.wanted.matrix[i * k + j], 5);
      }
    }
  });

  it('averages a large matrix in blocks, and says which entries a cell stands for', () => {
    const module = layer(600, 300, 1);
    const planes = planesOf(module, new Float32Array(300).fill(2), new Float32Array(600).fill(3), 1, 'frozen');
    expect([planes.dW.rows, planes.dW.cols]).toEqual([200, 150]);
    expect(cellOf(planes.dW, 599, 299)).toBeCloseTo(6);
    expect(placeOf(planes.dW, { row: 599, column: 298 }, 600, 300)).toEqual({ rows: [597, 599], columns: [298, 299] });
  });
});

/** A layer with s₀·B₀·A₀ subtracted from W₀, as in the worker. */
function movedLayer(d: number, k: number, rank: number, s0: number) {
  const module = layer(d, k, rank);
  const [A, B] = [ramp(rank * k, 3), ramp(d * rank, 2)];
  const left = module.base.map((w, at) => w - s0 * entryOf(B, A, rank, k, Math.floor(at / k), at % k));
  const moved = { scaling: s0, output: { largest: 0, bound: 0 }, reach: null, frozen: reduce(left, d, k, 256) };
  return { ...module, A, B, moved };
}

/** (B·A)_ij */
function entryOf(B: Float32Array, A: Float32Array, rank: number, k: number, i: number, j: number): number {
  let sum = 0;
  for (let p = 0; p < rank; p++) sum += B[i * rank + p] * A[p * k + j];
  return sum;
}

/** Mean of f over the block of the cell that holds an entry. */
function meanOf(plane: Plane, d: number, k: number, i: number, j: number, f: (i: number, j: number) => number) {
  const { rows, columns } = placeOf(plane, { row: i, column: j }, d, k);
  let [sum, n] = [0, 0];
  for (let row = rows[0]; row <= rows[1]; row++)
    for (let column = columns[0]; column <= columns[1]; column++, n++) sum += f(row, column);
  return sum / n;
}

describe('planesOf an initialisation that has moved s₀·B₀·A₀ out of W₀', () => {
  for (const [d, k] of [
    [5, 3],
    [600, 300],
  ]) {
    const [rank, s0, s] = [2, 1.5, 0.75];
    const module = movedLayer(d, k, rank, s0);
    const [A, B] = [ramp(rank * k, 5), ramp(d * rank, 4)];
    const [frozen, update] = (['frozen', 'update'] as const).map((split) => planesOf(module, A, B, s, split));
    const adapter = (i: number, j: number) => s * entryOf(B, A, rank, k, i, j);
    const out = (i: number, j: number) => s0 * entryOf(module.B, module.A, rank, k, i, j);
    const dW = (i: number, j: number) => adapter(i, j) - out(i, j);
    const W0 = (i: number, j: number) => module.base[i * k + j];
    const places = d > 256 ? [0, 77, d - 1] : Array.from({ length: d }, (_, i) => i);
    const inside = (i: number) => (k > 256 ? [0, 101, k - 1] : [i % k, (i + 1) % k]);

    it(`holds W, ΔW, E and both sums entry by entry, ${d} × ${k}`, () => {
      for (const i of places) {
        for (const j of inside(i)) {
          const mean = (f: (i: number, j: number) => number) => meanOf(frozen.dW, d, k, i, j, f);
          for (const planes of [frozen, update]) {
            expect(cellOf(planes.W, i, j)).toBeCloseTo(
              mean((a, b) => W0(a, b) + dW(a, b)),
              4,
            );
            expect(cellOf(planes.E, i, j)).toBeCloseTo(mean(dW) - mean((_, b) => b - (k - 1) / 2), 4);
            expect(cellOf(planes.W0, i, j) + cellOf(planes.dW, i, j)).toBeCloseTo(cellOf(planes.W, i, j), 4);
          }
          expect(cellOf(frozen.dW, i, j)).toBeCloseTo(mean(adapter), 4);
          expect(cellOf(frozen.W0, i, j)).toBeCloseTo(
            mean((a, b) => W0(a, b) - out(a, b)),
            4,
          );
          expect(cellOf(update.dW, i, j)).toBeCloseTo(mean(dW), 4);
          expect(cellOf(update.W0, i, j)).toBeCloseTo(mean(W0), 4);
        }
      }
    });

    it(`has ΔW = 0 exactly before the first step, ${d} × ${k}`, () => {
      expect(planesOf(module, module.A, module.B, s0, 'update').dW.values.every((v) => v === 0)).toBe(true);
    });
  }

  it('knows how much was moved: ‖s₀·B₀·A₀‖ over ‖W₀‖', () => {
    const module = { ...movedLayer(7, 4, 3, 2), baseNorm: 5 };
    let sum = 0;
    for (let i = 0; i < 7; i++) for (let j = 0; j < 4; j++) sum += entryOf(module.B, module.A, 3, 4, i, j) ** 2;
    expect(movedShare(module)).toBeCloseTo((2 * Math.sqrt(sum)) / 5, 10);
    expect(movedShare({ ...module, moved: null })).toBeNull();
  });
});

describe('extremesOf', () => {
  const [d, k] = [600, 300];
  const module = layer(d, k, 1);
  const found = reduce(ramp(d * k, 5), d, k, 256).extreme as Plane;
  const known = { module: 'W', step: 4, W: found, dW: found, E: found };

  it('has what the worker found, and its own of W₀ and ΔW*', () => {
    const planes = extremesOf(module, known);
    expect(planes?.E).toBe(found);
    expect(planes?.target).toBe(module.wanted.plane.extreme);
  });

  it('is null where every cell is one entry', () => {
    expect(extremesOf(layer(5, 3, 1), known)).toBeNull();
  });

  it('is read with its step where that is not the one on show', () => {
    const planes = extremesOf(module, known) as NonNullable<ReturnType<typeof extremesOf>>;
    const read = (late: boolean) =>
      largestAt({ extremes: { planes, step: 4, late } } as Parameters<typeof largestAt>[0], { row: 599, column: 299 });
    expect(read(false)).toMatchObject({ step: null, values: { target: 149.5, dW: found.values.at(-1) } });
    expect(read(true)?.step).toBe(4);
  });
});

describe('scalesOf', () => {
  const module = layer(8, 8, 2);
  const W0 = module.basePlane.mean;
  const A = new Float32Array(16).fill(1);
  const blank = planesOf(module, A, new Float32Array(16), 1, 'frozen');

  it('gives a factor that starts at zero room to fill in from blank paper', () => {
    const start = scalesOf(blank, W0, 2, 1, null);
    // ΔW* has |v| ≤ 3.5; half of 3.5/(1·√2·1)
    expect(start.B).toBeCloseTo(1.75 / Math.SQRT2);
    const small = planesOf(module, A, new Float32Array(16).fill(0.01), 1, 'frozen');
    expect(scalesOf(small, W0, 2, 1, start).B).toBe(start.B);
  });

  it('only grows for A and B during a run, and leaves W₀ and ΔW* as they were', () => {
    const start = scalesOf(blank, W0, 2, 1, null);
    const wild = scalesOf(
      planesOf(
        module,
        A.map((v) => 100 * v),
        new Float32Array(16).fill(50),
        1,
        'frozen',
      ),
      W0,
      2,
      1,
      start,
    );
    expect([wild.A, wild.B]).toEqual([100, 50]);
    expect([wild.base, wild.update]).toEqual([start.base, start.update]);
    expect(scalesOf(blank, W0, 2, 1, wild).A).toBe(100);
  });

  it('is finite where both factors are zero', () => {
    const zero = scalesOf(planesOf(module, new Float32Array(16), new Float32Array(16), 1, 'frozen'), W0, 2, 1, null);
    expect(Object.values(zero).flat().every(Number.isFinite)).toBe(true);
  });
});

describe('clippedIn', () => {
  it('counts what is beyond the scale, and what is no number', () => {
    const plane = { values: Float32Array.of(0, 1, -1, 1.5, -2, Number.NaN), rows: 1, cols: 6 } as unknown as Plane;
    expect(outsideCount(plane, [-1, 1])).toBe(3);
  });
});
