import type { AdaptersMessage, CallMessage } from './protocol.ts';
import { createSession } from './session.ts';

// For the compiler this file is part of a page; in a worker postMessage takes no origin.
const post = (message: AdaptersMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

const session = createSession(post);
self.addEventListener('message', async ({ data: { order, name, args } }: MessageEvent<CallMessage>) => {
  const call = session[name] as (...values: typeof args) => unknown;
  post({ type: 'answer', order, answer: await call(...args) });
});
