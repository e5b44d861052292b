import type { RunFile } from '../src/experiment/run-file/run-file.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const LINKS = [
  '#v=1&target=picture&d=64&k=64&rank=8&steps=60',
  '#v=1&target=low-rank&d=48&k=20&rank=4&opt=sgd&steps=40&seed=3',
  '#v=1&target=decay&d=30&k=33&rank=5&opt=momentum&scaling=rslora&ratio=4&steps=40&warmup=5&schedule=cosine',
  '#v=1&target=rotation&d=24&k=24&rank=6&opt=adamw&init=symmetric&steps=40',
  // Mini-batches of coloured inputs, a smaller one at the end of an epoch: our kernels leave them to TensorFlow.js on the same back end.
  '#v=1&target=regression&d=20&k=24&rank=4&samples=60&batch=8&order=epochs&condition=30&steps=30',
];
const ALL_BACK_ENDS = [
  '?backend=cpu',
  '?backend=wasm',
  '?backend=webgpu',
  '?backend=webgpu&stepper=direct',
  '?backend=webgpu&stepper=tfjs',
  '?backend=wasm&stepper=tfjs',
  '?backend=cpu&stepper=tfjs',
];
const BACK_ENDS = [...ALL_BACK_ENDS.slice(0, 3), ...partOf(ALL_BACK_ENDS.slice(3), 4, 3)];

/** What is named beside a back end compiles slowly: only the first and the last link (steppers.spec has the rest). */
const linksOf = (query: string) => {
  if (query.includes('stepper')) return [0, LINKS.length - 1];
  // WebGPU compiles for each.
  return partOf([...LINKS.keys()], query.includes('webgpu') ? 2 : 1);
};

function furthest(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]) / Math.max(Math.abs(b[i]), 1e-30)));
}

test('the same link gives the same curves on every back end', async ({ page }) => {
  test.setTimeout(300_000);
  const runs = new Map<string, RunFile[]>();
  for (const query of BACK_ENDS) {
    await page.goto('about:blank');
    await page.goto(`./${query}#v=1&d=8&k=8`);
    const { backend } = await waitUntilReady(page);
    expect(backend).toBe(new URLSearchParams(query).get('backend'));
    const files = [];
    for (const i of linksOf(query)) {
      expect((await openLink(page, LINKS[i])).notices).toEqual([]);
      const file = await trainRun(page);
      expect(file.backend).toBe(backend);
      files.push(file);
    }
    runs.set(query, files);
  }
  const reference = runs.get('?backend=cpu') ?? [];
  for (const [query, files] of runs) {
    files.forEach((file, place) => {
      const i = linksOf(query)[place];
      const off = furthest(file.trace.loss, reference[i].trace.loss);
      expect(off, `${query} ${LINKS[i]}`).toBeLessThan(2e-4);
      // The first step with B = 0: exactly zero, on every back end.
      if (i !== 3) expect(file.layers[0].trace.gradNormA[0]).toBe(0);
      expect(file.layers[0].trace.gradNormB[0]).toBeGreaterThan(0);
    });
  }
});
