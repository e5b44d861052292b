import { readFileSync } from 'node:fs';
import { fingerprint } from '../src/experiment/layer/testing/fingerprint.ts';
import type { Rows } from '../src/experiment/run-file/run-file.ts';
import { open, ready, runOf } from './explorer.ts';
import { expect, test } from './fixtures.ts';

type Hashes = { W0: string; target: string; A: string; B: string };
const recorded: Record<string, Hashes> = JSON.parse(
  readFileSync(new URL('../src/experiment/layer/golden-layers.json', import.meta.url), 'utf8'),
);
const LARGEST_LISTED = 512;

function hash(rows: Rows | null): string {
  const listed = rows ?? [];
  return fingerprint({ rows: listed.length, cols: listed[0].length, data: Float32Array.from(listed.flat()) });
}

/** The matrices of every recorded link, read from the page's run file, have the bits that Node recorded. */
export function sameBits(where: string, query: string): void {
  test(`${where}: W₀, ΔW*, A and B have the recorded bits`, async ({ page }) => {
    let compared = 0;
    await page.goto(`./${query}`);
    await ready(page);
    for (const [link, hashes] of Object.entries(recorded)) {
      const size = new URLSearchParams(link.slice(1));
      if (Math.max(Number(size.get('d')), Number(size.get('k'))) > LARGEST_LISTED) continue;
      await open(page, link);
      const [layer] = (await runOf(page)).layers;
      const { A, B } = layer.initial;
      const found = { W0: hash(layer.base), target: hash(layer.target), A: hash(A), B: hash(B) };
      expect(found, link).toEqual(hashes);
      compared++;
    }
    expect(compared).toBeGreaterThan(8);
  });
}
