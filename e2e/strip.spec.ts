import { expectNoViolations } from './axe.ts';
import { runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const OWL = './?backend=cpu#v=1&target=edit&steps=40&rank=4';

test('an owl: W₀ + [B, A, ΔW] = W, and ΔW* aside', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(OWL);
  await waitUntilReady(page);
  const named = (name: RegExp) => page.getByRole('img', { name });
  await expect(page.getByText('nothing learned yet')).toBeVisible();
  await expect(page.getByText('so far the same as W₀')).toBeVisible();
  const boxes = await Promise.all(
    [/^Picture of W₀/, /^Heat map of B/, /^Heat map of ΔW =/, /^Picture of W,/, /^Heat map of ΔW\*/].map((name) =>
      named(name).boundingBox(),
    ),
  );
  const [W0, B, dW, W, target] = boxes.map((box) => box ?? { x: 0, y: 0, width: 0, height: 0 });
  const lefts = [W0, B, dW, W, target].map(({ x }) => x);
  expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
  // Cells of 4 px, of ΔW* 3.
  expect([W0.width, dW.width, W.width, target.width]).toEqual([256, 256, 256, 192]);

  await trainRun(page);
  await expect(page.getByText('nothing learned yet')).toBeHidden();
  await expect(page.getByText('the owl plus what ΔW has learned')).toBeVisible();
  await expect(page.getByText(/gives W, the owl with sunglasses\. .* Relative error 0\.\d+\./)).toBeAttached();

  // A cell is marked in W₀, ΔW, W and ΔW*, with its row of B and its column of A; its value is a sum.
  await page.mouse.move(dW.x + 128, dW.y + 90);
  await expect(page.locator('.outline rect')).toHaveCount(6);
  await expect(page.getByText(/^= 4·\(−?[\d.·⁻⁰-⁹]+/)).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(page.locator('.outline')).toHaveCount(0);

  const aside = page.getByRole('combobox', { name: 'Beside W' });
  await aside.selectOption({ label: 'Remaining error' });
  await expect(named(/^Heat map of E/)).toBeVisible();
  await expect(named(/^Heat map of ΔW\*/)).toHaveCount(0);
  await expectNoViolations(page);
});

test('W is light and dark as W₀ is before anything is learned, in its own ink', async ({ page }) => {
  await page.goto(OWL);
  await waitUntilReady(page);
  // Pictures are painted in a later task.
  const sizes = () => page.locator('canvas.plane').evaluateAll((all) => all.map((c) => (c as HTMLCanvasElement).width));
  await expect.poll(sizes).toEqual([64, 64, 4, 64, 64, 64]);
  const tones = await page.evaluate(() => {
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>('canvas.plane')];
    return ['Picture of W,', 'Picture of W₀'].map((name) => {
      const canvas = canvases.find((one) => one.ariaLabel?.startsWith(name));
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] + data[4 * i + 1] + data[4 * i + 2]);
    });
  });
  const [W, W0] = tones;
  expect(W).toHaveLength(64 * 64);
  // The same order of tones; W₀ is nowhere darker.
  expect(W.every((tone, i) => tone <= W0[i])).toBe(true);
  expect(Math.min(...W)).toBeLessThan(Math.min(...W0));
  expect(W.indexOf(Math.min(...W))).toBe(W0.indexOf(Math.min(...W0)));
});

for (const [width, height] of [
  [390, 844],
  [360, 640],
] as const)
  test(`${width} × ${height}: the rank and the whole of W are on one screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await page.goto(OWL);
    await waitUntilReady(page);
    const covered = () =>
      page.evaluate(() => {
        const W = document.querySelector('.plane.framed')?.getBoundingClientRect();
        const dock = document.querySelector('.dock')?.getBoundingClientRect();
        return W && dock ? [W.top >= 0, W.bottom <= dock.top, W.width > 100] : [];
      });
    await expect.poll(covered).toEqual([true, true, true]);
    await expect(page.locator('.dock input[type=range]')).toBeInViewport();
  });

test('looking back has a way back to live', async ({ page }) => {
  await page.goto(OWL);
  await waitUntilReady(page);
  await trainRun(page);
  await page.getByRole('slider', { name: /Timeline/ }).fill('12');
  await expect(page.getByText(/viewing step 12 of 40/i).first()).toBeVisible();
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(page.getByRole('slider', { name: /Timeline/ })).toHaveValue('40');
  await expect(page.getByRole('button', { name: 'Back to live' })).toBeHidden();
});

test('a run of high rank at full speed has the spectra of many steps in the end', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&target=picture&rank=48&steps=200');
  await waitUntilReady(page);
  await trainRun(page);
  const steps = async () => (await runOf(page)).layers[0].trace.effectiveRank.step.length;
  await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(50);
});
