import type { Factors, ModuleTask } from '../stepper.ts';
import type { Kernel } from './instance.ts';

/** A row of the module's entries: ‖E‖², ‖∂L/∂A‖², ‖∂L/∂B‖², ‖ΔA‖², ‖ΔB‖². */
export const ROW = 5;

export type RunMemory = Readonly<ReturnType<typeof runMemory>>;

/** The memory of a run as matrices row by row. */
export function runMemory(kernel: Kernel, { d, k, rank }: Pick<ModuleTask, 'd' | 'k' | 'rank'>) {
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
    write(address: WebAssembly.Global, { A, B }: Factors) {
      const to = padded(address);
      toPanels(to.A, A, k, panelsA, 1);
      toPanels(to.B, B, rank, panelsB, 1);
    },
    read(address: WebAssembly.Global): Factors {
      const { A, B } = padded(address);
      return { A: fromPanels(A, rank, k, panelsA), B: fromPanels(B, d, rank, panelsB) };
    },
    /** ∂L/∂A and ∂L/∂B. */
    gradients(): Readonly<Record<'A' | 'B', Float64Array>> {
      const at = kernel.gradient.value;
      return {
        A: fromPanels(new Float64Array(buffer, at, lengthA), rank, k, panelsA),
        B: fromPanels(new Float64Array(buffer, at + 8 * lengthA, lengthB), d, rank, panelsB),
      };
    },
    writeTarget(target: Float32Array) {
      toPanels(new Float32Array(buffer, kernel.target.value), target, k, panelsTarget, -1);
    },
    moments: (count: number) => [kernel.moment1, kernel.moment2].slice(0, count),
    rows: (count: number) =>
      Array.from({ length: count }, (_, i) =>
        new Float64Array(buffer, kernel.entries.value + 8 * ROW * i, ROW).slice(),
      ),
    /** Adam's corrections for n steps, to be filled. */
    corrections: (steps: number) => new Float64Array(buffer, kernel.corrections.value, 2 * steps),
    /** Factors, gradients and moments: all that changes from step to step. A view. */
    state: () => new Uint8Array(buffer, theta, kernel.stateEnd.value - theta),
    /** Bytes of the state that matter to an optimiser with this many moments. The rest is zero. */
    stateBytes: (moments: number): number => [kernel.moment1, kernel.moment2, kernel.stateEnd][moments].value - theta,
  };
}

/** Between matrices row by row and padded ones. The padding of fresh memory is zero and is never written. */

/** Panels, one after the other, each `width` columns wide and `height` rows high. */
interface Panels {
  readonly width: number;
  readonly height: number;
}

/** Every number of a rows × columns matrix with its position in the panels. */
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

/** A rows × columns copy of the panels, as eachRun goes through them: every pack is read with it. */
function fromPanels<T extends Float32Array | Float64Array>(
  padded: T,
  rows: number,
  columns: number,
  { width, height }: Panels,
): T {
  // One panel without padding: B of a rank that is a multiple of 4.
  if (columns === width) return padded.slice(0, rows * columns) as T;
  const plain = new (padded.constructor as new (length: number) => T)(rows * columns);
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
