import type { Page } from '@playwright/test';
import { change, defaults } from '../src/experiment/settings/experiment.ts';
import { embedHeight } from '../src/ui/panels/embed-code.ts';
import { expect, test } from './fixtures.ts';

/** Listens before the frame exists: the explorer's first message may precede the load event of the parent. */
const LISTENS = '<script>var heard = []; addEventListener("message", (event) => heard.push(event.data));</script>';

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
  expect((await ask(page, 'file', ['csv'])).result).toMatchObject({ name: 'lora-explorer-r8-seed1-trace.csv' });
  expect((await ask(page, 'sweep')).error).toContain('The link asks for no sweep');
  expect((await ask(page, 'file', ['../etc'])).error).toContain('file needs one of');
  expect((await ask(page, 'eval')).error).toContain('Unknown call');
  const heard = await page.evaluate(() =>
    (window as unknown as { heard: { event?: string }[] }).heard.map((m) => m.event),
  );
  for (const event of ['ready', 'status']) expect(heard).toContain(event);
});

test('a page that it does not name may only read, and an opened link cannot give it the right', async ({ page }) => {
  await parentOf(page, 'v=1&d=8&k=8&steps=10&view=embed&origin=https%3A%2F%2Fexample.org');
  expect((await ask(page, 'ready')).result).toMatchObject({ backend: 'cpu' });
  for (const call of ['train', 'open', 'pause', 'reset', 'sweep', 'file'])
    expect((await ask(page, call, ['#v=1'])).error).toContain('origin');
  expect((await ask(page, 'run')).result).toMatchObject({ status: 'idle' });
});

test('a thousand messages without sense do nothing, also from a page that the link names', async ({
  page,
  baseURL,
}) => {
  const origin = new URL(baseURL ?? '').origin;
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await parentOf(page, `v=1&d=8&k=8&steps=10&view=embed&origin=${encodeURIComponent(origin)}`);
  expect((await ask(page, 'ready')).result).toMatchObject({ backend: 'cpu' });
  const before = (await ask(page, 'link')).result;
  await page.evaluate(() => {
    let seed = 7;
    const below = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    const odd = [
      ...[null, undefined, 0, -1, 1e308, Number.NaN, '', 'x'.repeat(5000), '__proto__', 'constructor', 'toString'],
      ...[[], {}, [[[]]], new Map([[1, 2]]), new Date(0), new ArrayBuffer(8), new Uint8Array(3), /a/, 10n, true],
    ];
    const any = () => odd[below(odd.length)];
    const calls = ['open', 'train', 'pause', 'file', 'sweep', 'run', 'eval', 'postMessage', 'height '];
    const frame = document.querySelector('iframe')?.contentWindow;
    for (let i = 0; i < 1000; i++) {
      const call = below(2) ? calls[below(calls.length)] : any();
      // Meaningless calls: another version, no id, or arguments that no call takes.
      const message = [
        any(),
        { lora: any(), id: any(), call, args: any() },
        { lora: 1, id: { i }, call, args: [any(), any()] },
        { lora: 1, id: i, call: ['file', 'sweep!', 'eval'][below(3)], args: [any()] },
        { lora: '1', id: i, call: 'open', args: ['#v=1&d=4&k=4'] },
        { lora: 1, call: 'train', args: [5] },
        { lora: 1, id: i, call: 'train', args: [['a', -1, 0, 1.5, {}, null, '5'][below(7)]] },
      ][below(7)];
      frame?.postMessage(message, '*');
    }
  });
  expect((await ask(page, 'link')).result).toBe(before);
  expect((await ask(page, 'run')).result).toMatchObject({ status: 'idle', trace: { step: [0] } });
  expect(problems).toEqual([]);
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
    // While the new run is made the page still shows and reports the previous one.
    for (const call of ['run', 'link'])
      await expect
        .poll(async () => {
          const { result, error } = await ask(page, call);
          return error ?? JSON.stringify(result);
        })
        .toMatch(named ? /target=matrix/ : /a person's own.*does not name your origin/);
    expect((await ask(page, 'height')).result).toBeGreaterThan(100);
  });

test('a frame tells the height that shows all of it at any width, whatever height it has; the code’s own is enough', async ({
  page,
}) => {
  await parentOf(page, 'v=1&target=edit&steps=10&view=embed&show=rank,alpha');
  const frame = page.frameLocator('#lab');
  await expect(frame.getByText(/Ready, step 0/).first()).toBeAttached();
  const given = embedHeight(change(defaults(), { target: 'edit' }), { show: 'rank,alpha' });
  let max = 0;
  for (const width of [320, 360, 480, 600, 768, 1024, 1280]) {
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
        max = Math.max(max, told);
      }).toPass();
    }
  }
  expect(given).toBeGreaterThanOrEqual(max);
  expect(given).toBeLessThanOrEqual(max + 80);
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
