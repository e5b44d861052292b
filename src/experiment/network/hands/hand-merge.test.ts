import { expect, it } from 'vitest';
import { drain } from '../../../math/progress.ts';
import { stream } from '../../../math/random.ts';
import { digits } from '../digits-target.ts';
import { decodeHand, encodeHand, type HandAdapter } from '../hand-adapter.ts';
import { type HandUpdate, joinedAdapter, summedUpdate, tiesUpdate, withUpdate } from './hand-merge.ts';

const source = stream(3, 'merging hands');
/** Multiples of 1/8, so that no sum is rounded. */
const values = (n: number) => Float32Array.from({ length: n }, () => source.integer(33) / 8 - 2);
const adapter = (rank: number, scaling: number): HandAdapter => ({
  ...{ rank, scaling },
  layers: digits.layers.map(({ d, k }) => ({ A: values(rank * k), B: values(d * rank) })),
});
const base = digits.layers.map(({ d, k }) => ({ d, k, W: values(d * k) }));
const three = [adapter(4, 2), adapter(1, 0.5), adapter(3, 4)];
const ties = (of: readonly HandUpdate[], density: number) => drain(tiesUpdate(of, density));
const updates = three.map((one) => summedUpdate([one]));

it('ΔW of one hand is s·B·A, entry by entry', () => {
  const { A, B } = three[0].layers[2];
  const entry = [0, 1, 2, 3].reduce((sum, r) => sum + 2 * B[7 * 4 + r] * A[r * 64 + 11], 0);
  expect(updates[0][2][7 * 64 + 11]).toBe(entry);
  expect(updates[0].map((layer) => layer.length)).toEqual([4096, 4096, 640]);
});

it('the sum of adapters is exactly that of their ΔW, and the ΔW of the adapter with their factors joined', () => {
  const sum = summedUpdate(three);
  expect(sum).toEqual(updates[0].map((layer, l) => layer.map((x, i) => x + updates[1][l][i] + updates[2][l][i])));
  const joined: HandAdapter = {
    ...{ rank: 8, scaling: 1 },
    layers: digits.layers.map(({ d }, l) => ({
      A: three.flatMap(({ layers }) => Array.from(layers[l].A)),
      B: Array.from({ length: d }, (_, i) =>
        three.flatMap(({ rank, scaling, layers }) =>
          [...Array(rank).keys()].map((r) => scaling * layers[l].B[i * rank + r]),
        ),
      ).flat(),
    })),
  };
  expect(summedUpdate([joined])).toEqual(sum);
});

it('at weight 0 the network is the pretrained one, bit for bit, and at weight 1 W + ΔW', () => {
  const sum = summedUpdate(three);
  expect(withUpdate(base, sum, 0).map(({ W }) => W)).toEqual(base.map(({ W }) => Float64Array.from(W)));
  expect(withUpdate(base, sum)[1].W[99]).toBe(base[1].W[99] + sum[1][99]);
});

it('TIES of one hand with all of its entries is that hand, and at a fifth its largest entries', () => {
  expect(ties([updates[0]], 1)).toEqual(updates[0].map((layer) => layer.map((x) => x + 0)));
  const [kept] = ties([updates[0]], 0.2);
  const sizes = [...updates[0][0]].map(Math.abs).sort((a, b) => b - a);
  const least = sizes[819 - 1];
  expect(kept).toEqual(updates[0][0].map((x) => (Math.abs(x) >= least ? x : 0)));
});

it('TIES takes the sign of the larger side, and the mean of those on it', () => {
  const update = (first: number) =>
    digits.layers.map(({ d, k }) => new Float64Array(d * k).fill(1, 1).fill(first, 0, 1));
  const [merged] = ties([update(6), update(-5), update(-2), update(0)], 1);
  // 6 − 5 − 2 is below 0.
  expect([merged[0], merged[1]]).toEqual([-3.5, 1]);
});

it('the sum of two adapters is one of the sum of their ranks, and stays so in 8 bits whatever their scales', () => {
  const [one, two] = [adapter(2, 2), adapter(3, 0.5)];
  // A hundred times as large in A, and as much smaller in B.
  const odd: HandAdapter = {
    ...two,
    layers: two.layers.map(({ A, B }) => ({
      A: Array.from(A, (x) => 100 * x),
      B: Array.from(B, (x) => x / 100),
    })),
  };
  const joined = joinedAdapter([one, odd]);
  expect([joined.rank, joined.scaling]).toEqual([5, 1]);
  const exact = summedUpdate([one, two]);
  const read = decodeHand(encodeHand(joined));
  if ('fault' in read) throw new Error(read.fault);
  for (const [layer, sum] of summedUpdate([joined]).entries())
    for (const [i, x] of sum.entries()) expect(Math.abs(x - exact[layer][i])).toBeLessThan(1e-12 * 100);
  // Five products, each with both factors off by half a step of 1/127 of their largest: 1, and 2·2 of B.
  for (const [layer, sum] of summedUpdate([read.adapter]).entries()) {
    const largest = Math.max(...Array.from(joined.layers[layer].B, Math.abs));
    for (const [i, x] of sum.entries()) expect(Math.abs(x - exact[layer][i])).toBeLessThan((5 * 2.1 * largest) / 254);
  }
});
