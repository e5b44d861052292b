import type { Page } from '@playwright/test';
import { currentLink, openLink, runOf, trainRun, waitUntilReady } from './explorer.ts';
import { expect, test } from './fixtures.ts';

export const LIVE_LINK = '#v=1&target=picture&d=64&k=64&rank=8&alpha=16&opt=adam&steps=120&seed=1&pace=max&run=1';
export const PINS_VALUE = 'init:pissa;rank:2;rank:32;opt:sgd';

/** The comparison, once all pins of a link are trained. */
export async function openComparison(page: Page, address: string) {
  await page.goto(address);
  await waitUntilReady(page);
  const errors = page.getByRole('row', { name: 'Relative error' }).getByRole('cell');
  await expect(errors.filter({ hasText: /^[\d.]+$/ })).toHaveCount(5);
  return errors.allInnerTexts();
}

/** A link with four pins gives the same runs as the same settings one after the other, from bitwise equal factors. */
export function pinsTest(where: string): void {
  test(`${where}: a link with four pins opens to the numbers of its runs`, async ({ page, browser }) => {
    const shown = await openComparison(page, `./?backend=cpu${LIVE_LINK}&compare=${PINS_VALUE}`);
    const shared = await currentLink(page);
    expect(new URLSearchParams(shared.slice(1)).get('compare')).toBe(PINS_VALUE);
    const other = await (await browser.newContext()).newPage();
    expect(await openComparison(other, new URL(`./?backend=cpu${shared}`, page.url()).href)).toEqual(shown);
    await other.close();
    const own: string[] = [];
    for (const change of ['', ...PINS_VALUE.split(';').map((pin) => `&${pin.replace(':', '=')}`)]) {
      const [key] = change.slice(1).split('=');
      await openLink(page, LIVE_LINK.replace(new RegExp(`&${key || 'none'}=[^&]*`), '').replace('&run=1', '') + change);
      await trainRun(page);
      const { trace } = await runOf(page);
      own.push(Number(trace.relativeError?.at(-1)).toPrecision(3));
    }
    expect(shown.filter((text) => /^[\d.]+$/.test(text.trim())).map(Number)).toEqual(own.map(Number));
  });
}
