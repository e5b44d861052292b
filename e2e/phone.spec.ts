import { runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const small = (target: string) => `./?backend=cpu#v=1&target=${target}&d=64&k=64&rank=8&steps=20&pace=max`;

for (const [width, height] of [
  [390, 844],
  [360, 640],
  [844, 390],
] as const)
  test(`${width} × ${height}: rank, Train, Rewind, ΔW and a chart are on one screen`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    // In portrait the owl itself shows the effect of a setting, and no chart covers it: strip.spec.ts.
    await page.goto(small(height > width ? 'picture' : 'edit'));
    await waitUntilReady(page);
    await trainRun(page);
    const seen = () =>
      page.evaluate(() => {
        /** Share of an element inside the window and covered by nothing, on a grid of points. */
        const share = (element: Element | null | undefined) => {
          if (!element) return -1;
          const { left, top, width, height } = element.getBoundingClientRect();
          const parts = [0.05, 0.3, 0.5, 0.7, 0.95];
          const hits = parts.flatMap((u) =>
            parts.map((v) => document.elementFromPoint(left + u * width, top + v * height)),
          );
          const own = (hit: Element | null) => hit && (element.contains(hit) || hit.closest('.strip, .dock .ctl'));
          return hits.filter(own).length / hits.length;
        };
        const named = (name: string) => [...document.querySelectorAll('button')].find((b) => b.textContent === name);
        return {
          train: share(named('Train more')),
          rewind: share(named('Rewind')),
          more: share(named('More')),
          rank: share(document.querySelector('.dock input[type=range]')),
          plot: share(document.querySelector('.plot')),
          dW: share(document.querySelector('.strip .walker')),
        };
      });
    await expect.poll(seen).toEqual({ train: 1, rewind: 1, more: 1, rank: 1, plot: 1, dW: 1 });
    await page.getByRole('button', { name: 'Rewind' }).click();
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(1);
    // The name of the experiment is complete, and nothing touches the edge of the bar.
    const bar = await page.evaluate(() => {
      const inside = document.querySelector('.bar')?.getBoundingClientRect();
      const boxes = [...document.querySelectorAll('.bar > :is(h1, nav, .btn, .menu)')].map((e) =>
        e.getBoundingClientRect(),
      );
      return boxes.every((b) => inside && b.top >= inside.top + 2 && b.bottom <= inside.bottom - 2);
    });
    expect(bar).toBe(true);
  });

test('names and notes are read in full, no caption passes the margin, and a lesson leaves what it is about in sight', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./?backend=cpu');
  await waitUntilReady(page);
  const names = page.getByRole('combobox', { name: 'Experiment' });
  for (const name of ['One small step of LoRA-GA', 'Edit: sunglasses for an owl']) {
    await page.getByRole('button', { name: 'Places: Lab' }).click();
    await names.selectOption({ label: name });
    await page.keyboard.press('Escape');
    await waitUntilReady(page);
    const note = page.getByRole('note', { name: 'About this experiment' }).locator('p');
    await expect(note).toContainText('Watch:');
    expect(await note.evaluate((p) => p.scrollHeight - p.clientHeight)).toBeLessThanOrEqual(1);
  }
  for (const [width, height] of [
    [390, 844],
    [360, 640],
    [320, 568],
  ] as const) {
    await page.setViewportSize({ width, height });
    const at = `${width} × ${height}`;
    // Room left by the name of the default experiment, triangle included.
    const spare = () =>
      names.evaluate((select: HTMLSelectElement) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(select);
        const pen = document.createElement('canvas').getContext('2d');
        if (!pen) return -1;
        pen.font = font;
        const words = pen.measureText(select.selectedOptions[0].text).width;
        return select.clientWidth - words - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
      });
    await page.getByRole('button', { name: 'Places: Lab' }).click();
    await expect.poll(spare, { message: at }).toBeGreaterThan(10);
    await page.keyboard.press('Escape');
    const past = () =>
      page.locator('.strip').evaluate((strip) => {
        const { left, right } = strip.getBoundingClientRect();
        const boxes = [...strip.querySelectorAll('.head, figcaption p')].map((text) => {
          const range = document.createRange();
          range.selectNodeContents(text);
          return range.getBoundingClientRect();
        });
        return boxes.some((box) => box.left < left - 1 || box.right > right + 1);
      });
    await expect.poll(past, { message: at }).toBe(false);
  }
  for (const [width, height] of [
    [390, 844],
    [360, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.getByRole('button', { name: /^What is LoRA\?/ }).click();
    const covered = (parts: string) =>
      page.evaluate((all) => {
        const sheet = document.querySelector('.lesson')?.getBoundingClientRect();
        const boxes = [...document.querySelectorAll(all)].map((e) => e.getBoundingClientRect());
        return !sheet || boxes.length === 0 || boxes.some(({ top, bottom }) => top < 0 || bottom > sheet.top);
      }, parts);
    await expect.poll(() => covered('.hero [data-matrix="W0"], .hero [data-matrix="W"]')).toBe(false);
    for (let step = 2; step <= 4; step++) await page.getByRole('button', { name: 'Next' }).click();
    await expect.poll(() => covered('figure[data-chart="error"]')).toBe(false);
    await page.getByRole('button', { name: 'Close' }).click();
  }
});
