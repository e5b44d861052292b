import type { Page } from '@playwright/test';
import { partOf } from '../src/math/testing/part-of.ts';
import { openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const LINKS = [
  '#v=1&target=digits&rank=4&steps=12',
  // It uses what the digits do not: attention, norms and looked-up symbols.
  '#v=1&target=transformer&rank=2&batch=2&steps=3',
];

async function train(page: Page, query: string, links: readonly string[]) {
  await page.goto('about:blank');
  await page.goto(`./${query}${links[0]}`);
  const runs = [];
  for (const link of links) {
    await openLink(page, link);
    expect((await waitUntilReady(page)).backend).toBe(new URLSearchParams(query).get('backend'));
    runs.push(await trainRun(page));
  }
  return runs;
}

test('networks have the curves of WebAssembly by TensorFlow.js on WebGPU, WebAssembly and the processor', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const wanted = await train(page, '?backend=wasm', LINKS);
  for (const [query, device] of [
    ['?backend=cpu&stepper=tfjs', 'processor, by TensorFlow.js'],
    ['?backend=wasm&stepper=tfjs', 'processor, by TensorFlow.js'],
    ['?backend=webgpu', 'google swiftshader'],
  ]) {
    // An emulated device takes seconds for a step of the decoder; in Node it is trained by the same operations.
    const places = query.includes('wasm') ? [0, 1] : partOf([0, 1], 2);
    const links = places.map((i) => LINKS[i]);
    for (const [n, run] of (await train(page, query, links)).entries()) {
      const i = places[n];
      expect(run.device).toBe(device);
      const { loss } = wanted[i].trace;
      const off = run.trace.loss.map((value, step) => Math.abs(value / loss[step] - 1));
      expect(off).toHaveLength(loss.length);
      expect(Math.max(...off), `${query} ${LINKS[i]}`).toBeLessThan(1e-5);
    }
  }
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'About', exact: true }).click();
  await page.getByRole('button', { name: 'How it is computed' }).click();
  await expect(
    page.getByText('matrix targets, not networks. The steps are therefore computed on WebGPU by TensorFlow.js').first(),
  ).toBeVisible();
});
