import type { Page } from '@playwright/test';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openLink, runOf, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const OWL = './?backend=cpu#v=1&target=edit&steps=40&pace=max';

async function stroke(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const box = await page.locator('.pad').boundingBox();
  if (!box) throw new Error('there is nothing to draw on');
  const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

/** Of the whole drawing: measurements before the last stroke do not count. */
async function floorShown(page: Page): Promise<number> {
  await expect(page.locator('.findings')).toHaveAttribute('aria-busy', 'false');
  return Number(await page.locator('.findings .figure').textContent());
}

test('what is drawn on the owl becomes the update, trains at once, and travels in the link', async ({ page }) => {
  await page.goto(OWL);
  await waitUntilReady(page);
  await page.locator('[data-param=edit]').getByRole('button', { name: 'drawn' }).click();
  await expect(page.getByText('Nothing drawn yet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use it' })).toBeDisabled();
  const said = page.locator('.findings [role=status]');
  await stroke(page, [0.5, 0.2], [0.9, 0.7]);
  await expect(said).toHaveText(/^lowest possible error at rank 8: 0\.\d+, \d+ directions$/);
  const one = await floorShown(page);
  await stroke(page, [0.1, 0.75], [0.4, 0.95]);
  await expect.poll(() => floorShown(page)).toBeGreaterThan(one);
  const two = await floorShown(page);
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect.poll(() => floorShown(page)).toBeCloseTo(one, 6);
  // The rail remains: the rank moves the floor, and the run on screen ignores the drawing.
  await page.locator('.rail .rank input[type=range]').press('ArrowLeft');
  await expect(page.locator('.findings .at')).toContainText('lowest possible error at rank 4');
  expect(await floorShown(page)).toBeGreaterThan(one);
  await expect(page.locator('.findings li')).toHaveText(['rank 1', 'rank 2', 'rank 4', 'rank 8']);
  await page.locator('.rail .rank input[type=range]').press('ArrowRight');
  expect(await currentLink(page)).not.toContain('data=');

  await stroke(page, [0.1, 0.75], [0.4, 0.95]);
  await expect.poll(() => floorShown(page)).toBeCloseTo(two, 6);
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(page.locator('.editor')).toHaveCount(0);
  await expect.poll(async () => (await runOf(page)).status).toBe('finished');
  const run = await runOf(page);
  const error = run.trace.relativeError.at(-1) ?? Number.NaN;
  expect(error).toBeGreaterThan(two * 0.999);
  expect(error).toBeLessThan(1);
  const shared = await currentLink(page);
  expect(shared).toMatch(/target=edit&.*data=Fw/);
  await openLink(page, '#v=1&d=8&k=8');
  expect((await openLink(page, shared)).notices).toEqual([]);
  expect((await runOf(page)).layers[0].target).toEqual(run.layers[0].target);
});

test('the keys draw, change pen and size, and nothing that was drawn is lost unasked', async ({ page }) => {
  await page.goto(OWL);
  await waitUntilReady(page);
  await page.keyboard.press('b');
  const pad = page.getByRole('application', { name: 'Drawing' });
  await expect(pad).toBeFocused();
  const size = page.getByRole('slider', { name: 'Size' });
  for (const key of [']', ']', '[']) await page.keyboard.press(key);
  await expect(size).toHaveValue('2.5');
  await page.keyboard.press('x');
  await expect(page.getByRole('button', { name: 'Light', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('x');
  await page.keyboard.press('x');
  const said = page.locator('.findings [role=status]');
  await page.keyboard.down(' ');
  for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
  await expect(said).toHaveText('');
  await page.keyboard.up(' ');
  // A level stroke between two rows, 17 cells long: its rows share one direction and their ends add few.
  await expect(said).toHaveText(/^lowest possible error at rank 8: 0(\.\d+)?, \d+ directions?$/);
  await expect(page.getByText('row 33, column 49')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toContainText('Discard what you drew?');
  await expect(page.getByRole('button', { name: 'Keep drawing' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  // Another target closes the editor; the drawing is there when it opens again.
  await page.getByRole('button', { name: 'decay', exact: true }).click();
  await expect(page.locator('.editor')).toHaveCount(0);
  await page.keyboard.press('b');
  await expect(page.locator('.findings .figure')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.locator('.editor')).toHaveCount(0);
  await page.keyboard.press('b');
  await expect(page.getByText('Nothing drawn yet')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.editor')).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('a finger draws and does not scroll; axe finds nothing, light and dark', async ({ page }) => {
    await page.goto(OWL);
    await waitUntilReady(page);
    await page.keyboard.press('b');
    const box = await page.locator('.pad').boundingBox();
    if (!box) throw new Error('there is nothing to draw on');
    expect(box.width).toBeGreaterThan(350);
    const finger = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y: number) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + 120, y: box.y + y }],
      });
    await touch('touchStart', 280);
    for (const y of [220, 160, 100, 40]) await touch('touchMove', y);
    await touch('touchEnd', 40);
    await expect(page.locator('.findings .figure')).toBeVisible();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    for (const button of await page.locator('.editor .tools button, .editor .dock .acts button').all())
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await expect(page.locator('.dock').getByRole('button', { name: 'Use it' })).toBeEnabled();
    for (const scheme of ['light', 'dark'] as const) {
      await setColorScheme(page, scheme);
      await expectNoViolations(page, scheme);
    }
  });
});
