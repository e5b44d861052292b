import type { Page } from '@playwright/test';
import { LESSON_NAMES } from '../src/experiment/settings/view.ts';
import { partOf } from '../src/math/testing/part-of.ts';
import { expectNoViolations, setColorScheme } from './axe.ts';
import { recordFetches, totalSize } from './first-load.ts';
import { expect, test } from './fixtures.ts';

const PHONE = { width: 390, height: 844 };
/** So high that nothing lies below the sticky row of buttons. */
const DESK = { width: 1440, height: 2400 };

const beyond = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

const openAt = async (page: Page, lesson: string, step = 1) => {
  const before = await page.evaluate((hash) => {
    const shown = { hash: location.hash, title: document.querySelector('.lesson h2')?.textContent ?? '' };
    location.hash = hash;
    return shown;
  }, `#v=1&lesson=${lesson}&step=${step}`);
  // Its first step may look like that of the lesson before.
  if (!before.hash.includes(`lesson=${lesson}`) && before.title !== '')
    await expect(page.locator('.lesson h2')).not.toHaveText(before.title);
  await expect(page.locator('.lesson .progress button').nth(step - 1)).toHaveAttribute('aria-current', 'step');
};

test.describe('what a lesson fetches', () => {
  test('its text and first figure are there without the engine; that comes with the first step on the lab', async ({
    page,
    baseURL,
  }) => {
    const fetched = recordFetches(page, baseURL ?? '');
    await page.goto('./#v=1&lesson=rank');
    await expect(page.locator('.lesson h2')).toHaveText('What a rank can and cannot do');
    await expect(page.locator('.figure-slot svg').first()).toBeVisible();
    const files = fetched();
    const kB = totalSize(files);
    test.info().annotations.push({ type: 'a lesson without the engine', description: `${kB.toFixed(1)} kB gz in all` });
    console.log(`#lesson=rank, before the engine: ${kB.toFixed(1)} kB gz, ${files.length} files`);
    for (const { file, kB: size } of files.toSorted((a, b) => b.kB - a.kB).slice(0, 8))
      console.log(`  ${size.toFixed(1)} ${file}`);
    const isEngine = (name: string) => /worker-|tfjs|-chunk-/.test(name);
    expect(files.filter(({ file }) => isEngine(file))).toEqual([]);
    await page.evaluate(() => {
      location.hash = '#v=1&lesson=what-is-lora';
    });
    await expect.poll(() => fetched().filter(({ file }) => /worker-.*\.js$/.test(file)).length).toBe(1);
  });
});

test('every lesson: accessible, no wider than a phone', async ({ page }) => {
  test.setTimeout(120_000);
  await page.setViewportSize(DESK);
  await page.goto('./?backend=cpu#v=1&lesson=contents');
  const middle = new Map<string, number>();
  // Of each lesson one step, the first or the last or on a phone, in turn.
  for (const [i, name] of LESSON_NAMES.entries()) {
    await openAt(page, name);
    const turn = partOf(['first', 'last', 'phone'], 3, i);
    if (turn.includes('first')) await expectNoViolations(page, `${name}, step 1`, '.lesson, .figure-slot');
    const steps = await page.locator('.lesson .progress button').count();
    if (turn.includes('phone')) middle.set(name, Math.ceil(steps / 2));
    if (!turn.includes('last')) continue;
    await openAt(page, name, steps);
    await expectNoViolations(page, `${name}, step ${steps}`, '.lesson');
  }
  await page.setViewportSize(PHONE);
  await setColorScheme(page, 'dark');
  for (const [name, step] of middle) {
    await openAt(page, name, step);
    await expect.poll(() => beyond(page), { message: `${name}, step ${step}` }).toBe(0);
    await expectNoViolations(page, `${name}, step ${step}, dark phone`, '.lesson, .figure-slot');
  }
});

