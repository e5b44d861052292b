import { MAX_INDICES, MAX_LISTED_SIDE } from '../run-file/run-file.ts';
import type { LayerSize } from '../settings/kinds.ts';

/** With more bytes of matrices a script would be mostly data: they go into a separate file. */
export const MAX_EMBEDDED_BYTES = 1_000_000;

export interface SizeFacts extends LayerSize {
  readonly steps: number;
  readonly budget: number;
  readonly spectra: number;
  /** Training samples, held-out samples, and samples per step; 0 for a matrix target. */
  readonly samples: number;
  readonly heldOut: number;
  readonly batch: number;
  readonly moved: boolean;
  /** Of a method beside LoRA. */
  readonly own?: {
    readonly trained: number;
    /** Numbers in a file, at both ends and of ΔW; a 0 is short. */
    readonly listed: number;
    /** The norms of one of its two streams are 0. */
    readonly isSingle: boolean;
  };
  /** Of W₀ and of ΔW*: the share of entries that are not 0, and that differ from the one before, if known. */
  readonly filled: readonly [number, number];
  readonly varied: readonly [number, number];
}

const LOOKED_AT = 1000;

/** The share of non-zero entries, and of those that differ from the one before; 1 if the matrix is unknown. */
export function sharesOf(data: Float32Array | null | undefined): { filled: number; varied: number } {
  if (!data || data.length < 2) return { filled: 1, varied: 1 };
  const step = Math.max(1, Math.floor(data.length / LOOKED_AT));
  let [looked, filled, varied] = [0, 0, 0];
  for (let i = 1; i < data.length; i += step) {
    looked++;
    if (data[i] !== 0) filled++;
    if (data[i] !== data[i - 1]) varied++;
  }
  return { filled: filled / looked, varied: varied / looked };
}

/** Characters of a float32 in JSON, a number of the trace in CSV or JSON, an index. */
const [FLOAT, DOUBLE, INDEX] = [20, 19, 4];

/** Those that a run file lists of a trained matrix. */
const trainedNumbers = ({ d, k, rank, own }: SizeFacts) => own?.listed ?? 2 * rank * (d + k);

export function runBytes(f: SizeFacts): number {
  const { d, k, rank, steps, samples, heldOut, batch } = f;
  const listed = Math.max(d, k) <= MAX_LISTED_SIDE;
  const whole = (f.filled[0] + f.filled[1]) * d * k + (samples + heldOut) * (d + k);
  const matrices = trainedNumbers(f) + (listed ? whole : 0);
  const indices = batch * (steps + 1) > MAX_INDICES || samples === 0 ? 0 : batch * (steps + 1);
  const trace = (steps + 1) * (6 * DOUBLE + 5) + f.spectra * (rank + 2) * DOUBLE;
  return FLOAT * matrices + INDEX * indices + trace + 1_500;
}

export const csvBytes = ({ steps, samples }: SizeFacts): number => (steps + 1) * (6 * DOUBLE + (samples ? 6 : 4)) + 600;

/** Bytes of the PEFT folder: its two matrices and three small texts. */
export const peftBytes = ({ d, k, rank, moved }: SizeFacts): number => 4 * (moved ? 2 : 1) * rank * (d + k) + 1_350;

/** Estimated bytes of script or notebook; above a limit the matrices go into a separate file as they are. */
export function pythonBytes(f: SizeFacts): number {
  const { d, k, rank, samples, batch } = f;
  const indices = samples > batch ? ((f.steps || f.budget) + 1) * batch : 0;
  const rest = (rank + samples) * (d + k) + indices;
  const bytes = 4 * (d * k * (samples ? 1 : 2) + rest);
  if (bytes > MAX_EMBEDDED_BYTES) return LESSON + bytes;
  // Deflated floats keep about nine tenths of their bytes, and base64 has four characters for three of them.
  const varied = d * k * (f.varied[0] + (samples ? 0 : f.varied[1])) + rest;
  return LESSON + 4 * varied * 0.9 * (4 / 3);
}

const LESSON = 9_000;

/** Of a network. */
interface NetworkSizeFacts {
  readonly target: string;
  readonly modules: readonly SizeFacts[];
  /** Trained so far. */
  readonly steps: number;
  /** Whether its matrices are trained whole. */
  readonly full: boolean;
  /** Numbers in all its matrices, in its held-out examples, and steps at which it was measured. */
  readonly weights: number;
  readonly inputs: number;
  readonly measured: number;
  /** Examples in the batches of all its steps. */
  readonly indices: number;
}

/** Characters of a script: its text, and by target its training examples, deflated; sequences are drawn. */
const NETWORK_LESSON = 11_000;
const EXAMPLES: Readonly<Record<string, number>> = { digits: 54_000, classifier: 6_000 };

export function networkPythonBytes({ target, modules, full, weights, indices }: NetworkSizeFacts): number {
  const drawn = full ? 0 : modules.reduce((sum, { rank, k, own }) => sum + (own?.trained ?? rank * k), 0);
  const examples = Object.hasOwn(EXAMPLES, target) ? EXAMPLES[target] + 2.4 * indices : 0;
  return NETWORK_LESSON + examples + 3.4 * weights + 4.8 * drawn;
}

/** Characters of a pretrained weight, which is a float16, and of an input. */
const [HALF, INPUT] = [15, 6.5];

export function networkRunBytes({ modules, steps, full, weights, inputs, measured }: NetworkSizeFacts): number {
  const trained = modules.reduce((sum, facts) => sum + (full ? facts.d * facts.k : trainedNumbers(facts)), 0);
  const spectra = modules.reduce((sum, { rank, spectra }) => sum + spectra * (rank + 2), 0);
  const trace = DOUBLE * ((steps + 1) * normsOf(modules, full) + spectra + 4 * measured) + 10 * steps;
  return FLOAT * trained + HALF * weights + INPUT * inputs + trace + 2_000;
}

/** Numbers of a step: the loss and the norms, half of which are 0 if a factor is an identity. */
const normsOf = (modules: readonly SizeFacts[], full: boolean) =>
  modules.reduce((sum, { own }) => sum + (full || own?.isSingle ? 2 : 4), 1);

export function networkCsvBytes({ modules, steps, full, measured }: NetworkSizeFacts): number {
  return DOUBLE * ((steps + 1) * normsOf(modules, full) + 3 * measured) + 8 * steps + 700;
}

/** "60 kB", "1.2 MB": two digits. */
export function sizeText(bytes: number): string {
  const [value, unit] = bytes < 995_000 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${Math.max(1, Number(value.toPrecision(2)))} ${unit}`;
}
