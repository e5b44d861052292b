/** Samples of the page's thread and its worker's by the browser's own profiler. */

import type { CDPSession, Page } from '@playwright/test';

export interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Microseconds between two samples. */
const INTERVAL = 200;

export interface Profiler {
  readonly profiled: <T>(work: () => Promise<T>) => Promise<{
    readonly result: T;
    readonly page: Profile;
    readonly worker: Profile;
  }>;
  readonly close: () => Promise<void>;
}

/** For a page whose first worker is the engine's. */
export async function profilerOf(page: Page): Promise<Profiler> {
  const session = await page.context().newCDPSession(page);
  const onPage: Send = async (method, params) =>
    (await session.send(method as 'Profiler.stop', params as never)) as never;
  const inWorker = await workerOf(session);
  for (const send of [onPage, inWorker]) {
    await send('Profiler.enable');
    await send('Profiler.setSamplingInterval', { interval: INTERVAL });
  }
  const stop = async (send: Send) => (await send<{ readonly profile: Profile }>('Profiler.stop')).profile;
  return {
    async profiled(work) {
      await Promise.all([inWorker('Profiler.start'), onPage('Profiler.start')]);
      const result = await work();
      const [worker, own] = await Promise.all([stop(inWorker), stop(onPage)]);
      return { result, page: own, worker };
    },
    close: () => session.detach(),
  };
}

type Send = <T>(method: string, params?: object) => Promise<T>;

/** Playwright has no session for a worker: its messages go through the page's session. */
async function workerOf(session: CDPSession): Promise<Send> {
  const answers = new Map<number, (result: never) => void>();
  let asked = 0;
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { readonly id: number; readonly result: never };
    answers.get(id)?.(result);
  });
  const found = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') resolve(sessionId);
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await found;
  return (method, params = {}) =>
    new Promise((resolve) => {
      asked += 1;
      answers.set(asked, resolve);
      const message = JSON.stringify({ id: asked, method, params });
      void session.send('Target.sendMessageToTarget', { sessionId, message });
    });
}
