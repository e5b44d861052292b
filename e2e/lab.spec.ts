import type { Page } from '@playwright/test';
import { axeFindsNothing, dress } from './axe.ts';
import { keptRun, link, open, ready, runOf, train } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SMALL = './?backend=cpu#v=1&target=picture&d=64&k=64&rank=8&steps=60&pace=max';

async function start(page: Page, address: string) {
  await page.goto(address);
  await ready(page);
}

test('a newcomer sees the owl, presses Train, and the run ends at the floor', async ({ page }) => {
  await page.goto('./');
  await ready(page);
  await expect(page.getByText('W₀ stays frozen', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('Ready, step 0 of 300').first()).toBeVisible();
  const run = page.getByRole('region', { name: 'Run' });
  await run.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.getByText(/Finished, 300 of 300 steps/).first()).toBeVisible({ timeout: 60_000 });
  const { trace } = await runOf(page);
  expect(trace.relativeError.at(-1)).toBeLessThan(0.075);
});

test('the whole main path works with the keyboard alone', async ({ page }) => {
  await start(page, SMALL);
  await page.keyboard.press('+');
  await expect(page.getByRole('slider', { name: 'Rank r' })).toHaveAttribute('aria-valuetext', /16/);
  await ready(page);
  await page.keyboard.press('t');
  await expect(page.getByText(/Finished, 60 of 60/).first()).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('slider', { name: /Timeline/ })).not.toHaveValue('60');
  await page.keyboard.press('r');
  await expect(page.getByText(/Ready, step 0/).first()).toBeVisible();
  await page.keyboard.press('s');
  await expect(page.getByText(/step 1 of 60/).first()).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await expect(page.locator('html')).toHaveAttribute('data-view', 'present');
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).not.toHaveAttribute('data-view', 'present');
});

test('at 200 % zoom arrows and space scroll the page and walk its controls: a finished run stays', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  await start(page, SMALL);
  const { trace } = await train(page);
  const before = await link(page);
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    // A button, a link or a picture with the focus; sliders and choices take the arrows as everywhere.
    const takes = await page.evaluate(() => document.activeElement?.matches('input, select'));
    if (!takes) for (const key of ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']) await page.keyboard.press(key);
  }
  expect(await link(page)).toBe(before);
  const run = await runOf(page);
  expect([run.status, run.trace]).toEqual(['finished', trace]);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`axe finds nothing: ${scheme}`, async ({ page }) => {
    await start(page, SMALL);
    await dress(page, scheme);
    await axeFindsNothing(page, 'idle');
    await train(page);
    await axeFindsNothing(page, 'finished');
    for (const name of ['Share link', 'Export', 'Shortcuts', 'All 17 …']) {
      if (name === 'Shortcuts') await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await axeFindsNothing(page, name);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    await expect(page.locator('.pad')).toBeVisible();
    await axeFindsNothing(page, 'editor');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /What am I looking at\? Error/ }).click();
    await axeFindsNothing(page, 'explain');
    // It stands beside the chart that it explains.
    const apart = await page.evaluate(() => {
      const [a, b] = ['dialog', 'figure[data-chart=error]'].map((s) =>
        document.querySelector(s)?.getBoundingClientRect(),
      );
      return a && b && (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
    });
    expect(apart).toBe(true);
    await page.keyboard.press('Escape');
    await open(page, '#v=1&d=16&k=16&rank=900&nonsense=1&opt=sgd&lr=500');
    await train(page);
    await axeFindsNothing(page, 'diverged, with notices');
  });
}

test('axe finds nothing: phone and present', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await start(page, SMALL);
  await axeFindsNothing(page, 'phone');
  await page.getByRole('button', { name: 'Set up' }).click();
  await axeFindsNothing(page, 'sheet');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await open(page, '#v=1&target=picture&d=32&k=32&view=present');
  await axeFindsNothing(page, 'present');
});

test('nothing leaves the width of a phone, a tablet or a page at 200%', async ({ page }) => {
  await start(page, SMALL);
  for (const width of [320, 390, 720, 820, 1100, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth + 1);
  }
});

