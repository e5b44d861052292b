/** train() on the page as a script calls it, and messages of the worker during it. */

import type { Page } from '@playwright/test';
import type { Size } from '../steppers/start.ts';

export interface Case extends Size {
  readonly steps: number;
}

export interface Sent {
  readonly messages: number;
  readonly frames: number;
  readonly bytes: number;
  readonly spectra: number;
}

/** Counts what the page's workers send; call before the page is opened. */
export async function countMessages(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sent = { messages: 0, frames: 0, bytes: 0, spectra: 0 };
    const bytesIn = (value: unknown): number => {
      if (ArrayBuffer.isView(value)) return value.byteLength;
      if (typeof value !== 'object' || value === null) return 0;
      return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part), 0);
    };
    const count = (data: { type: string; between?: unknown[]; modules?: { spectrum: unknown }[] }) => {
      if (data.type === 'beat') return;
      sent.messages += 1;
      sent.bytes += bytesIn(data);
      if (data.type !== 'frame') return;
      sent.frames += 1;
      sent.spectra += (data.between ?? []).length + (data.modules?.[0].spectrum ? 1 : 0);
    };
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }) => count(data));
      }
    };
    Object.assign(window, { sent });
  });
}

export async function openCase(page: Page, { d, rank, steps }: Case, address = './'): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${address}?backend=wasm#v=1&target=decay&d=${d}&k=${d}&rank=${rank}&steps=${steps}`);
  await page.evaluate(() => window.loraExplorer.ready);
}

/** Milliseconds from the call of train() to its run file, from a fresh start, and the messages during it. */
export async function trainOnce(
  page: Page,
): Promise<{ readonly ms: number; readonly steps: number; readonly loss: number; readonly sent: Sent }> {
  return page.evaluate(async () => {
    const { sent } = window as unknown as { readonly sent: { -readonly [name in keyof Sent]: number } };
    Object.assign(sent, { messages: 0, frames: 0, bytes: 0, spectra: 0 });
    const before = performance.now();
    const { trace } = await window.loraExplorer.train();
    return {
      ms: performance.now() - before,
      steps: trace.loss.length - 1,
      loss: trace.loss.at(-1) ?? Number.NaN,
      sent: { ...sent },
    };
  });
}

/** Back to step 0; resolves once the page has drawn it. */
export const rewind = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await window.loraExplorer.reset();
    await new Promise((done) => setTimeout(done, 200));
  });
