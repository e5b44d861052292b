import type { Page } from '@playwright/test';
import { change, defaults } from '../src/experiment/settings/experiment.ts';
import { embedHeight } from '../src/ui/panels/embed-code.ts';
import { expect, test } from './fixtures.ts';

/** Listens before the frame is there: what the explorer has to say may come before the page around it has loaded. */
const LISTENS = '<script>var heard = []; addEventListener("message", (event) => heard.push(event.data));</script>';

/** A page of the same server, without its policy, that holds the explorer in a frame. */
async function parentOf(page: Page, fragment: string) {
  await page.route('**/parent.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `${LISTENS}<iframe id="lab" src="./?backend=cpu#${fragment}" width="900" height="700"></iframe>`,
    }),
  );
  await page.goto('./parent.html');
}

function ask(page: Page, call: string, args: unknown[] = []) {
  return page.evaluate(
    async ([name, list]) => {
      const frame = document.querySelector('iframe');
      const id = Math.floor(performance.now() * 1000);
      const answer = new Promise<{ result?: unknown; error?: string }>((resolve) => {
        addEventListener('message', ({ data }) => data.lora === 1 && data.id === id && resolve(data));
      });
      frame?.contentWindow?.postMessage({ lora: 1, id, call: name, args: list }, '*');
      return answer;
    },
    [call, args] as const,
  );
}

test('a page that the link names may read and command', async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin;
  await parentOf(page, `v=1&d=8&k=8&steps=10&view=embed&origin=${encodeURIComponent(origin)}`);
  expect((await ask(page, 'ready')).result).toMatchObject({ backend: 'cpu' });
  expect((await ask(page, 'train')).result).toMatchObject({ status: 'finished' });
  expect((await ask(page, 'link')).result).toContain('d=8');
  expect((await ask(page, 'height')).result).toBeGreaterThan(100);
  expect((await ask(page, 'eval')).error).toContain('Unknown call');
  const heard = await page.evaluate(() =>
    (window as unknown as { heard: { event?: string }[] }).heard.map((m) => m.event),
  );
  for (const event of ['ready', 'status']) expect(heard).toContain(event);
});

test('a page that it does not name may only read, and an opened link cannot give it the right', async ({ page }) => {
  await parentOf(page, 'v=1&d=8&k=8&steps=10&view=embed&origin=https%3A%2F%2Fexample.org');
  expect((await ask(page, 'ready')).result).toMatchObject({ backend: 'cpu' });
  for (const call of ['train', 'open', 'pause', 'reset'])
    expect((await ask(page, call, ['#v=1'])).error).toContain('origin');
  expect((await ask(page, 'run')).result).toMatchObject({ status: 'idle' });
});

for (const named of [false, true])
  test(`a person's own matrix is told ${named ? 'to a page that the link names' : 'to no page that the link does not name'}`, async ({
    page,
    baseURL,
  }) => {
    const origin = named ? new URL(baseURL ?? '').origin : 'https://example.org';
    await parentOf(page, `v=1&d=8&k=8&steps=10&view=embed&origin=${encodeURIComponent(origin)}`);
    expect((await ask(page, 'ready')).result).toMatchObject({ backend: 'cpu' });
    expect((await ask(page, 'run')).result).toMatchObject({ status: 'idle' });
    const frame = page.frameLocator('#lab');
    await frame.locator('body').evaluate((body) => {
      const data = new DataTransfer();
      data.items.add(new File(['1,2\n3,5\n'], 'mine.csv', { type: 'text/csv' }));
      for (const type of ['dragenter', 'dragover', 'drop'])
        body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await frame.getByRole('button', { name: 'Use this matrix' }).click();
    await expect(frame.getByText(/Ready, step 0/).first()).toBeVisible();
    for (const call of ['run', 'link']) {
      const { result, error } = await ask(page, call);
      if (named) expect(JSON.stringify(result)).toContain('target=matrix');
      else expect(error).toMatch(/a person's own.*does not name your origin/);
    }
    expect((await ask(page, 'height')).result).toBeGreaterThan(100);
  });

test('a frame tells the height that shows all of it at any width, whatever height it has; the code’s own is enough', async ({
  page,
}) => {
  await parentOf(page, 'v=1&target=edit&steps=10&view=embed&show=rank,alpha');
  const frame = page.frameLocator('#lab');
  await expect(frame.getByText(/Ready, step 0/).first()).toBeAttached();
  const given = embedHeight(change(defaults(), { target: 'edit' }), { show: 'rank,alpha' });
  let most = 0;
  for (const width of [320, 360, 480, 600, 768, 1024, 1280]) {
    // Once too low, once too high.
    for (const height of [300, 1600]) {
      await page.locator('#lab').evaluate(
        (element, size) => {
          for (const [name, px] of Object.entries(size)) element.setAttribute(name, String(px));
        },
        { width, height },
      );
      await expect(async () => {
        const told = await page.evaluate(
          () =>
            (window as unknown as { heard: { event?: string; value: number }[] }).heard.findLast(
              ({ event }) => event === 'height',
            )?.value ?? 0,
        );
        const needed = await frame.locator('#root').evaluate((root) => root.getBoundingClientRect().height);
        const scrolled = await frame.locator('html').evaluate((html) => html.scrollHeight);
        expect(Math.abs(told - needed)).toBeLessThanOrEqual(1);
        expect(scrolled).toBeLessThanOrEqual(Math.max(told, height));
        most = Math.max(most, told);
      }).toPass();
    }
  }
  expect(given).toBeGreaterThanOrEqual(most);
  expect(given).toBeLessThanOrEqual(most + 80);
});

test('a frame has the controls that its link names, and a way to the whole lab', async ({ page }) => {
  await page.goto('./?backend=cpu#v=1&d=8&k=8&rank=2&view=embed&show=rank,alpha');
  const sliders = page.getByRole('region', { name: 'Experiment' }).getByRole('slider');
  await expect(sliders).toHaveCount(2);
  await sliders.first().press('ArrowRight');
  const way = page.getByRole('link', { name: 'Open in LoRA Explorer' });
  await expect(way).toHaveAttribute('href', /rank=4(?!.*(view|show)=)/);
  await expect(way).toHaveAttribute('rel', 'noopener');
  await page.goto('./?backend=cpu#v=1&d=8&k=8&rank=2&view=embed');
  await expect(sliders).toHaveCount(1);
});
