/** The claims of the experiments on WebGPU, one seed each, through the page's own interface. */

import { expect, test } from '@playwright/test';
import { parseLink, writeLink } from '../src/experiment/link/link.ts';
import { presets } from '../src/experiment/presets.ts';
import { machineOf } from './machine.ts';
import { CLAIMS, Ended, type Train } from './presets/claims.ts';
import { report, say } from './report.ts';

test('the claims of the experiments on WebGPU', async ({ page }) => {
  await page.goto('./?backend=webgpu#v=1&d=8&k=8');
  const { backend, device } = await page.evaluate(() => window.loraExplorer.ready);
  expect(backend).toBe('webgpu');
  say(`on ${device}`);
  const rows = [];
  // TensorFlow.js computes networks there, for minutes a run on an emulated device.
  for (const { name, label, link } of presets.all.filter(({ group }) => group !== 'network')) {
    const { experiment, view } = parseLink(link);
    const plain = { ...view, compare: '', sweep: '' };
    const train: Train = async (changes = {}, stops = []) => {
      const files = await page.evaluate(
        async ([fragment, ...at]) => {
          await window.loraExplorer.open(String(fragment));
          const runs = [];
          let done = 0;
          for (const step of at.map(Number)) {
            runs.push(await window.loraExplorer.train(step - done));
            done = step;
          }
          return at.length > 0 ? runs : [await window.loraExplorer.train()];
        },
        [writeLink({ ...experiment, ...changes }, plain, null), ...stops],
      );
      for (const file of files) expect(file.backend).toMatch(/webgpu/);
      return files.map((file) => new Ended(file));
    };
    const [measured, holds] = await CLAIMS[name](train);
    say(`${label}: ${measured}${holds ? '' : ', which is not what is claimed'}`);
    rows.push({ experiment: label, 'measured on WebGPU': measured, holds: holds ? 'yes' : 'no' });
  }
  expect(rows.filter(({ holds }) => holds === 'no')).toEqual([]);
  report('presets', 'The claims of the experiments on WebGPU, one seed each', await machineOf(page), rows);
});
