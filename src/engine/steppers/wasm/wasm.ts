import { type OptimiserName, optimisers } from '../../../experiment/optimisers.ts';
import {
  emptyEntries,
  type Factors,
  type ModuleTask,
  type OptimiserState,
  type Pack,
  type StepEntries,
  type Stepper,
  type StepperStart,
  singleModule,
} from '../stepper.ts';
import { type Kernel, openKernel, rules, type WasmBuild, writeCorrections } from './instance.ts';

/** A row of the module's entries: ‖E‖², ‖∂L/∂A‖², ‖∂L/∂B‖², ‖ΔA‖², ‖ΔB‖². */
const ROW = 5;

type RunMemory = Readonly<ReturnType<typeof runMemory>>;

function runMemory(kernel: Kernel, { d, k, rank }: Pick<ModuleTask, 'd' | 'k' | 'rank'>) {
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

export { hasFusedMultiplyAdd, takeFastest, type WasmBuild, wasmObstacle } from './instance.ts';

interface WasmProgress {
  readonly t: number;
  readonly row: Float64Array;
}

/**
 * Single-threaded SIMD WebAssembly; its readable twin is typescript.ts. Throws if wasmObstacle() gives a reason, and a
 * RangeError if memory is short. `build`: by default the fastest.
 */
export function wasmStepper(start: StepperStart, build?: WasmBuild): Stepper {
  let [settings] = start.settings;
  /** Looked up once: a name from a message is another string than the table's and deoptimises compiled code. */
  let update = rules[settings.opt];
  const module = singleModule(start);
  const { d, k, rank, frozen = null } = module;
  let memory: RunMemory | null = runMemory(openKernel(d, k, rank, frozen, build), module);
  let standing: WasmProgress = { t: start.state?.t ?? 0, row: new Float64Array(ROW) };
  /** Every pack takes a snapshot, and hardly any is restored. */
  let spare: Uint8Array | null = null;
  load(memory, module, settings.opt);
  evaluate();

  function live(): RunMemory {
    if (!memory) throw new Error('This stepper has been disposed of.');
    return memory;
  }

  function evaluate(): void {
    const { kernel, rows } = live();
    kernel.evaluate(settings.scaling);
    const row = rows(1)[0];
    // Measuring moves nothing: the updates' norms are still those that led here.
    row.set(standing.row.subarray(3), 3);
    standing = { ...standing, row };
  }

  /** A copy of an optimiser's state in memory, in a list that an earlier snapshot returned, if any. */
  function copied(): Uint8Array {
    const { state, stateBytes } = live();
    const bytes = state().subarray(0, stateBytes(momentsOf(settings.opt)));
    const into = spare?.length === bytes.length ? spare : new Uint8Array(bytes.length);
    spare = null;
    into.set(bytes);
    return into;
  }

  function advance(n: number, entries: StepEntries, at: number): void {
    const { kernel, corrections, rows } = live();
    const { scaling, lr, ratio } = settings;
    const { rule, decay } = update;
    writeCorrections(corrections(n), n, standing.t);
    kernel.steps(n, scaling, rule, lr, ratio * lr, decay);
    const made = rows(n);
    for (const [i, row] of made.entries()) note(entries, at + i, row);
    standing = { t: standing.t + n, row: made[n - 1] };
  }

  const pack = (entries: StepEntries): Pack => ({ entries, modules: [live().read(live().kernel.theta)] });

  return {
    async measure() {
      const entries = emptyEntries(1);
      note(entries, 0, standing.row);
      return pack(entries);
    },
    async steps(n) {
      const entries = emptyEntries(n);
      const max = live().kernel.PACK.value;
      for (let at = 0; at < n; at += max) advance(Math.min(max, n - at), entries, at);
      return pack(entries);
    },
    tune([next]) {
      const before = settings;
      settings = next;
      update = rules[next.opt];
      if (next.opt !== before.opt) {
        const { state, stateBytes } = live();
        state().fill(0, stateBytes(0));
        standing = { ...standing, t: 0 };
      }
      if (next.scaling !== before.scaling) evaluate();
    },
    snapshot() {
      let kept: { readonly bytes: Uint8Array; readonly standing: WasmProgress } | null = { bytes: copied(), standing };
      return {
        restore() {
          if (!kept) return;
          const bytes = live().state();
          bytes.set(kept.bytes);
          bytes.fill(0, kept.bytes.length);
          standing = kept.standing;
        },
        dispose() {
          spare = kept?.bytes ?? spare;
          kept = null;
        },
      };
    },
    async optimiserState(): Promise<OptimiserState> {
      const both = live().moments(momentsOf(settings.opt)).map(live().read);
      return { t: standing.t, modules: [{ A: both.map(({ A }) => A), B: both.map(({ B }) => B) }] };
    },
    dispose() {
      memory = null;
    },
  };
}

function load(memory: RunMemory, { target, A, B, moments }: ReturnType<typeof singleModule>, opt: OptimiserName): void {
  memory.writeTarget(target);
  memory.write(memory.kernel.theta, { A, B });
  if (!moments) return;
  for (const [i, moment] of memory.moments(momentsOf(opt)).entries()) {
    memory.write(moment, { A: moments.A[i], B: moments.B[i] });
  }
}

function momentsOf(opt: OptimiserName): number {
  return optimisers.byName(opt).moments;
}

function note(
  { series, modules: [own] }: StepEntries,
  at: number,
  [squaredError, gradA, gradB, updateA, updateB]: Float64Array,
): void {
  series.loss[at] = squaredError / 2;
  own.gradNormA[at] = Math.sqrt(gradA);
  own.gradNormB[at] = Math.sqrt(gradB);
  own.updateNormA[at] = Math.sqrt(updateA);
  own.updateNormB[at] = Math.sqrt(updateB);
}
