/**
 * The test of every end-to-end file: `import { expect, test } from './fixtures.ts'`. It fails whenever anything in the
 * browser complains: an error in the console, an error nobody caught, a breach of the content security policy, a request
 * that leaves the page's own origin. A test that provokes one on purpose names it:
 *
 *     test.use({ allow: { complaints: [/^console error: .*ERR_INTERNET_DISCONNECTED/] } });
 */

import { expect as asserted, test as base, type ConsoleMessage, type Request, type WebError } from '@playwright/test';

/** In ms. Polls are cheap, and after a second between two polls half a second is lost on average. */
const LOOKS = [20, 50, 100, 250];

/** Playwright's, but `expect.poll` polls sooner. */
export const expect: typeof asserted = new Proxy(asserted, {
  get(target, name, receiver) {
    const value = Reflect.get(target, name, receiver);
    if (name !== 'poll') return value;
    const poll: typeof asserted.poll = (actual, options) =>
      asserted.poll(actual, { intervals: LOOKS, ...(typeof options === 'string' ? { message: options } : options) });
    return poll;
  },
});

interface Options {
  /**
   * Expected complaints, matched against their text in the failure. (An object around the list, since Playwright takes
   * a bare list of two for a value and its settings.)
   */
  allow: { readonly complaints: readonly RegExp[] };
  /** Nothing is stored on the device. Otherwise the charts were shown, so that the bare address opens the whole lab. */
  firstVisit: boolean;
}

interface Watch {
  complaints: string[];
}

/** Reported through the console, the one channel that works in every browser and for every frame. */
const VIOLATION = 'content security policy violated: ';
/**
 * Firefox's message for a script whose load is aborted by leaving the page. offline.spec.ts tests that it is served.
 */
const BROKEN_OFF = /^Failed to load .* A ServiceWorker intercepted the request and encountered an unexpected error/s;
const OWN_SCHEMES = new Set(['data:', 'blob:', 'about:']);

export const test = base.extend<Options & Watch>({
  allow: [{ complaints: [] }, { option: true }],
  firstVisit: [false, { option: true }],
  complaints: [
    async ({ context, baseURL, allow, firstVisit, reuseContext }, use) => {
      const complaints: string[] = [];
      const origin = new URL(baseURL ?? '').origin;
      await context.addInitScript((prefix) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          console.error(
            `${prefix}${event.violatedDirective} refuses ${event.blockedURI} in ${event.sourceFile ?? 'the page'}`,
          );
        });
      }, VIOLATION);
      if (!firstVisit)
        await context.addInitScript(() => {
          // A sandboxed frame has no storage.
          try {
            localStorage.setItem('lora-explorer/charts', 'shown');
          } catch {}
        });
      context.on('console', (message: ConsoleMessage) => {
        if (message.type() !== 'error') return;
        const text = message.text();
        // The console's "Failed to load resource" omits the URL.
        const where = text.startsWith('Failed to load') ? ` (${message.location().url})` : '';
        complaints.push(text.startsWith(VIOLATION) ? text : `console error: ${text}${where}`);
      });
      context.on('weberror', (error: WebError) => {
        const text = error.error().stack ?? error.error().message;
        if (!BROKEN_OFF.test(text)) complaints.push(`page error: ${text}`);
      });
      context.on('request', (request: Request) => {
        const url = new URL(request.url());
        if (url.origin !== origin && !OWN_SCHEMES.has(url.protocol)) {
          complaints.push(`request to another origin: ${request.url().slice(0, 200)}`);
        }
      });
      await use(complaints);
      // All else is reset by Playwright.
      if (reuseContext) await context.clearPermissions();
      const unexpected = complaints.filter((complaint) => !allow.complaints.some((pattern) => pattern.test(complaint)));
      expect(unexpected, 'complaints of the browser').toEqual([]);
    },
    { auto: true },
  ],
});
