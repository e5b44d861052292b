import { roundToHalves } from '../../../math/float16.ts';
import { type EightType, roundToBfloats, roundToEights } from '../../../math/narrow-floats.ts';
import { nf4Numbers } from '../../../math/nf4.ts';

/** A type in which a merged weight is kept. */
export type MergedType = 'F32' | 'BF16' | 'F16' | 'NF4' | EightType;

/**
 * What merging leaves of ΔW if the weight is kept in a type, as the Lab defines it (Merging): with W = round(W₀), the
 * type's own, the merged weight is round(W + ΔW). Sums are of float64 numbers, rounded to float32 and then to the type.
 */
export interface MergedFigures {
  readonly type: MergedType;
  /** ‖round(W + ΔW) − W − ΔW‖/‖ΔW‖; null if ΔW = 0; infinite or NaN beyond the type's range. */
  readonly lost: number | null;
  /** Of the entries of ΔW that are not 0, the share where the number kept is that of W; of NF4 its code of 4 bits. */
  readonly vanished: number | null;
}

/** The type of the base's numbers first; a float64 base is kept in float32 at most. */
export function mergedTypes(dtype: string, withNf4: boolean): readonly MergedType[] {
  const usual: readonly MergedType[] = withNf4 ? ['BF16', 'F16', 'NF4'] : ['BF16', 'F16'];
  const own = dtype === 'F64' ? 'F32' : (dtype as MergedType);
  return [own, ...usual.filter((type) => type !== own)];
}

const ROUND: Readonly<Record<Exclude<MergedType, 'NF4'>, (values: Float32Array) => Float32Array>> = {
  F32: (values) => values,
  BF16: roundToBfloats,
  F16: roundToHalves,
  F8_E4M3: (values) => roundToEights(values, 'F8_E4M3'),
  F8_E5M2: (values) => roundToEights(values, 'F8_E5M2'),
};

/** Entries row by row of a panel; a panel of a tensor that lies turned is turned for NF4, whose blocks run along inputs. */
interface PanelShape {
  readonly rows: number;
  readonly cols: number;
}

/** Sums for one type over all panels of a matrix. */
export function mergedTally(type: MergedType, turned: boolean) {
  const sums = { squares: 0, size: 0, entries: 0, kept: 0 };
  return {
    add(base: Float64Array, delta: Float64Array, shape: PanelShape) {
      const lying = turned ? shape : null;
      const before = stored(type, new Float32Array(base), lying);
      const after = stored(type, sumOf(before.values, delta), lying);
      addOff(sums, before.values, after.values, delta);
      if (before.codes && after.codes) sums.kept += equalCodes(before.codes, after.codes, delta);
      else sums.kept += equalValues(before.values, after.values, delta);
    },
    figures: (): MergedFigures => ({
      type,
      lost: sums.entries === 0 ? null : Math.sqrt(sums.squares / sums.size),
      vanished: sums.entries === 0 ? null : sums.kept / sums.entries,
    }),
  };
}

/** What a type makes of numbers, in their place; `shape`: of a panel that lies turned. Codes are those of NF4. */
function stored(type: MergedType, values: Float32Array, shape: PanelShape | null) {
  if (type !== 'NF4') return { values: ROUND[type](values), codes: null };
  if (!shape) return nf4Numbers(values);
  const found = nf4Numbers(turnedNumbers(values, shape.rows, shape.cols));
  return {
    values: turnedNumbers(found.values, shape.cols, shape.rows),
    codes: turnedNumbers(found.codes, shape.cols, shape.rows),
  };
}

function sumOf(values: Float32Array, delta: Float64Array): Float32Array {
  const sum = new Float32Array(values.length);
  for (let i = 0; i < sum.length; i++) sum[i] = values[i] + delta[i];
  return sum;
}

/** Loops of one kind of array each, with sums of their own: a compiler keeps these in registers. */
function addOff(
  sums: { squares: number; size: number; entries: number },
  before: Float32Array,
  after: Float32Array,
  delta: Float64Array,
): void {
  let [squares, size, entries] = [0, 0, 0];
  for (let i = 0; i < delta.length; i++) {
    const d = delta[i];
    const off = after[i] - before[i] - d;
    squares += off * off;
    size += d * d;
    if (d !== 0) entries++;
  }
  sums.squares += squares;
  sums.size += size;
  sums.entries += entries;
}

function equalValues(before: Float32Array, after: Float32Array, delta: Float64Array): number {
  let kept = 0;
  for (let i = 0; i < delta.length; i++) if (before[i] === after[i] && delta[i] !== 0) kept++;
  return kept;
}

function equalCodes(before: Uint8Array, after: Uint8Array, delta: Float64Array): number {
  let kept = 0;
  for (let i = 0; i < delta.length; i++) if (before[i] === after[i] && delta[i] !== 0) kept++;
  return kept;
}

function turnedNumbers<T extends Float32Array | Uint8Array>(values: T, rows: number, cols: number): T {
  const out = values.slice() as T;
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = values[i * cols + j];
  return out;
}
