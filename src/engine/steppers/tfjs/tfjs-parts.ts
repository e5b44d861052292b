import type { Backend, NoBackend } from '../../backends/backend.ts';
import { chunkParts } from '../../backends/chunk.ts';
import type { Graphics } from '../../backends/graphics.ts';

export type TfjsOpener = Pick<Backend, 'open' | 'alive'>;

export interface Tfjs {
  readonly cpu: () => TfjsOpener;
  readonly wasm: (page: string) => Promise<TfjsOpener | NoBackend>;
  readonly webgpu: (graphics: Graphics) => TfjsOpener;
}

export const tfjsChunk = chunkParts<Tfjs>('loraTfjs');
