import type { MatrixInput, OwnReading } from '../../experiment/matrix-file/matrix-source.ts';
import { buffersOf } from '../../math/buffers.ts';
import { readSource } from './source.ts';

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (read: OwnReading, transfer: ArrayBuffer[]) => self.postMessage(read, { transfer });

/** A separate worker that reads one matrix: the largest takes half a second, and the engine may be training. */
self.addEventListener('message', ({ data }: MessageEvent<MatrixInput>) => {
  readSource(data).then(
    (read) => post(read, buffersOf(read)),
    (error: unknown) => post({ fault: `the reader gave up (${error instanceof Error ? error.message : error}).` }, []),
  );
});
