/** Self-test of the fixtures: a test that cannot fail is worthless. */

import { expectNoViolations, setColorScheme } from './axe.ts';
import { serveCopy } from './copy.ts';
import { expect, test } from './fixtures.ts';

test.use({ allow: { complaints: [/./] } });

test('hears errors of the page and of workers, breaches of the policy and foreign requests', async ({
  page,
  complaints,
}) => {
  await page.goto('');
  expect(complaints).toEqual([]);
  await page.evaluate(() => {
    console.error('said by the page');
    setTimeout(() => {
      throw new Error('thrown by the page');
    });
    document.body.append(Object.assign(new Image(), { src: 'http://localhost:1/picture.png' }));
    new Worker(URL.createObjectURL(new Blob(["console.error('said by a worker')"])));
  });
  for (const expected of [
    'console error: said by the page',
    'page error: Error: thrown by the page',
    'content security policy violated: img-src refuses http://localhost:1/picture.png',
    'console error: said by a worker',
  ]) {
    await expect.poll(() => complaints).toContainEqual(expect.stringContaining(expected));
  }

  const copy = await serveCopy();
  await page.goto(copy.address);
  await copy.remove();
  expect(complaints).toContain(`request to another origin: ${copy.address}`);
});

test('axe finds what is wrong, and again on the same page: a button without a name, in dark a faint text', async ({
  page,
}) => {
  await page.goto('./?backend=cpu#v=1&d=8&k=8');
  await page.evaluate(() => {
    const probe = '<div id="probe"><button></button><p>faint</p></div>';
    document.querySelector('main')?.insertAdjacentHTML('afterbegin', probe);
    // The page's policy forbids inline styles in HTML.
    document.querySelector<HTMLElement>('#probe p')?.style.setProperty('color', '#777');
    document.querySelector<HTMLElement>('#probe p')?.style.setProperty('background', '#888');
  });
  await expect(expectNoViolations(page, 'light', '#probe')).rejects.toThrow('light: button-name <button></button>');
  await setColorScheme(page, 'dark');
  await expect(expectNoViolations(page, 'dark', '#probe')).rejects.toThrow('dark: color-contrast <p');
});
