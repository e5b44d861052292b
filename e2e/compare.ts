import type { Page } from '@playwright/test';
import { link, open, ready, runOf, train } from './explorer.ts';
import { expect, test } from './fixtures.ts';

export const LIVE = '#v=1&target=picture&d=64&k=64&rank=8&alpha=16&opt=adam&steps=120&seed=1&pace=max&run=1';
export const PINS = 'init:pissa;rank:2;rank:32;opt:sgd';

/** The runs side by side, once all pins of a link are trained. */
export async function comparison(page: Page, address: string) {
  await page.goto(address);
  await ready(page);
  const errors = page.getByRole('row', { name: 'Relative error' }).getByRole('cell');
  await expect(errors.filter({ hasText: /^[\d.]+$/ })).toHaveCount(5);
  return errors.allInnerTexts();
}

/** A link with four pins shows what the same settings give one after the other, from factors with the same bits. */
export function pinsOfLink(where: string): void {
  test(`${where}: a link with four pins opens to the numbers of its runs`, async ({ page, browser }) => {
    const shown = await comparison(page, `./?backend=cpu${LIVE}&compare=${PINS}`);
    const shared = await link(page);
    expect(new URLSearchParams(shared.slice(1)).get('compare')).toBe(PINS);
    const other = await (await browser.newContext()).newPage();
    expect(await comparison(other, new URL(`./?backend=cpu${shared}`, page.url()).href)).toEqual(shown);
    await other.close();
    // Each of them by itself, from step 0 of the page's own runs.
    const own: string[] = [];
    for (const change of ['', ...PINS.split(';').map((pin) => `&${pin.replace(':', '=')}`)]) {
      const [key] = change.slice(1).split('=');
      await open(page, LIVE.replace(new RegExp(`&${key || 'none'}=[^&]*`), '').replace('&run=1', '') + change);
      await train(page);
      const { trace } = await runOf(page);
      own.push(Number(trace.relativeError?.at(-1)).toPrecision(3));
    }
    expect(shown.filter((text) => /^[\d.]+$/.test(text.trim())).map(Number)).toEqual(own.map(Number));
  });
}
