import { buffersOf } from '../../math/buffers.ts';
import { giveDenseLoops } from '../../math/dense/loops.ts';
import { inlineLoops } from '../../math/dense/wasm-loops.ts';
import { threadWork } from '../file/work/thread-work.ts';
import type { AdaptersMessage, CallMessage, JoinMessage } from './protocol.ts';
import { createSession } from './session.ts';

// For the compiler this file is part of a page; in a worker postMessage takes no origin.
const post = (message: AdaptersMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

/** Calls whose answers are numbers that nothing here keeps. */
const MATRICES: readonly CallMessage['name'][] = ['matrix', 'factors', 'baseWeight', 'aimOf', 'differenceMatrix'];

// Whole matrices: the same bits in less time.
giveDenseLoops(inlineLoops);
const threads = threadWork();
const session = createSession(post, threads.work);
self.addEventListener('message', async ({ data }: MessageEvent<CallMessage | JoinMessage>) => {
  if ('thread' in data) return threads.join(data.thread);
  const { order, name, args } = data;
  const call = session[name] as (...values: typeof args) => unknown;
  const answer = await call(...args);
  post({ type: 'answer', order, answer }, MATRICES.includes(name) ? buffersOf(answer) : []);
});