test('lesson 0: what the reader draws is trained, and says which rank it needs; Next takes the pad away', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&lesson=what-is-lora&step=5');
  const lesson = page.locator('.lesson');
  const pad = page.getByRole('application', { name: 'Drawing' });
  await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  await lesson.getByRole('button', { name: 'Draw on the owl' }).press('Enter');
  await expect(pad).toBeFocused();
  await page.keyboard.down(' ');
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.up(' ');
  await expect(page.locator('.btn.main')).toHaveText(['Use it']);
  await expectNoViolations(page, 'drawing beside a lesson', '.lesson, .editor');
  await page.getByRole('button', { name: 'Use it' }).click();
  await expect(lesson.locator('.try .seen')).toContainText(
    /Your drawing is a sum of [1-4] patterns\. At rank 8 the error is .*below 0\.25 takes at least rank 1\./,
  );
  await lesson.getByRole('button', { name: 'Draw on the owl' }).click();
  await expect(pad).toBeVisible();
  await lesson.getByRole('button', { name: 'Next →' }).click();
  await expect(lesson.locator('h3').first()).toHaveText('α sets the strength');
  await expect(pad).toHaveCount(0);
  await page.goBack();
  await expect(lesson.locator('h3').first()).toHaveText('Draw the sunglasses yourself');
  await expect(pad).toHaveCount(0);
});

