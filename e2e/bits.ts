import { readFileSync } from 'node:fs';
import { fingerprint } from '../src/experiment/layer/testing/fingerprint.ts';
import type { NumberRows } from '../src/experiment/run-file/run-file.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { openLink, runOf, type ScriptedPage, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

type Hashes = { W0: string; target: string; A: string; B: string };
const recorded: Record<string, Hashes> = JSON.parse(
  readFileSync(new URL('../src/experiment/layer/golden-layers.json', import.meta.url), 'utf8'),
);
const ofMethods: Record<string, Readonly<Record<string, string>>> = JSON.parse(
  readFileSync(new URL('../src/experiment/layer/golden-methods.json', import.meta.url), 'utf8'),
);
const regimeEnds: Record<string, Readonly<Record<'A' | 'B', string>>> = JSON.parse(
  readFileSync(new URL('../src/engine/testing/regime-ends.json', import.meta.url), 'utf8'),
);
const LARGEST_LISTED = 512;

function hash(rows: NumberRows | null): string {
  const listed = rows ?? [];
  return fingerprint({ rows: listed.length, cols: listed[0].length, data: Float32Array.from(listed.flat()) });
}

/**
 * The matrices of one recorded link in `every` (with ALL_SEEDS=1 of each), read from the page's run file, have the bits
 * that Node recorded. They precede the back end.
 */
export async function expectRecordedBits(page: ScriptedPage, query: string, every = 5): Promise<void> {
  await page.goto(`./${query}`);
  await waitUntilReady(page);
  const listed = Object.entries(recorded).filter(([link]) => {
    const size = new URLSearchParams(link.slice(1));
    return Math.max(Number(size.get('d')), Number(size.get('k'))) <= LARGEST_LISTED;
  });
  const looked = partOf(listed, every);
  expect(looked.length).toBeGreaterThan(5);
  for (const [link, hashes] of looked) {
    await openLink(page, link);
    const [layer] = (await runOf(page)).layers;
    const { A, B } = layer.initial;
    const found = { W0: hash(layer.base), target: hash(layer.target), A: hash(A), B: hash(B) };
    expect(found, link).toEqual(hashes);
  }
}

/** What each method starts from, likewise. What Node alone records, directions of W₀, no run file holds. */
export async function expectRecordedStarts(page: ScriptedPage, query: string): Promise<void> {
  await page.goto(`./${query}`);
  await waitUntilReady(page);
  for (const [link, { U: _, V: __, ...hashes }] of Object.entries(ofMethods)) {
    await openLink(page, link);
    const [layer] = (await runOf(page)).layers;
    const own = Object.entries(layer.initial).map(([key, rows]) => [key, hash(rows)]);
    const found = { W0: hash(layer.base), target: hash(layer.target), ...Object.fromEntries(own) };
    expect(found, link).toEqual(hashes);
  }
}

/** Runs in float16, clipped and with a B that decays end at the bits that Node recorded. */
export async function expectRegimeBits(page: ScriptedPage): Promise<void> {
  await page.goto('./');
  await waitUntilReady(page);
  for (const [link, hashes] of Object.entries(regimeEnds)) {
    await openLink(page, link);
    await trainRun(page);
    const [layer] = (await runOf(page)).layers;
    const { A = null, B = null } = layer.final;
    expect({ A: hash(A), B: hash(B) }, link).toEqual(hashes);
  }
}

export function bitsTest(where: string, query: string, every = 5): void {
  test(`${where}: W₀, ΔW*, A and B have the recorded bits`, ({ page }) => expectRecordedBits(page, query, every));
}
