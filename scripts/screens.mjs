// Takes the pictures of the places in docs/ from the built page. Run it by hand (node scripts/screens.mjs) after a build
// when their look changes; npm start and npm test never do.

import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from './browser.mjs';
import { PROJECT } from './command.mjs';
import { listen, staticServer } from './serve.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const wait = (/** @type {Page} */ page, /** @type {number} */ ms) => page.waitForTimeout(ms);
const press = (/** @type {Page} */ page, /** @type {string} */ name) =>
  page.getByRole('button', { name, exact: true }).first().click();
const train = async (/** @type {Page} */ page) => {
  await press(page, 'Train');
  await wait(page, 9000);
};

/** @type {readonly { name: string, link: string, act?: (page: Page) => Promise<void> }[]} */
const SCREENS = [
  { name: 'first', link: '', act: train },
  { name: 'lab', link: '#v=1', act: train },
  { name: 'digits', link: '#v=1&target=digits', act: train },
  { name: 'lessons', link: '#lesson=rank&step=5' },
  { name: 'experiments', link: '#view=experiments' },
  {
    name: 'clinic',
    link: '#view=clinic&case=rank64',
    act: async (page) => {
      await wait(page, 6000);
      await press(page, 'Show the cure');
      await wait(page, 6000);
    },
  },
  {
    name: 'adapters',
    link: '#view=adapters',
    act: async (page) => {
      await press(page, 'Open an example');
      await wait(page, 6000);
    },
  },
  { name: 'plan', link: '#view=plan' },
  { name: 'teach', link: '#view=teach' },
];

const port = await listen(staticServer(join(PROJECT, 'dist')), 4190);
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
for (const { name, link, act } of SCREENS) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(`http://localhost:${port}/?backend=cpu${link}`);
  await wait(page, 2500);
  await act?.(page);
  await page.screenshot({ path: join(PROJECT, `docs/${name}.png`) });
  await page.close();
}
await browser.close();
process.exit(0);
