import { diagnose } from './diagnose.ts';

// For the compiler this file is part of a page; in a worker postMessage takes no origin.
self.addEventListener('message', ({ data }: MessageEvent<string>) => self.postMessage(diagnose(data), {}));
