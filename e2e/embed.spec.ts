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