test('a whole lesson by keys alone; what was done is kept, shown in the contents, and cleared', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&lesson=by-hand');
  const lesson = page.getByRole('complementary', { name: 'Lesson: The layer, by hand' });
  const ticks = lesson.locator('.progress button');
  await expect(lesson.getByRole('heading', { level: 3 }).first()).toBeVisible();
  const steps = await ticks.count();

  await test.step('turns its steps; a screen reader gets headings and formulas', async () => {
    const reader = await page.context().newCDPSession(page);
    let formulas = 0;
    for (let step = 1; step <= steps; step++) {
      await expect(ticks.nth(step - 1)).toHaveAttribute('aria-current', 'step');
      await expect(ticks.nth(step - 1)).toHaveAccessibleName(new RegExp(`^Step ${step}: `));
      if (step > 1) await expect(lesson.locator('.prose > h3')).toBeFocused();
      const { nodes } = await reader.send('Accessibility.getFullAXTree');
      formulas += nodes.filter(({ role }) => /^math(mlmath)?$/i.test(role?.value ?? '')).length;
      if (step < steps) await page.keyboard.press('ArrowRight');
    }
    expect(formulas).toBeGreaterThan(5);
  });

  await test.step('answers its questions; what is said to an answer is announced', async () => {
    const question = lesson
      .locator('.quiz > li')
      .filter({ has: page.getByRole('radio') })
      .first();
    await question.getByRole('radio').first().focus();
    const tree = await question.ariaSnapshot();
    expect(tree).toContain('radiogroup');
    for (let tries = 0; tries < 6; tries++) {
      await page.keyboard.press('Space');
      const radio = question.getByRole('radio').nth(tries);
      await radio.focus();
      await page.keyboard.press('Space');
      await question.getByRole('button', { name: 'Check' }).focus();
      await page.keyboard.press('Enter');
      const said = question.getByRole('status');
      await expect(said).toContainText(/^(Right|Not quite)\. .{8,}/);
      if ((await said.textContent())?.startsWith('Right')) break;
    }
    await expect(question).toContainText('✓ answered');
  });

  await test.step('is where it was after a reload, and in the contents', async () => {
    await page.reload();
    await expect(page.locator('.quiz')).toContainText('✓ answered');
    await lesson.getByRole('button', { name: 'Contents' }).focus();
    await page.keyboard.press('Enter');
    const row = page.getByRole('listitem').filter({ hasText: 'The layer, by hand' });
    await expect(row).toContainText(new RegExp(`\\d of ${steps} steps, quiz 1 of`));
    await expect(row).toHaveAttribute('aria-current', 'true');
    await expect(page.getByRole('button', { name: 'Continue lesson 1' })).toBeVisible();
    expect(page.url()).not.toMatch(/quiz|done|guess/);
  });

  await test.step('is cleared once that is confirmed', async () => {
    await page.getByRole('button', { name: 'Clear my progress' }).click();
    await expect(page.getByRole('button', { name: 'Keep' })).toBeFocused();
    await page
      .getByRole('group', { name: /^Clear/ })
      .getByRole('button', { name: 'Clear' })
      .click();
    await expect(page.getByRole('button', { name: 'Begin lesson 0' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Begin lesson 0' })).toBeVisible();
  });
});

test('the end of a lesson: what is known, a question to keep by keys, and the run taken to the lab', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&lesson=what-is-lora&step=7');
  const lesson = page.getByRole('complementary', { name: 'Lesson: What is LoRA?' });
  await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  await page.keyboard.press('ArrowRight');
  await expect(lesson.getByRole('heading', { name: 'What you know now' })).toBeFocused();
  await expect(lesson).toContainText('parameters, here 128 of 4,096.');
  await expect(page.locator('.end-of-lesson')).toContainText('Your run: at rank 1 the sunglasses are a dark bar');
  await lesson.getByRole('radio', { name: '131,072' }).focus();
  await page.keyboard.press('Space');
  await lesson.getByRole('button', { name: 'Check' }).press('Enter');
  await expect(lesson.getByRole('status')).toContainText('You will be asked again before lesson 3.');
  await expect(page.locator('.btn.main')).toHaveText(/^Next: The layer, by hand/);
  await expectNoViolations(page, 'end');
  await page.setViewportSize(PHONE);
  await setColorScheme(page, 'dark');
  await expect.poll(() => beyond(page)).toBe(0);
  await expectNoViolations(page, 'end, dark phone', '.lesson, .figure-slot');
  await page.evaluate(() => {
    location.hash = '#v=1&lesson=cost';
  });
  await expect(page.getByRole('heading', { name: 'From lesson 0: What is LoRA?' })).toBeVisible();
  await expectNoViolations(page, 'asked again', '.lesson');
  await page.setViewportSize(DESK);
  await page.goBack();
  await lesson.getByRole('button', { name: 'Take this owl to the lab' }).click();
  await expect(lesson).toHaveCount(0);
  await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  expect(page.url()).toMatch(/edit=sunglasses.*rank=1(&|$)/);
});

test('contents, search, glossary, notes and handout', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&lesson=contents');
  const bar = page.locator('.bar');

  await test.step('the bar leads there at every width', async () => {
    await expect(page.getByRole('button', { name: 'Lessons', exact: true })).toHaveAttribute('aria-current', 'page');
    for (const width of [1280, 1110]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await bar.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await expect(bar.getByRole('button', { name: 'Lessons', exact: true })).toBeInViewport({ ratio: 1 });
      await expect(bar.getByRole('button', { name: 'Share', exact: true })).toBeInViewport({ ratio: 1 });
    }
    await expectNoViolations(page, 'contents');
    await page.setViewportSize(PHONE);
    await expect.poll(() => beyond(page)).toBe(0);
    await page.getByRole('button', { name: 'Places: Lessons' }).click();
    await expect(page.getByRole('button', { name: /^Lessons/ })).toBeInViewport();
    await page.keyboard.press('Escape');
    await page.setViewportSize(DESK);
  });

  await test.step('search by keys: lessons, experiments, terms', async () => {
    const field = page.getByRole('combobox', { name: /^Search/ });
    await field.fill('floor');
    await expect(page.locator('.find [role=status]')).toContainText(/found: .* in Lessons.* in Glossary/);
    await expectNoViolations(page, 'search', '.find');
    await page.keyboard.press('ArrowUp');
    await expect(page.locator('.find [role=option][aria-selected=true]')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await field.fill('intruder dim');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('term').filter({ hasText: 'Intruder dimension' })).toBeFocused();
    const meaning = page.getByRole('definition').filter({ hasText: 'strong direction of the merged' });
    await expect(meaning).toBeVisible();
    await page.getByRole('radio', { name: 'familiar with LoRA' }).check();
    await expect(meaning).toHaveCount(0);
    await expectNoViolations(page, 'glossary');
    await field.fill('how high rank');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/lesson=what-is-lora&step=4/);
    await expect(page.locator('.st b').first()).toHaveText(/Finished|Converged/);
  });

  await test.step('Share and Embed hold lesson and step', async () => {
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByLabel('Link', { exact: true })).toHaveValue(/lesson=what-is-lora&step=4/);
    await dialog.getByText('Embed in another page').click();
    await expect(dialog.getByLabel(/^HTML for your page/)).toHaveValue(/view=embed&amp;lesson=what-is-lora&amp;step=4/);
    await page.keyboard.press('Escape');
  });

  await test.step('a term explains itself with the focus, stays when pressed, and Esc closes it and not the lesson', async () => {
    await openAt(page, 'what-is-lora', 3);
    const term = page.locator('.lesson .term').first();
    const before = await page.locator('.lesson .prose').boundingBox();
    await term.hover();
    await expect(page.getByRole('tooltip')).toContainText('Rank.');
    expect((await page.locator('.lesson .prose').boundingBox())?.height).toBe(before?.height);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('tooltip')).toHaveCount(0);
    await term.press('Enter');
    await expect(page.locator('.definition')).toContainText('Rank.');
    await page.keyboard.press('Escape');
    await expect(page.locator('.definition')).toHaveCount(0);
    await expect(page.locator('.lesson')).toBeVisible();
  });

  await test.step('a handout prints on white without the page, and leads to its notes', async () => {
    await setColorScheme(page, 'dark').catch(() => {});
    await page.locator('.lesson').getByRole('button', { name: 'Print' }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect(page.locator('.handout')).toBeVisible();
    await expectNoViolations(page, 'handout', '.handout');
    await page.emulateMedia({ media: 'print' });
    await expect(bar).toBeHidden();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    await expect(page.locator('.sheet .qr')).toBeVisible();
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    await page.getByRole('button', { name: '← All lessons' }).click();
    await page.getByRole('button', { name: 'Notes for teachers' }).click();
    await expect(page.locator('.notes section')).not.toHaveCount(0);
    await expect(page.locator('.notes')).toContainText('Common mistakes.');
    await expectNoViolations(page, 'notes');
  });
});

