import type { Page } from '@playwright/test';
import type { RunFile } from '../src/experiment/run-file/run-file.ts';

/** window.loraExplorer from a test: everything goes through the page's public interface. */
type Explorer = import('../src/app/page-interface.ts').LoraExplorer;
type Global = { loraExplorer: Explorer };
/** A page of any driver. */
export type ScriptedPage = Pick<Page, 'goto' | 'evaluate'>;

export function waitUntilReady(page: ScriptedPage) {
  return page.evaluate(() => (globalThis as unknown as Global).loraExplorer.ready);
}

export const SMALL_RUN = './?backend=cpu#v=1&target=picture&d=64&k=64&rank=8&steps=60&pace=max';

export async function openAndWait(page: ScriptedPage, address: string) {
  await page.goto(address);
  await waitUntilReady(page);
}

export function openLink(page: ScriptedPage, link: string): Promise<{ notices: string[] }> {
  return page.evaluate((l) => (globalThis as unknown as Global).loraExplorer.open(l), link);
}

export function currentLink(page: ScriptedPage): Promise<string> {
  return page.evaluate(() => (globalThis as unknown as Global).loraExplorer.link());
}

/** Trains, and waits until the page shows the end: train() itself does not wait for a redraw. */
export function trainRun(page: ScriptedPage, steps?: number): Promise<RunFile> {
  return runAfter(page, { steps });
}

export function runOf(page: ScriptedPage): Promise<RunFile> {
  return runAfter(page, null);
}

/** As text, since drivers encode every number of a matrix by itself; with −0 and what is not finite, unlike JSON. */
async function runAfter(page: ScriptedPage, training: { readonly steps?: number } | null): Promise<RunFile> {
  const text = await page.evaluate(async (train) => {
    const { loraExplorer } = globalThis as unknown as Global;
    const run = await (train ? loraExplorer.train(train.steps) : loraExplorer.run());
    if (train)
      await new Promise((drawn) => {
        setTimeout(() => requestAnimationFrame(() => setTimeout(drawn)));
        // A page in the background has no frames.
        setTimeout(drawn, 1000);
      });
    return JSON.stringify(run, (_, value) =>
      typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value))
        ? { number: Object.is(value, -0) ? '-0' : String(value) }
        : value,
    );
  }, training);
  return JSON.parse(text, (_, value) => (typeof value?.number === 'string' ? Number(value.number) : value));
}

export async function exportFile(
  page: Page,
  kind: Parameters<Explorer['file']>[0],
): Promise<{ name: string; bytes: Buffer }> {
  const { name, text } = await page.evaluate(async (of) => {
    const { name, bytes } = await (globalThis as unknown as Global).loraExplorer.file(of);
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return { name, text: btoa(text) };
  }, kind);
  return { name, bytes: Buffer.from(text, 'base64') };
}

/** The run saved on this device, as text; null if there is none (yet). */
export function storedRun(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    // Opening a missing database would create it, without its store.
    if (!(await indexedDB.databases()).some(({ name }) => name === 'keyval-store')) return null;
    const database = await asked(indexedDB.open('keyval-store'));
    const kept = await asked(database.transaction('keyval').objectStore('keyval').get('lora-explorer/kept-run'));
    database.close();
    return typeof kept === 'string' ? kept : null;
  });
}
