import type { Page } from '@playwright/test';
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
  expect((await ask(page, 'eval')).error).toContain('no call of that name');
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
