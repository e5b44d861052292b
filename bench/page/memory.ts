import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from '@playwright/test';

const MB = 1e6;

/** MB of JavaScript heap on the page and in its worker, and MB alive in the worker's engine. */
export interface Heaps {
  readonly page: number;
  readonly worker: number;
  readonly tensors: number;
  readonly buffers: number;
}

type Heap = { usedSize: number; backingStorageSize?: number };

/** After a full garbage collection, so that only what is held counts; array buffers are included. */
export async function heapsOf(page: Page): Promise<Heaps> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.collectGarbage');
    const own = bytes(await session.send('Runtime.getHeapUsage'));
    const worker = await askWorker(session);
    const counts = await page
      .workers()[0]
      .evaluate(() => (self as unknown as { engineCounts: () => { tensors: number; buffers: number } }).engineCounts());
    return { page: own / MB, worker: worker / MB, ...counts };
  } finally {
    await session.detach();
  }
}

const bytes = ({ usedSize, backingStorageSize = 0 }: Heap) => usedSize + backingStorageSize;

/** Bytes in the worker's heap, through a worker session nested in the page's. */
async function askWorker(session: CDPSession): Promise<number> {
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId);
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let id = 0;
  const ask = (method: string) =>
    new Promise<unknown>((resolve) => {
      const own = ++id;
      const hear = ({ message }: { message: string }) => {
        const answer = JSON.parse(message);
        if (answer.id !== own) return;
        session.off('Target.receivedMessageFromTarget', hear);
        resolve(answer.result);
      };
      session.on('Target.receivedMessageFromTarget', hear);
      session
        .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: own, method }) })
        .catch(() => resolve({ usedSize: Number.NaN }));
    });
  await ask('HeapProfiler.collectGarbage');
  return bytes((await ask('Runtime.getHeapUsage')) as Heap);
}

/** MB held by the browser's page and graphics processes; NaN if the system does not report it. */
export async function processMemory(page: Page): Promise<number> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  if (!session) return Number.NaN;
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const own = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU');
    return own.reduce((sum, { id }) => sum + residentKb(id), 0) / 1000;
  } finally {
    await session.detach();
  }
}

function residentKb(id: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? Number.NaN);
  } catch {
    return Number.NaN;
  }
}

/** The peak memory of these processes during `work`, sampled four times a second. */
export async function peakMemory<T>(
  page: Page,
  work: Promise<T>,
): Promise<{ readonly peak: number; readonly result: T }> {
  let [peak, over] = [0, false];
  const result = work.finally(() => {
    over = true;
  });
  while (!over) {
    peak = Math.max(peak, await processMemory(page));
    await Promise.race([result.catch(() => {}), new Promise((done) => setTimeout(done, 250))]);
  }
  return { peak, result: await result };
}
