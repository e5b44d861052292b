/** Nothing sticks out of any place at any width: each is walked through some, its neighbours through the others. Adapters: adapters.spec.ts. */

import type { Locator, Page } from '@playwright/test';
import { LESSON_NAMES } from '../src/experiment/settings/view.ts';
import { openAndWait, openLink, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';
import { TEXTS, walkWidths } from './widths.ts';

// Each of them waits for most of its time.
test.describe.configure({ mode: 'parallel', timeout: 240_000 });

const RUN = 'v=1&target=low-rank&truerank=2&d=16&k=16&rank=1&steps=40&pace=max';
const GOAL = 'goal=error:0.05,numbers:150&handin=1&title=Few numbers&task=Reach an error of at most 0.05.';
const PINS = 'compare=init:pissa;rank:2,alpha:4,name:A%20run%20with%20a%20rather%20long%20name';

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** A fragment alone would not reload the page. */
async function load(page: Page, fragment: string) {
  await page.goto('about:blank');
  await page.setViewportSize({ width: 1440, height: 900 });
  await openAndWait(page, `./?backend=cpu#${fragment}`);
}

const shown = (locator: Locator) => expect(locator).toBeVisible();

const opens =
  (fragment: string, trained = false) =>
  async (page: Page) => {
    await openLink(page, `#${fragment}`);
    await waitUntilReady(page);
    if (trained) await trainRun(page);
  };

/** A panel of the lab, closed before the next. */
const panel = (press: (page: Page) => Promise<unknown>) => async (page: Page) => {
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await press(page);
  await shown(page.locator('dialog[open]'));
};
const press = (key: string) => (page: Page) => page.keyboard.press(key);

type PagePlace = readonly [name: string, open: (page: Page) => Promise<unknown>];

/** The places, in an order in which one leads to the next, and how to open each from there. */
const LAB: readonly PagePlace[] = [
  ['lab', (page) => load(page, 'v=1&target=picture&steps=40')],
  ['lab with a note', opens('v=1&target=picture&init=pissa', true)],
  ['lab with its target', opens('v=1&target=regression&scaling=rslora&rank=48&alpha=43')],
  ['large numbers', opens('v=1&target=low-rank&align=0.5&d=512&k=128&rank=128&alpha=0.0123&lr=0.00012345')],
  [
    'editor',
    async (page) => {
      await opens('v=1&target=edit&d=32&k=32')(page);
      await button(page, 'drawn').first().click();
      await shown(page.locator('.editor'));
    },
  ],
  [
    'runs',
    async (page) => {
      await load(page, RUN);
      await trainRun(page);
      await page.keyboard.press('h');
      await shown(page.locator('.rail.list'));
    },
  ],
  [
    'initialisations',
    async (page) => {
      await page.keyboard.press('h');
      await panel((at) => at.getByRole('button', { name: /^All \d+ …$/ }).click())(page);
    },
  ],
  ['export', panel(press('e'))],
  ['keys', panel(press('?'))],
  ['merge', panel(press('m'))],
  ['share', panel((page) => button(page, 'Share').click())],
];
const SCREENS: readonly PagePlace[] = [
  [
    'compare',
    async (page) => {
      await load(page, `${RUN}&${PINS}`);
      await shown(page.getByText(/^Three runs, same target/));
    },
  ],
  ['compare in Present', (page) => page.keyboard.press('f')],
  [
    'sweep',
    async (page) => {
      await load(page, `${RUN}&sweep=rank:1,2,4;alpha:4,8,16;scaling:standard,none&run=1`);
      await shown(page.locator('.swt .st b', { hasText: 'Finished' }));
    },
  ],
  [
    'experiments',
    async (page) => {
      await load(page, RUN);
      await page.keyboard.press('o');
      await shown(page.locator('.item').last());
    },
  ],
  [
    'class builder',
    async (page) => {
      await load(page, `${RUN}&view=class`);
      await shown(page.getByRole('heading', { name: 'Make a class link' }));
    },
  ],
  [
    'plans of lessons',
    async (page) => {
      await load(page, 'v=1&view=teach');
      await shown(page.getByRole('heading', { name: 'Three lessons that are ready to teach' }));
    },
  ],
  ['exercise', (page) => load(page, `${RUN}&show=rank,alpha&lock=alpha&${GOAL}`)],
  ['hand in', panel((page) => button(page, 'Hand in …').click())],
];
const VIEWS: readonly PagePlace[] = [
  [
    'wall',
    async (page) => {
      await load(page, `${RUN}&view=wall&goal=error:0.05,numbers:70`);
      await page
        .getByLabel('Or paste links, one per line')
        .fill(`#${RUN}&by=Ada\n#${RUN}&alpha=4&by=Bo\n#${RUN}&lr=0.01&by=${'Wilhelmina'.repeat(2)}`);
      await button(page, 'Add links').click();
      await shown(page.getByText(/3 were trained again here/));
    },
  ],
  [
    'wall in Present',
    async (page) => {
      await page.keyboard.press('f');
      await shown(page.locator('html[data-view=present]'));
    },
  ],
  ['Present', (page) => load(page, `${RUN}&view=present`)],
  ['Present, picture', opens('v=1&target=edit&view=present', true)],
  ['embedded', (page) => load(page, `${RUN}&view=embed`)],
  ['embedded with controls', (page) => load(page, `${RUN}&view=embed&show=rank,alpha,lr,init,opt,target`)],
  ['embedded lesson', (page) => load(page, 'v=1&view=embed&lesson=what-is-lora&step=2')],
];

for (const [what, places] of Object.entries({
  'lab and its panels': LAB,
  'comparison, sweep, experiments and class': SCREENS,
  'wall, Present and frames': VIEWS,
}))
  test(`nothing sticks out of a window of any width: ${what}`, async ({ page }) => {
    const faults: string[] = [];
    for (const [name, open] of places) {
      await open(page);
      // Ticks of seven digits meet, and so do captions of cells that are an average.
      await walkWidths(page, name, faults, name === 'large numbers' ? TEXTS : undefined);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(faults).toEqual([]);
  });

const reads = (page: Page, fragment: string) =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, `#v=1&${fragment}`);

/** Every fifth step of a lesson, of the next one from its next step on. */
const STRIDE = process.env.ALL_WIDTHS ? 1 : 5;

for (const [i, name] of LESSON_NAMES.entries())
  test(`nothing sticks out of a window of any width: lesson ${name}`, async ({ page }) => {
    const faults: string[] = [];
    await load(page, `v=1&lesson=${name}`);
    const steps = page.locator('.lesson .progress button');
    await shown(steps.first());
    for (let step = 1 + (i % STRIDE); step <= (await steps.count()); step += STRIDE) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await reads(page, `lesson=${name}&step=${step}`);
      await expect(steps.nth(step - 1)).toHaveAttribute('aria-current', 'step');
      await walkWidths(page, `step ${step}`, faults, TEXTS);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await reads(page, `lesson=${name}&step=${(await steps.count()) + 1}`);
    await shown(page.getByRole('heading', { name: 'What you know now' }));
    await walkWidths(page, 'end', faults);
    expect(faults).toEqual([]);
  });

test('nothing sticks out of a window of any width: contents, glossary, notes and handouts', async ({ page }) => {
  const faults: string[] = [];
  const kinds = process.env.ALL_WIDTHS ? [0, 1] : [0];
  const sheets = LESSON_NAMES.flatMap((lesson, i) => kinds.map((n) => `${['handout', 'key'][(i + n) % 2]}-${lesson}`));
  await load(page, 'v=1&lesson=contents');
  for (const [name, sign] of [
    ['contents', '.contents'],
    ['glossary', '.glossary'],
    ['notes', '.notes section'],
    ...sheets.map((sheet) => [sheet, '.sheet'] as const),
  ]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await reads(page, `lesson=${name}`);
    await shown(page.locator(sign).first());
    await walkWidths(page, name, faults);
  }
  expect(faults).toEqual([]);
});

test.describe('first visit', () => {
  test.use({ firstVisit: true });

  test('nothing sticks out of a window of any width: the owl before and after its training', async ({ page }) => {
    const faults: string[] = [];
    await load(page, '');
    await walkWidths(page, 'the owl', faults);
    await trainRun(page);
    await expect(page.getByRole('button', { name: 'Try rank 1' })).toBeVisible();
    await walkWidths(page, 'the owl with sunglasses', faults);
    expect(faults).toEqual([]);
  });
});
