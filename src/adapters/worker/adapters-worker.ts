import type { AdaptersDown, AdaptersUp } from './protocol.ts';
import { createSession } from './session.ts';

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (message: AdaptersUp, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

/** The worker of the page of adapters: reads, compares and writes files, so that the page answers meanwhile. */
const session = createSession(post);
self.addEventListener('message', ({ data }: MessageEvent<AdaptersDown>) => session(data));
