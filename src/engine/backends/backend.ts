import type { EngineInfo } from '../../protocol/messages.ts';
import type { Start, Stepper } from '../steppers/stepper.ts';

/** A back end that has started: what it is, and how a run is opened on it. */
export interface Backend {
  readonly info: Omit<EngineInfo, 'why'>;
  /** The fewest steps that are worth one call. */
  readonly leastPack: number;
  readonly open: (start: Start) => Promise<Stepper>;
  /** Tensors and buffers that are alive, for tests. */
  readonly alive: () => { readonly tensors: number; readonly buffers: number };
}

/** A back end that cannot be had: why, in a sentence. */
export interface Missing {
  readonly missing: string;
}

/** A run cannot be had or cannot go on, for a reason that the page can explain. */
export class Fault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly kind: 'device-lost' | 'refused' | 'broken',
    message: string,
  ) {
    super(message);
  }
}
