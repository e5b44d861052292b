/** Methods beside LoRA in the lab: the tile, the run, its file, its link; and links that no method can follow. */

import '../src/engine/testing/wasm-in-node.ts';
import { floorAtRank } from '../src/experiment/layer/reach.ts';
import { prepareModule } from '../src/experiment/layer/testing/one-module.ts';
import { parseLink } from '../src/experiment/link/link.ts';
import { currentLink, openAndWait, openLink, runOf } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const START = '#v=1&target=rotation&d=32&k=32&steps=400&pace=max&opt=adam';

/** The lowest error within reach, computed here. */
function floorOf(link: string): number {
  const { experiment, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const layer = prepareModule(experiment, null);
  if ('why' in layer) throw new Error(layer.why);
  return floorAtRank(layer) ?? Number.NaN;
}

const RUNS = [
  { label: 'OFT', other: false, method: 'oft', factors: ['Q'], within: 0.01 },
  { label: 'SHiRA', other: false, method: 'shira', factors: ['θ'], within: 1e-4 },
  { label: 'LoKr', other: true, method: 'lokr', factors: ['C', 'W₂'], within: 0.002 },
] as const;

for (const { label, other, method, factors, within } of RUNS)
  test(`${label}: chosen by its tile it trains to its floor; strip, link and run file have its numbers`, async ({
    page,
  }) => {
    await openAndWait(page, `./?backend=cpu${START}`);
    const row = page.locator('[data-param=method]');
    if (other) await row.getByRole('button', { name: 'Method: more' }).click();
    await row.getByRole('button', { name: label, exact: true }).click();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByText(/^(Finished|Converged)\b/).first()).toBeVisible();
    for (const name of factors)
      await expect(page.getByRole('img', { name: new RegExp(`^Heat map of ${name}, trained`) })).toBeVisible();
    const link = await currentLink(page);
    expect(link).toContain(`method=${method}`);
    const run = await runOf(page);
    const end = run.trace.relativeError.at(-1) ?? Number.NaN;
    const floor = floorOf(link);
    expect(floor).toBeGreaterThan(0);
    expect(end).toBeGreaterThan(floor - 1e-5);
    expect(end - floor).toBeLessThan(within);

    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Run (JSON)' }).click();
    const path = await (await saved).path();
    await page.keyboard.press('Escape');
    await openLink(page, '#v=1&d=8&k=8');
    await expect(page.getByText(label, { exact: true }).first()).toBeAttached();
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('button', { name: 'Open a run file …' }).click();
    await (await chosen).setFiles(path);
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(run.trace.loss.length);
    const back = await runOf(page);
    expect(back.trace).toEqual(run.trace);
    expect(back.layers[0].final).toEqual(run.layers[0].final);
    expect(await currentLink(page)).toContain(`method=${method}`);
    await expect(page.getByText(/contradicts/)).toHaveCount(0);
  });

test('a link that no method can follow is answered with a sentence', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&d=8&k=8');
  const said = async (link: string) => {
    const { notices } = await openLink(page, `#v=1&target=rotation&d=16&k=16&${link}`);
    return notices.join(' ');
  };
  const impossible = 'OFT needs blocks of 2 to 128 rows that divide d = 16; here they have 3. Use blocks of 16.';
  await expect(said('method=oft&block=3')).rejects.toThrow(impossible);
  await expect(page.getByText(impossible).first()).toBeVisible();
  expect(await said('method=shira&entries=-1')).toContain('entries=-1: must be a whole number from 1 to 256');
  expect(await said('method=lokr&factor=9x9')).toContain('factor=9x9: must be d₁xk₁');
  expect(await said('method=lokr&factor=0x1e9')).toContain('factor=0x1e9: must be');
  expect(await said('method=__proto__')).toContain('method=__proto__: must be lora, dora, ');
  expect(await said('method=oft&block=1e9')).toContain('block=1e9: must be a whole number from 1 to 16');
});
