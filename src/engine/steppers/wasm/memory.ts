import type { Factors, ModuleTask } from '../stepper.ts';
import type { Kernel } from './instance.ts';

/** A row of the module's entries: ‖E‖², ‖∂L/∂A‖², ‖∂L/∂B‖², ‖ΔA‖², ‖ΔB‖². */
export const ROW = 5;

/** The memory of one run: every access from outside to what lies in it. */
export interface RunMemory {
  readonly kernel: Kernel;
  /** The factors, or a moment of each, at this address. */
  write(address: WebAssembly.Global, both: Factors): void;
  read(address: WebAssembly.Global): Factors;
  writeTarget(target: Float32Array): void;
  /** Addresses of so many moments. */
  moments(count: number): readonly WebAssembly.Global[];
  /** Copies of the first rows of the entries. */
  rows(count: number): readonly Float64Array[];
  /** Adam's corrections for so many steps, to be filled. */
  corrections(steps: number): Float64Array;
  /** Factors, gradients and moments: all that changes from step to step. A view. */
  state(): Uint8Array;
  /** Bytes of the state that matter to an optimiser of so many moments. The rest is zero. */
  stateBytes(moments: number): number;
}

export function runMemory(kernel: Kernel, { d, k, rank }: Pick<ModuleTask, 'd' | 'k' | 'rank'>): RunMemory {
  const { buffer } = kernel.memory;
  const theta = kernel.theta.value;
  const lengthA = kernel.lengthA.value;
  const lengthB = kernel.length.value - lengthA;
  const panelsA: Panels = { width: kernel.TILE.value, height: kernel.R.value };
  // One panel, as wide as a padded row.
  const panelsB: Panels = { width: kernel.R.value, height: 0 };
  const panelsTarget: Panels = { width: kernel.TILE.value, height: kernel.D.value };

  const padded = ({ value }: WebAssembly.Global): Factors => ({
    A: new Float32Array(buffer, value, lengthA),
    B: new Float32Array(buffer, value + 4 * lengthA, lengthB),
  });

  return {
    kernel,
    write(address, { A, B }) {
      const to = padded(address);
      toPanels(to.A, A, k, panelsA, 1);
      toPanels(to.B, B, rank, panelsB, 1);
    },
    read(address) {
      const { A, B } = padded(address);
      return { A: fromPanels(A, rank, k, panelsA), B: fromPanels(B, d, rank, panelsB) };
    },
    writeTarget(target) {
      toPanels(new Float32Array(buffer, kernel.target.value), target, k, panelsTarget, -1);
    },
    moments: (count) => [kernel.moment1, kernel.moment2].slice(0, count),
    rows: (count) =>
      Array.from({ length: count }, (_, i) =>
        new Float64Array(buffer, kernel.entries.value + 8 * ROW * i, ROW).slice(),
      ),
    corrections: (steps) => new Float64Array(buffer, kernel.corrections.value, 2 * steps),
    state: () => new Uint8Array(buffer, theta, kernel.stateEnd.value - theta),
    stateBytes: (moments) => [kernel.moment1, kernel.moment2, kernel.stateEnd][moments].value - theta,
  };
}

/** Between matrices row by row and the module's padded ones. The padding of fresh memory is zero and is never written. */

/** Panels: so many columns wide, so many rows high, one after the other. */
export interface Panels {
  readonly width: number;
  readonly height: number;
}

/** Every number of a rows × columns matrix with its place in the panels. */
function eachRun(
  rows: number,
  columns: number,
  { width, height }: Panels,
  visit: (plain: number, padded: number, count: number) => void,
): void {
  for (let first = 0, panel = 0; first < columns; first += width, panel++) {
    const count = Math.min(width, columns - first);
    for (let row = 0; row < rows; row++) visit(row * columns + first, (panel * height + row) * width, count);
  }
}

/** padded ← sign·plain. */
function toPanels(padded: Float32Array, plain: Float32Array, columns: number, panels: Panels, sign: 1 | -1): void {
  eachRun(plain.length / columns, columns, panels, (from, to, count) => {
    for (let j = 0; j < count; j++) padded[to + j] = sign * plain[from + j];
  });
}

/** Up to this length a run is copied number by number: a view of it takes longer to make. */
const SHORT = 32;

/** A rows × columns copy of what is in the panels, as eachRun goes through them: every pack is read with it. */
function fromPanels(padded: Float32Array, rows: number, columns: number, { width, height }: Panels): Float32Array {
  const plain = new Float32Array(rows * columns);
  for (let first = 0, panel = 0; first < columns; first += width, panel++) {
    const count = Math.min(width, columns - first);
    for (let row = 0; row < rows; row++) {
      const to = row * columns + first;
      const from = (panel * height + row) * width;
      if (count > SHORT) plain.set(padded.subarray(from, from + count), to);
      else for (let j = 0; j < count; j++) plain[to + j] = padded[from + j];
    }
  }
  return plain;
}