test('a lesson in the frame of another page has its text and its lab', async ({ page }) => {
  await page.route('**/parent.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<iframe src="./?backend=cpu#v=1&view=embed&lesson=what-is-lora&step=2" width="1200" height="800"></iframe>',
    }),
  );
  await page.goto('./parent.html');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.lesson h3').first()).toHaveText('Two thin ones are trained');
  await expect(frame.locator('.hero .strip')).toBeVisible();
  await expect(frame.locator('.bar')).toHaveCount(0);
  // Side by side, and no part as high as the frame: else a frame that follows its content's height would grow forever.
  await expect(frame.locator('.course')).toBeVisible();
  const laidOut = async (height: number) => {
    await page.locator('iframe').evaluate((element, px) => element.setAttribute('height', px), String(height));
    return frame.locator('.lab').evaluate((lab) => {
      const [text, matrices] = [...lab.children].map((one) => one.getBoundingClientRect());
      return { beside: matrices.left >= text.right, height: document.getElementById('root')?.offsetHeight };
    });
  };
  const { beside, height } = await laidOut(1500);
  expect(beside).toBe(true);
  expect(height).toBeLessThan(1400);
  expect((await laidOut(3000)).height).toBe(height);
  await frame.getByRole('button', { name: 'Train', exact: true }).first().click();
  await expect(frame.locator('.try .seen')).toContainText('has fallen from 1 to 0.07');
});
