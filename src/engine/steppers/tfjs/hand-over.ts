import type { Backend, Missing } from '../../backends/backend.ts';
import type { Graphics } from '../../backends/graphics.ts';

/** A back end of TensorFlow.js that has started. */
export type TfjsOpener = Pick<Backend, 'open' | 'alive'>;

/** How each of its back ends is started. */
export interface Tfjs {
  readonly cpu: () => TfjsOpener;
  /** `page`: the page's address. */
  readonly wasm: (page: string) => Promise<TfjsOpener | Missing>;
  readonly webgpu: (graphics: Graphics) => TfjsOpener;
}

/** The worker and the chunk with TensorFlow.js are two classic scripts: what they share is the global scope. */
const scope: typeof globalThis & { loraTfjs?: Tfjs } = globalThis;

/** Called by the chunk. */
export function handOver(tfjs: Tfjs): void {
  scope.loraTfjs = tfjs;
}

/** What the chunk has handed over; undefined where it has not run. */
export function handedOver(): Tfjs | undefined {
  return scope.loraTfjs;
}
