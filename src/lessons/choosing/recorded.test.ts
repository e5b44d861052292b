import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { HELD_OUT, RANKS, SAMPLES, SEEDS } from './held-out.ts';

const FILE = join(import.meta.dirname, 'recorded.json');
const short = (value: number | undefined) => Number((value ?? Number.NaN).toPrecision(4));

async function losses(samples: number, rank: number, seed: number): Promise<readonly [number, number]> {
  const { experiment, faults } = parseLink(HELD_OUT(samples, rank, seed));
  expect(faults).toEqual([]);
  const { summary } = await trainInBackground(experiment, { backends: nodeBackends });
  return [short(summary.losses?.heldOut), short(summary.losses?.training)];
}

it('records the losses as the page trains them', async () => {
  const recorded = JSON.parse(readFileSync(FILE, 'utf8')) as number[][][][];
  if (process.env.UPDATE_RECORDED) {
    const all = [];
    for (const samples of SAMPLES) {
      const byRank = [];
      for (const rank of RANKS) {
        const bySeed = [];
        for (const seed of SEEDS) bySeed.push(await losses(samples, rank, seed));
        byRank.push(bySeed);
      }
      all.push(byRank);
    }
    writeFileSync(FILE, `${JSON.stringify(all)}\n`);
    recorded.splice(0, recorded.length, ...(all as unknown as number[][][][]));
  }
  // One seed of few samples, and one run with many; the others are made in the same way.
  for (const [i, rank] of partOf([...RANKS.entries()], 3, 1))
    expect(recorded[0][i][0]).toEqual(await losses(SAMPLES[0], rank, SEEDS[0]));
  expect(recorded[1][2][1]).toEqual(await losses(SAMPLES[1], RANKS[2], SEEDS[1]));
});