test('each chart has a description, and it changes with the data', async ({ page }) => {
  await start(page, SMALL);
  const texts = () => page.getByRole('region', { name: 'Charts' }).locator('[role=group] > p').allTextContents();
  const before = await texts();
  expect(before).toHaveLength(4);
  await train(page);
  await expect.poll(async () => (await texts()).filter((text, i) => text !== before[i]).length).toBe(4);
});

test('rank changes restart from the same seed; undo and redo; the address follows; back works', async ({ page }) => {
  await start(page, SMALL);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('12');
  await rank.press('Enter');
  await expect.poll(() => link(page)).toContain('rank=12');
  await ready(page);
  await expect.poll(() => new URL(page.url()).hash).toContain('rank=12');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => link(page)).toContain('rank=8');
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect.poll(() => link(page)).toContain('rank=12');
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'True rank 8' });
  await expect.poll(() => new URL(page.url()).hash).toContain('target=low-rank');
  await page.goBack();
  await expect.poll(() => link(page)).toContain('target=picture');
});

test('another rank trains again at once, and Undo brings the finished run back, number for number', async ({
  page,
}) => {
  await start(page, SMALL);
  const first = await train(page);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('2');
  await rank.press('Enter');
  await expect.poll(async () => (await runOf(page)).config.rank).toBe(2);
  expect(await runOf(page)).toMatchObject({ status: 'finished', trace: { step: { length: 61 } } });
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await runOf(page)).config.rank).toBe(8);
  const back = await runOf(page);
  expect([back.trace, back.layers[0].final, back.status]).toEqual([first.trace, first.layers[0].final, 'finished']);
  // It can go on: its last entry is measured again on the way.
  const { trace } = await train(page, 5);
  expect(trace.loss).toHaveLength(66);
  expect(trace.loss.slice(0, 61)).toEqual(first.trace.loss);
});

test('an automatic rate stays automatic in a shared link: its number holds until a setting changes', async ({
  page,
}) => {
  await start(page, './?backend=cpu#v=1&d=16&k=16&steps=5&pace=max');
  const shared = await link(page);
  expect(shared).toMatch(/&lr=0\.\d+&auto=lr&/);
  // Another build may derive another number.
  const other = shared.replace(/&lr=[^&]+/, '&lr=0.001');
  for (const one of [shared, other]) {
    expect((await open(page, one)).notices).toEqual([]);
    expect(await link(page)).toBe(one);
  }
  expect((await train(page)).config).toMatchObject({ lr: 0.001, auto: 'lr' });
  await expect.poll(() => new URL(page.url()).hash).toBe(other);
  await page.reload();
  await ready(page);
  expect(await link(page)).toBe(other);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('4');
  await rank.press('Enter');
  await expect.poll(() => link(page)).toMatch(/rank=4.*&lr=(?!0\.001)[^&]+&auto=lr/);
});

test('a typed decimal may have a comma, and nonsense is answered with what is allowed', async ({ page }) => {
  await start(page, SMALL);
  const rate = page.getByRole('textbox', { name: 'Learning rate, typed' });
  await rate.fill('0,005');
  await rate.press('Enter');
  await expect.poll(() => link(page)).toContain('lr=0.005');
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('many');
  await rank.press('Enter');
  await expect(page.getByText(/1 to 64/).first()).toBeVisible();
});

test('a rate changed while it trains acts on the run and is recorded at its step', async ({ page }) => {
  await start(page, './?backend=cpu#v=1&d=64&k=64&rank=8&steps=20000&pace=50');
  // At this pace it goes on for minutes, however fast or busy the machine is.
  await page.getByRole('region', { name: 'Run' }).getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(50);
  const rate = page.getByRole('textbox', { name: 'Learning rate, typed' });
  await rate.fill('0.001');
  await rate.press('Enter');
  await expect.poll(async () => (await runOf(page)).changes).toHaveLength(1);
  const run = await page.evaluate(() => window.loraExplorer.pause());
  const [change] = run.changes;
  expect(change).toMatchObject({ key: 'lr', value: 0.001 });
  expect(change.step).toBeGreaterThan(0);
  expect(change.step).toBeLessThan(run.trace.loss.length);
  expect(run.link).not.toContain('lr=0.001');
});

