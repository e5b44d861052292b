import type { Backend, NoBackend } from '../../backends/backend.ts';
import { chunkParts } from '../../backends/chunk.ts';
import type { Graphics } from '../../backends/graphics.ts';

/** A back end of TensorFlow.js that has started. */
export type TfjsOpener = Pick<Backend, 'open' | 'alive'>;

/** How each of its back ends is started. */
export interface Tfjs {
  readonly cpu: () => TfjsOpener;
  /** `page`: the page's address. */
  readonly wasm: (page: string) => Promise<TfjsOpener | NoBackend>;
  readonly webgpu: (graphics: Graphics) => TfjsOpener;
}

export const tfjsChunk = chunkParts<Tfjs>('loraTfjs');
