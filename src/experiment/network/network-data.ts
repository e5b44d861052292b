import type { Batches } from '../regression/batches.ts';
import type { DigitSet } from './digits.ts';
import type { SequenceSet } from './sequences.ts';

/** Rows of inputs with an answer each, to train on and held out; `old`: held out of the task that the network knew. */
export interface LabelledData {
  readonly kind: 'labelled';
  readonly training: DigitSet;
  readonly heldOut: DigitSet;
  readonly old: DigitSet;
  readonly batches: Batches;
}

/** The parts of a decoder that no adapter changes: symbols × width, length × width and symbols × width, row by row. */
export interface DecoderRest {
  readonly embedding: Float32Array;
  readonly positions: Float32Array;
  readonly head: Float32Array;
}

/** Sequences that are drawn anew for each step. */
export interface SequenceData {
  readonly kind: 'sequences';
  /** Inputs of a sequence, and its answers: those of its last positions. */
  readonly length: number;
  readonly asked: number;
  readonly rest: DecoderRest;
  readonly heldOut: SequenceSet;
  readonly old: SequenceSet;
  readonly batches: { readonly size: number; readonly at: (step: number) => SequenceSet };
}

export type NetworkData = LabelledData | SequenceData;
