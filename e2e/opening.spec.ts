/** The tour, the notes on an experiment, and About. */

import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { currentLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test.use({ firstVisit: true });

const caption = (page: Page) => page.locator('.caption .claim');

/** The test controls the page's clock, so that nobody waits for the first step. */
async function visit(page: Page, address = './?backend=cpu') {
  await page.clock.install();
  await page.goto(address);
  await waitUntilReady(page);
}

/** Captions from now on, each once, and the maximum of lines from one: nothing has to be caught in time. */
async function watched(page: Page): Promise<() => Promise<{ captions: string[]; lines: number }>> {
  await page.evaluate(() => {
    const seen = { captions: [] as string[], lines: 0 };
    const measure = () => {
      const said = document.querySelector('.caption .claim')?.textContent ?? '';
      if (said && !seen.captions.includes(said)) seen.captions.push(said);
      seen.lines = Math.max(seen.lines, document.querySelectorAll('.marks path').length);
    };
    new MutationObserver(measure).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen });
  });
  return () => page.evaluate(() => (window as unknown as { seen: { captions: string[]; lines: number } }).seen);
}

test('the first visit plays by itself, once, and ends with something to press', async ({ page }) => {
  await visit(page);
  await expect(caption(page)).toHaveText('This owl, W₀, is what the layer already knows. It stays frozen.');
  await expect(page.locator('.marks path')).toHaveCount(1);
  const top = () => page.locator('.hero').evaluate((hero) => hero.getBoundingClientRect().top);
  const before = await top();
  const seen = await watched(page);
  await page.clock.runFor(3000);
  await page.clock.resume();
  await expect(caption(page)).toHaveText(
    'Rank 8 means 8 columns in B and 8 rows in A. With 1,024 numbers instead of 4,096, the sunglasses already look right. Your turn:',
    { timeout: 60_000 },
  );
  expect(await top()).toBe(before);
  const { captions, lines } = await seen();
  const only = 'Only B and A are trained. Their product ΔW draws sunglasses';
  expect(captions).toEqual(expect.arrayContaining([`${only}.`, `${only}, and W wears them.`]));
  expect(lines).toBe(4);
  await expect(page.locator('.marks .frame')).toHaveCount(1);
  await expect(page.locator('.marks .ring')).toHaveCount(1);
  await page.getByRole('button', { name: 'Rank 1' }).click();
  await expect(caption(page)).toHaveText(
    /^Rank 1 is one column times one row: a dark bar, and the eyes shine through./,
  );
  expect(await currentLink(page)).toMatch(/rank=1&alpha=2&/);
  expect((await runOf(page)).trace.relativeError.at(-1)).toBeCloseTo(0.644, 2);
  await expect(page.getByText('α follows, so s stays 2.')).toBeVisible();
  // Opening the editor and cancelling loses nothing, nor does moving the rank, opening a panel or pressing Esc.
  await page.getByRole('button', { name: 'Draw on the owl' }).click();
  await expect(page.locator('.editor')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(caption(page)).toHaveText(/Your turn:$/);
  await page.keyboard.press('Escape');
  await page.getByRole('slider', { name: 'Rank r' }).press('ArrowRight');
  await page.getByRole('slider', { name: 'Rank r' }).press('ArrowRight');
  // On a slow machine the user starts the run of another rank.
  const asked = caption(page).getByText(/: press Train\.$/);
  const told = caption(page).getByText(
    'Rank 4: 512 numbers, not 4,096. They make rough sunglasses: the error is 0.214, as low as rank 4 allows. Your turn:',
  );
  await expect(asked.or(told)).toBeVisible();
  if (await asked.isVisible()) await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(told).toBeVisible();
  expect(await currentLink(page)).toMatch(/rank=4&alpha=8&/);
  await page.getByRole('button', { name: 'as low as rank 4 allows' }).click();
  await expect(page.getByRole('dialog', { name: /Error against rank/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const address = page.getByRole('textbox', { name: 'Link' });
  await expect(address).toHaveValue(/&done=1$/);
  await page.getByRole('checkbox', { name: 'Open the link with this run trained' }).uncheck();
  expect(await address.inputValue()).toContain(await currentLink(page));
  await expect(address).not.toHaveValue(/done=1/);
  await page.keyboard.press('Escape');
  await expect(caption(page)).toHaveText(/Your turn:$/);
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(caption(page)).toHaveText(/^This owl|^Only B and A/);
  await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'A hat: four directions' });
  await expect(page.locator('.caption')).toHaveCount(0);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Play the introduction' }).click();
  await expect(caption(page)).toHaveText(/^This owl|^Only B and A/);
  await page.goto('about:blank');
  await page.goto('./?backend=cpu');
  await waitUntilReady(page);
  await expect(page.getByText('W₀ stays frozen', { exact: false }).first()).toBeVisible();
  await expect(page.locator('.caption')).toHaveCount(0);
});

test('Skip and Esc lead to its end at once, told in one message', async ({ page }) => {
  await visit(page);
  await expect(caption(page)).toBeVisible();
  // Skipping bar and rail does not skip the caption.
  await page.getByRole('button', { name: 'Skip to the matrices' }).press('Enter');
  const introduction = page.getByRole('region', { name: 'Introduction in three captions' });
  await expect(introduction).toBeFocused();
  await expect(introduction).toHaveAccessibleDescription(/^This owl, W₀, is what the layer already knows/);
  await page.keyboard.press('Escape');
  await expect(caption(page)).toHaveText(/Your turn:$/);
  await expect(introduction).toBeFocused();
  expect((await runOf(page)).trace.loss).toHaveLength(301);
  const said = page.locator('[role=status]').filter({ hasText: /Finished/ });
  await expect(said).toHaveText([/^Finished. Rank 8 means .* Your turn.$/]);
  await page.getByRole('button', { name: 'Play again' }).click();
  await expect(caption(page)).toHaveText(/^This owl|^Only B and A/);
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect(introduction).toBeFocused();
  await expect(caption(page)).toHaveText(/Your turn:$/);
});

test('it never plays on a link', async ({ page }) => {
  for (const address of ['./?backend=cpu#v=1', './?backend=cpu#v=1&target=edit&view=embed']) {
    await page.goto('about:blank');
    await page.goto(address);
    await waitUntilReady(page);
    await expect(page.locator('.strip')).toBeVisible();
    await expect(page.locator('.caption')).toHaveCount(0);
  }
});

test('a script that trains ends it', async ({ page }) => {
  await visit(page);
  expect((await trainRun(page, 5)).trace.loss).toHaveLength(6);
  await expect(page.locator('.caption')).toHaveCount(0);
});

test.describe('with less motion', () => {
  test.use({ reducedMotion: 'reduce' });

  test('it waits for Next', async ({ page }) => {
    await page.goto('./?backend=cpu');
    await waitUntilReady(page);
    const next = page.getByRole('button', { name: 'Next' });
    await expect(next).toBeVisible();
    await next.click();
    await expect(page.getByText('step 20 of 300').first()).toBeVisible();
    await expect(caption(page)).toHaveText(
      'Only B and A are trained. Their product ΔW draws sunglasses, and W wears them.',
    );
    await next.click();
    await expect(caption(page)).toHaveText(/Your turn:$/);
    await expect(next).toHaveCount(0);
  });
});

test('on a phone what a caption names is framed, and no line is drawn', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await visit(page);
  await expect(page.locator('.marks .frame')).not.toHaveCount(0);
  await expect(page.locator('.marks path')).toHaveCount(0);
  await expectNoViolations(page, 'the opening on a phone');
});

test.describe('an experiment', () => {
  test.use({ firstVisit: false });

  test('says what to watch, with its act, until that is hidden; About names version and papers', async ({ page }) => {
    await page.goto('./?backend=cpu');
    await waitUntilReady(page);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Dead start: A = B = 0' });
    const note = page.getByRole('note', { name: 'About this experiment' });
    await expect(note).toContainText('Watch:');
    await note.getByRole('button', { name: 'Limits' }).click();
    await expect(note).toContainText('Limits:');
    await note.getByRole('button', { name: 'Use kaiming instead' }).click();
    await expect.poll(() => currentLink(page)).toContain('init=kaiming-uniform');
    await expect.poll(async () => (await runOf(page)).trace.loss.length).toBeGreaterThan(1);
    await page.getByRole('combobox', { name: 'Experiment' }).selectOption({ label: 'Merging in bfloat16' });
    await note.getByRole('button', { name: 'Merge now' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await note.getByRole('button', { name: 'Hide this note' }).click();
    await expect(note).toHaveCount(0);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'About' }).click();
    await expect(page.getByRole('dialog')).toContainText('arXiv 2106.09685');
    await expectNoViolations(page, 'About');
  });
});

test.describe('What is LoRA?', () => {
  test.use({ firstVisit: false });

  test('takes the place of the rail, works the lab step by step, with keys alone, and goes back to it', async ({
    page,
  }) => {
    await page.goto('./?backend=cpu#v=1&pace=0.1');
    await waitUntilReady(page);
    await page.getByRole('button', { name: /What is LoRA/ }).click();
    const lesson = page.getByRole('complementary', { name: 'Lesson: What is LoRA?' });
    await expect(lesson.getByRole('heading', { name: 'One large matrix is frozen' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(lesson).toHaveCount(0);
    await expect(page.getByRole('button', { name: /What is LoRA/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(lesson.getByRole('heading', { name: 'One large matrix is frozen' })).toBeFocused();
    expect(await currentLink(page)).toContain('lesson=what-is-lora');
    await expect(page.locator('.rail')).toHaveCount(0);
    const act = async (name: string) => {
      await lesson.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await expect(lesson.locator('.try:not(.guess) .seen')).not.toBeEmpty();
    };
    const next = async () => {
      await lesson.getByRole('button', { name: 'Next' }).focus();
      await page.keyboard.press('Enter');
    };
    await expect(page.locator('.marks .frame')).toHaveCount(1);
    await expect(lesson.getByRole('radiogroup')).toContainText('None');
    // Nothing is done before the guess is made or skipped.
    await expect(lesson.getByRole('button', { name: 'Train 20 steps' })).toHaveCount(0);
    await lesson.getByRole('button', { name: 'Skip the guess' }).focus();
    await page.keyboard.press('Enter');
    await act('Train 20 steps');
    expect((await runOf(page)).trace.loss).toHaveLength(21);
    await next();
    await act('Train');
    await next();
    await expect(lesson.getByRole('heading', { name: 'The rank is the limit' })).toBeFocused();
    await expectNoViolations(page, 'a lesson');
    await act('Set rank 1');
    await expect(lesson.locator('.try .seen')).toContainText('The error stops at 0.644.');
    await next();
    await act('Set rank 8');
    await next();
    await expect(page.getByText(/Finished, 30 of 30 steps/).first()).toBeVisible();
    // Nothing of a previous run is shown next to it until that is pressed.
    await expect(page.getByText(/^previous, /)).toHaveCount(0);
    await act('Set α = 16');
    await expect(lesson.getByRole('heading', { name: 'In short' })).toBeInViewport();
    expect(await currentLink(page)).toMatch(/alpha=16&.*lr=0.005/);
    await next();
    await expect(lesson.getByRole('heading', { name: 'Questions' })).toBeFocused();
    await next();
    await expect(lesson.getByRole('heading', { name: 'What you know now' })).toBeFocused();
    await expect(lesson.getByRole('button', { name: /^Next: The layer, by hand\s*\d+ min/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('.rail')).toBeVisible();
    // The previous state returns; no action has waited for the page's pace, and none has changed it.
    await expect.poll(() => currentLink(page)).toMatch(/^#v=1&target=low-rank&.*pace=0.1/);
    expect(await currentLink(page)).not.toContain('lesson=');
  });
});

/** Sum of all layout shifts of a page since it was opened, and the largest. */
function shifts(page: Page) {
  return page.evaluate(() => (window as unknown as { shifts: { sum: number; most: string } }).shifts);
}

test('the opening moves nothing on a phone, a tablet and a desk, from the first paint to its end', async ({
  browser,
}) => {
  const screens = [
    { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    { viewport: { width: 390, height: 844 } },
    { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
    { viewport: { width: 820, height: 1180 } },
    { viewport: { width: 1440, height: 900 } },
  ];
  // In parallel: each plays for twelve seconds.
  await Promise.all(
    screens.map(async (screen) => {
      const context = await browser.newContext(screen);
      const page = await context.newPage();
      await page.addInitScript(() => {
        const shifts = { sum: 0, most: '', value: 0 };
        Object.assign(window, { shifts });
        type Shift = PerformanceEntry & { value: number; sources: { node: Node | null }[] };
        new PerformanceObserver((list) => {
          for (const { value, startTime, sources } of list.getEntries() as Shift[]) {
            shifts.sum += value;
            if (value < shifts.value) continue;
            const nodes = sources.map(({ node }) => (node instanceof Element ? node.outerHTML : node?.textContent));
            shifts.value = value;
            shifts.most = `${value} at ${startTime} ms: ${nodes.map((text) => text?.slice(0, 60)).join(' | ')}`;
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto('./?backend=cpu');
      await expect(caption(page)).toHaveText(/Your turn:$/, { timeout: 60_000 });
      // The end is drawn in the following frames.
      await page.evaluate(() => new Promise((idle) => requestAnimationFrame(() => requestIdleCallback(idle))));
      const { sum, most: max } = await shifts(page);
      expect(sum, `${JSON.stringify(screen)}: ${max}`).toBeLessThanOrEqual(0.05);
      await context.close();
    }),
  );
});
