import { buffersOf } from '../../math/buffers.ts';
import { type PackRequest, packModule } from './pack-module.ts';

/** A worker of its own packs one module: a large one takes seconds, and the reader of adapters may be busy. */
self.addEventListener('message', async ({ data }: MessageEvent<PackRequest>) => {
  const packed = await packModule(data).catch((error: unknown) => ({ fault: String(error) }));
  // The compiler knows this file as part of a page; in a worker postMessage takes no origin.
  self.postMessage(packed, { transfer: buffersOf(packed) });
});
