import { expect, type Page } from '@playwright/test';
import { peakMemory, processMemory } from '../page/memory.ts';

export interface OnPage {
  /** Seconds from the choice of the file, a second after the dialog has opened, until every module is read. */
  readonly figures: number;
  /** Seconds from the press of the button until the new file is written and read back. */
  readonly resized: number;
  /** Bytes of the new file. */
  readonly written: number;
  /** The new file's error, measured and predicted by the page. */
  readonly said: string;
  /** MB of the browser's page and graphics processes and the worker: before the file, and the peak of each part. */
  readonly before: number;
  readonly reading: number;
  readonly writing: number;
  /** Longest task on the page's thread, ms; 0 if none took over 50. */
  readonly longest: number;
}

/** ms that the dialog is open. */
const DIALOG = 1000;

/**
 * Waits on the page itself for the words that all is read, s after the choice, and that a file is written: Playwright
 * looks once a second, so that 1.3 s would read 2.3, and each of its looks is a task of 10 ms on the page's thread.
 */
async function watchWords(page: Page): Promise<void> {
  await page.evaluate(() => {
    let since = Number.NaN;
    // The field is in no document: its event is heard where the page asks for its files.
    const files = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'files');
    Object.defineProperty(HTMLInputElement.prototype, 'files', {
      ...files,
      get() {
        if (Number.isNaN(since)) since = performance.now();
        return files?.get?.call(this);
      },
    });
    const said = (words: RegExp) =>
      new Promise<number>((resolve) => {
        const look = new MutationObserver(() => {
          const found = [...document.querySelectorAll('[role="status"]')].map(({ textContent }) => textContent ?? '');
          if (!found.some((text) => words.test(text))) return;
          look.disconnect();
          resolve((performance.now() - since) / 1000);
        });
        look.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
    Object.assign(window, {
      reading: said(/: all \d+ modules are read\.$/),
      writing: said(/ is written and read back: /),
    });
  });
}

/** Opens a file on the page and writes it at 95% of its energy to the browser's private storage. */
export async function openAndResize(page: Page, path: string): Promise<OnPage> {
  await openAdapters(page);
  const choose = page.getByRole('button', { name: 'Choose files', exact: true });
  await expect(choose).toBeVisible();
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
      await folder.removeEntry(name);
    const kept = (window as unknown as { longTasks: number[] }).longTasks;
    const watch = new PerformanceObserver((list) => kept.push(...list.getEntries().map(({ duration }) => duration)));
    watch.observe({ type: 'longtask' });
  });
  const before = await processMemory(page);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.click()]);
  // Nobody finds a file in less.
  await page.waitForTimeout(DIALOG);
  await watchWords(page);
  const opened = await peakMemory(
    page,
    (async () => {
      await chooser.setFiles(path);
      return page.evaluate(() => (window as unknown as { reading: Promise<number> }).reading);
    })(),
  );
  const tabs = page.getByRole('navigation', { name: 'Tabs of Adapters' });
  await tabs.getByRole('button', { name: 'Resize', exact: true }).click();
  const said = page.getByText(/Read back: error [\d.]+, predicted/);
  const resized = await peakMemory(
    page,
    seconds(async () => {
      await page.getByRole('button', { name: 'Write the smaller file' }).click();
      await page.evaluate(() => (window as unknown as { writing: Promise<number> }).writing);
    }),
  );
  const { written, longest } = await page.evaluate(async () => {
    const [folder, sizes] = [await navigator.storage.getDirectory(), [] as number[]];
    for await (const [, handle] of folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>)
      if (handle.kind === 'file' && handle.name.endsWith('.safetensors')) sizes.push((await handle.getFile()).size);
    const tasks = (window as unknown as { longTasks: number[] }).longTasks;
    return { written: Math.max(...sizes), longest: Math.max(0, ...tasks) };
  });
  return {
    figures: opened.result,
    resized: resized.result,
    written,
    said: /error [\d.]+, predicted [\d.]+\d/.exec((await said.textContent()) ?? '')?.[0] ?? '',
    before,
    reading: opened.peak,
    writing: resized.peak,
    longest,
  };
}

/** The page of adapters, which writes files to the browser's private storage. */
export async function openAdapters(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
    Object.assign(window, { showSaveFilePicker, longTasks: [] });
  });
  // The same address again would load nothing.
  await page.goto('about:blank');
  await page.goto('./?backend=cpu#v=1&view=adapters');
}

/** Seconds of some work. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return (performance.now() - since) / 1000;
}