test('a run file comes out, and dropped on the page it comes back; a broken one is refused by name', async ({
  page,
}) => {
  await start(page, SMALL);
  const file = await train(page);
  await open(page, '#v=1&d=8&k=8');
  const drop = (name: string, text: string) =>
    page.evaluate(
      ([n, t]) => {
        const data = new DataTransfer();
        data.items.add(new File([t], n, { type: 'application/json' }));
        for (const type of ['dragenter', 'dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [name, text],
    );
  await drop('bad.json', JSON.stringify({ ...file, version: 7 }));
  await expect(page.getByText(/version: found 7, expected 1/).first()).toBeVisible();
  expect((await runOf(page)).config).toMatchObject({ d: 8 });
  await drop('run.json', JSON.stringify(file));
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(61);
  const back = await runOf(page);
  expect(back.trace).toEqual(file.trace);
  expect(back.layers[0].final).toEqual(file.layers[0].final);
  expect(back.status).toBe('finished');
  // It can go on: its steps are repeated first.
  expect((await train(page, 5)).trace.loss).toHaveLength(66);
});

test('downloads: run, trace, chart as SVG, PNG and CSV', async ({ page }) => {
  await start(page, SMALL);
  await train(page);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const names: string[] = [];
  const buttons = page.getByRole('dialog').getByRole('button', { name: /JSON|CSV|SVG|PNG/ });
  await expect(buttons.first()).toBeVisible();
  expect(await buttons.count()).toBeGreaterThan(8);
  // A browser lets a page save ten files in a row; the others differ in the chart only.
  for (const button of (await buttons.all()).slice(0, 8)) {
    const [download] = await Promise.all([page.waitForEvent('download', { timeout: 20_000 }), button.click()]);
    names.push(download.suggestedFilename());
  }
  for (const end of ['.json', '-trace.csv', '.svg', '.png'])
    expect(
      names.some((n) => n.endsWith(end)),
      end,
    ).toBe(true);
});

test('a finished run is offered again after a reload', async ({ page }) => {
  await start(page, SMALL);
  const file = await train(page);
  // It is written half a second after it ends.
  await expect.poll(() => keptRun(page)).toContain('"status":"finished"');
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBe(61);
  expect((await runOf(page)).trace).toEqual(file.trace);
});

test('a run that still trains is offered again after a reload in the middle of it, and goes on', async ({ page }) => {
  await start(page, './?backend=cpu#v=1&d=16&k=16&rank=4&steps=100000&pace=50');
  await page.getByRole('region', { name: 'Run' }).getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(20);
  const before = (await runOf(page)).trace.loss;
  await page.reload();
  await ready(page);
  await page.getByRole('button', { name: 'Reopen' }).click();
  await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThanOrEqual(before.length);
  const kept = await runOf(page);
  expect(kept.trace.loss.slice(0, before.length)).toEqual(before);
  expect(kept.status).toBe('paused');
  expect((await train(page, 5)).trace.loss).toHaveLength(kept.trace.loss.length + 5);
});

test('cells of ΔW are read by arrow keys: value, row of B, column of A', async ({ page }) => {
  await start(page, SMALL);
  await train(page);
  await page.getByRole('group', { name: /Cells of ΔW/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/row \d+, column \d+/).first()).toBeVisible();
});

test('a drawing becomes the target, travels in the link, and comes back the same', async ({ page }) => {
  await start(page, SMALL);
  const before = await runOf(page);
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  const sheet = page.getByRole('application', { name: 'Drawing' });
  const box = await sheet.boundingBox();
  if (!box) throw new Error('there is no sheet to draw on');
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.7, { steps: 12 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect.poll(() => link(page)).toContain('data=');
  await ready(page);
  await expect.poll(async () => (await runOf(page)).link).toContain('data=');
  const drawn = await runOf(page);
  expect(drawn.layers[0].target).not.toEqual(before.layers[0].target);
  expect(drawn.layers[0].base).toEqual(before.layers[0].base);
  const shared = await link(page);
  expect(shared.length).toBeLessThan(8000);
  await open(page, '#v=1&d=8&k=8');
  expect((await open(page, shared)).notices).toEqual([]);
  expect((await runOf(page)).layers[0].target).toEqual(drawn.layers[0].target);
  expect(await link(page)).toBe(shared);
});
