import { currentLink, openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&target=picture&d=32&k=32&rank=4&steps=20&pace=max';

test('Present has tabs, a pace and a way out, and Back leaves it for the lab with the run as it is', async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(SMALL);
  await waitUntilReady(page);
  const { trace } = await trainRun(page);
  const lab = await currentLink(page);
  const html = page.locator('html');
  await page.getByRole('button', { name: 'Present' }).click();
  await expect(html).toHaveAttribute('data-view', 'present');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('combobox', { name: /Pace/ })).toBeVisible();
  const right = page.getByRole('group', { name: 'Right chart' });
  await right.getByRole('button', { name: /Effective rank/ }).click();
  await expect(page.locator('figure[data-chart=effectiveRank]')).toBeVisible();
  await expect(page.locator('figure[data-chart=gradients]')).toBeHidden();
  await page.keyboard.press('1');
  await expect(page.locator('figure[data-chart=spectrum]')).toBeVisible();
  await page.keyboard.press('Space');
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(trace.loss.length);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  const { trace: longer, link: kept } = await runOf(page);
  await page.goBack();
  await expect(html).toHaveAttribute('data-view', 'lab');
  expect((await runOf(page)).trace).toEqual(longer);
  await page.getByRole('button', { name: 'Present' }).click();
  await expect.poll(() => page.url()).toContain('view=present');
  await page.getByRole('button', { name: 'Exit' }).click();
  await expect(html).toHaveAttribute('data-view', 'lab');
  await expect.poll(() => page.url()).not.toContain('view=present');
  expect((await runOf(page)).trace).toEqual(longer);
  expect([lab.includes('view'), kept.includes('rank=4')]).toEqual([false, true]);
});

test('all of Present is in a small and in a large projector, and is read from the last row', async ({ page }) => {
  await page.goto(`${SMALL}&view=present`);
  await waitUntilReady(page);
  for (const target of ['edit', 'low-rank', 'regression']) {
    await openLink(page, `#v=1&target=${target}&view=present`);
    await waitUntilReady(page);
    await trainRun(page, 2);
    for (const [width, height] of [
      [1280, 720],
      [1024, 768],
      [1920, 1080],
    ] as const) {
      const at = `${target}, ${width} × ${height}`;
      await page.setViewportSize({ width, height });
      const beyond = () =>
        page.evaluate(() => {
          const { scrollWidth, scrollHeight } = document.documentElement;
          return [scrollWidth - innerWidth, scrollHeight - innerHeight];
        });
      await expect.poll(beyond, { message: at }).toEqual([0, 0]);
      await expect(page.locator('.pbar').getByRole('button', { name: /^Rank r/ })).toBeVisible();
      const texts = () =>
        page.evaluate(() => {
          const all = [...document.querySelectorAll('main *')].filter(
            (e) =>
              e.checkVisibility() &&
              !e.closest('.unseen, sub') &&
              [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
          );
          const ticks = [...document.querySelectorAll('.pbar .ticks span')].map((e) => e.getBoundingClientRect());
          return {
            smallest: Math.min(...all.map((e) => Number.parseFloat(getComputedStyle(e).fontSize))),
            cut: all
              .filter((e) => {
                const { left, right, top, bottom } = e.getBoundingClientRect();
                return left < 0 || right > innerWidth || top < 0 || bottom > innerHeight;
              })
              .map((e) => e.textContent),
            touching: ticks.some((box, i) => i > 0 && box.left < ticks[i - 1].right + 2),
          };
        });
      // 22 of the 1080 lines of a projector at any resolution, and at least 18 px.
      const min = Math.max(18, (22 * height) / 1080);
      await expect.poll(async () => (await texts()).smallest, { message: at }).toBeGreaterThanOrEqual(min);
      await expect.poll(texts, { message: at }).toMatchObject({ cut: [], touching: false });
    }
  }
});

test('forced colours mark the chart that is shown, and no other', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(`${SMALL}&view=present`);
  await waitUntilReady(page);
  const [shown, other] = [/^Gradient norms/, /^Effective rank/].map((name) =>
    page.getByRole('group', { name: 'Right chart' }).getByRole('button', { name }),
  );
  const ground = (button: typeof shown) => button.evaluate((e) => getComputedStyle(e).backgroundColor);
  const third = page.getByRole('group', { name: 'Left chart' }).getByRole('button', { pressed: false }).first();
  expect(await ground(shown)).not.toBe(await ground(other));
  expect(await ground(third)).toBe(await ground(other));
});
