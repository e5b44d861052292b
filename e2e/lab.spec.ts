import { partOf } from '../src/math/testing/part-of.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { currentLink, openAndWait, openLink, runOf, SMALL_RUN, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a newcomer sees the owl, presses Train, and the run ends at the floor', async ({ page }) => {
  await page.goto('./');
  await waitUntilReady(page);
  await expect(page.getByText('W₀ stays frozen', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('Ready, step 0 of 300').first()).toBeVisible();
  const run = page.getByRole('region', { name: 'Run' });
  // Awaited from before the press: on a slow machine a run of six seconds may be over before the next look.
  const pause = page.getByRole('button', { name: 'Pause' }).waitFor();
  await run.getByRole('button', { name: 'Train', exact: true }).click();
  await pause;
  await expect(page.getByText(/Finished, 300 of 300 steps/).first()).toBeVisible({ timeout: 60_000 });
  const { trace } = await runOf(page);
  expect(trace.relativeError.at(-1)).toBeLessThan(0.075);
});

test('axe finds nothing, light and dark', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  let checked = 0;
  const check = async (what: string, within?: string) => {
    // Each in one of the two, alternating.
    for (const scheme of partOf(['light', 'dark'] as const, 2, checked++)) {
      await setColorScheme(page, scheme);
      await expectNoViolations(page, `${what}, ${scheme}`, within);
    }
  };
  await check('idle');
  await trainRun(page);
  await check('finished');
  for (const name of [/^Share$/, /^Export$/, /^Shortcuts$/, /^All \d+ …$/]) {
    if (name.test('Shortcuts')) await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await check(name.source, 'dialog');
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(page.locator('.pad')).toBeVisible();
  await check('editor');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /What am I looking at\? Error/ }).click();
  await check('explain', 'dialog');
  // It is next to the chart that it explains.
  const apart = await page.evaluate(() => {
    const [a, b] = ['dialog', 'figure[data-chart=error]'].map((s) =>
      document.querySelector(s)?.getBoundingClientRect(),
    );
    return a && b && (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
  });
  expect(apart).toBe(true);
  await page.keyboard.press('Escape');
  await openLink(page, '#v=1&d=16&k=16&rank=900&nonsense=1&opt=sgd&lr=500');
  await trainRun(page);
  await check('diverged, with notices');
});

test('axe finds nothing: phone and present', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openAndWait(page, SMALL_RUN);
  await expectNoViolations(page, 'phone');
  await page.getByRole('button', { name: 'Set up' }).click();
  await expectNoViolations(page, 'sheet');
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1920, height: 1080 });
  await openLink(page, '#v=1&target=picture&d=32&k=32&view=present');
  await expectNoViolations(page, 'present');
});

test('nothing leaves the width of a phone, a tablet or a page at 200%', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  for (const width of [320, 390, 720, 820, 1100, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth + 1);
  }
});

test('each chart has a description, and it changes with the data', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const texts = () => page.getByRole('region', { name: 'Charts' }).locator('[role=group] > p').allTextContents();
  const before = await texts();
  expect(before).toHaveLength(4);
  await trainRun(page);
  await expect.poll(async () => (await texts()).filter((text, i) => text !== before[i]).length).toBe(4);
});

test('an automatic rate stays automatic in a shared link: its number holds until a setting changes', async ({
  page,
}) => {
  await openAndWait(page, './?backend=cpu#v=1&d=16&k=16&steps=5&pace=max');
  const shared = await currentLink(page);
  expect(shared).toMatch(/&lr=0\.\d+&auto=lr&/);
  // Another build may derive another number.
  const other = shared.replace(/&lr=[^&]+/, '&lr=0.001');
  for (const one of [shared, other]) {
    expect((await openLink(page, one)).notices).toEqual([]);
    expect(await currentLink(page)).toBe(one);
  }
  expect((await trainRun(page)).config).toMatchObject({ lr: 0.001, auto: 'lr' });
  await expect.poll(() => new URL(page.url()).hash).toBe(other);
  await page.reload();
  await waitUntilReady(page);
  expect(await currentLink(page)).toBe(other);
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('4');
  await rank.press('Enter');
  await expect.poll(() => currentLink(page)).toMatch(/rank=4.*&lr=(?!0\.001)[^&]+&auto=lr/);
});

test('a typed decimal may have a comma, and nonsense is answered with what is allowed', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
  const rate = page.getByRole('textbox', { name: 'Learning rate, typed' });
  await rate.fill('0,005');
  await rate.press('Enter');
  await expect.poll(() => currentLink(page)).toContain('lr=0.005');
  const rank = page.getByRole('textbox', { name: 'Rank r, typed' });
  await rank.fill('many');
  await rank.press('Enter');
  await expect(page.getByText(/1 to 64/).first()).toBeVisible();
});

test('a rate changed while it trains acts on the run and is recorded at its step', async ({ page }) => {
  await openAndWait(page, './?backend=cpu#v=1&d=64&k=64&rank=8&steps=20000&pace=50');
  // At this pace it runs for minutes, however fast or busy the machine is.
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

test('a drawing becomes the target, travels in the link, and comes back the same', async ({ page }) => {
  await openAndWait(page, SMALL_RUN);
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
  await expect.poll(() => currentLink(page)).toContain('data=');
  await waitUntilReady(page);
  await expect.poll(async () => (await runOf(page)).link).toContain('data=');
  const drawn = await runOf(page);
  expect(drawn.layers[0].target).not.toEqual(before.layers[0].target);
  expect(drawn.layers[0].base).toEqual(before.layers[0].base);
  const shared = await currentLink(page);
  expect(shared.length).toBeLessThan(8000);
  await openLink(page, '#v=1&d=8&k=8');
  expect((await openLink(page, shared)).notices).toEqual([]);
  expect((await runOf(page)).layers[0].target).toEqual(drawn.layers[0].target);
  expect(await currentLink(page)).toBe(shared);
});
