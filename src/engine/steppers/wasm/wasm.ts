import { optimisers } from '../../../experiment/optimisers/index.ts';
import {
  type Entries,
  emptyEntries,
  type OptimiserState,
  type Pack,
  type Snapshot,
  type Start,
  type Stepper,
} from '../stepper.ts';
import { type Kernel, openKernel } from './instance.ts';
import { fromPanels, type Panels, toPanels } from './matrices.ts';
import { rules, writeCorrections } from './optimisers.ts';

export { wasmMissing } from './instance.ts';

/** A row of the module's entries: ‖E‖², ‖∂L/∂A‖², ‖∂L/∂B‖², ‖ΔA‖², ‖ΔB‖². */
const ROW = 5;

/** What changes from step to step and does not lie in the module's memory. */
interface Standing {
  /** Updates since the optimiser's state was fresh. */
  readonly t: number;
  /** The present step's row. */
  readonly row: Float64Array;
}

/** SIMD WebAssembly on one thread, with memory of its own. Its readable twin is typescript.ts. */
export function wasmStepper(start: Start): Stepper {
  const { d, k, rank } = start;
  let kernel: Kernel | null = openKernel(d, k, rank, start.frozen ?? null);
  let settings = start.settings;
  let standing: Standing = { t: start.state?.t ?? 0, row: new Float64Array(ROW) };

  load(start);
  evaluate();

  function live(): Kernel {
    if (!kernel) throw new Error('This stepper has been disposed of.');
    return kernel;
  }

  function factors({ memory, lengthA, length, R, TILE }: Kernel, address: WebAssembly.Global) {
    return {
      A: new Float32Array(memory.buffer, address.value, lengthA.value),
      B: new Float32Array(memory.buffer, address.value + 4 * lengthA.value, length.value - lengthA.value),
      panelsA: { width: TILE.value, height: R.value } satisfies Panels,
      // One panel as wide as a padded row.
      panelsB: { width: R.value, height: 0 } satisfies Panels,
    };
  }

  function write(address: WebAssembly.Global, from: { readonly A: Float32Array; readonly B: Float32Array }): void {
    const { A, B, panelsA, panelsB } = factors(live(), address);
    toPanels(A, from.A, k, panelsA, 1);
    toPanels(B, from.B, rank, panelsB, 1);
  }

  function read(address: WebAssembly.Global): { A: Float32Array; B: Float32Array } {
    const { A, B, panelsA, panelsB } = factors(live(), address);
    return { A: fromPanels(A, rank, k, panelsA), B: fromPanels(B, d, rank, panelsB) };
  }

  function load({ target, state }: Start): void {
    const { memory, D, TILE, target: address, theta } = live();
    toPanels(new Float32Array(memory.buffer, address.value), target, k, { width: TILE.value, height: D.value }, -1);
    write(theta, start);
    moments().forEach((moment, i) => {
      if (state) write(moment, { A: state.A[i], B: state.B[i] });
    });
  }

  function moments(): WebAssembly.Global[] {
    const { moment1, moment2 } = live();
    return [moment1, moment2].slice(0, optimisers.byName(settings.opt).moments);
  }

  /** Views of `count` rows of the entries. */
  function rows(count: number): Float64Array[] {
    const { memory, entries } = live();
    return Array.from({ length: count }, (_, i) => new Float64Array(memory.buffer, entries.value + 8 * ROW * i, ROW));
  }

  function evaluate(): void {
    live().evaluate(settings.scaling);
    const [measured] = rows(1);
    standing = { ...standing, row: Float64Array.of(...measured.subarray(0, 3), ...standing.row.subarray(3)) };
  }

  function advance(n: number, entries: Entries, at: number): void {
    const { memory, corrections, steps } = live();
    const { scaling, opt, lr, ratio } = settings;
    const { rule, decay } = rules[opt];
    writeCorrections(new Float64Array(memory.buffer, corrections.value, 2 * n), n, standing.t);
    steps(n, scaling, rule, lr, ratio * lr, decay);
    const made = rows(n);
    made.forEach((row, i) => {
      note(entries, at + i, row);
    });
    standing = { t: standing.t + n, row: made[n - 1].slice() };
  }

  const pack = (entries: Entries): Pack => ({ entries, ...read(live().theta) });

  return {
    async measure() {
      const entries = emptyEntries(1);
      note(entries, 0, standing.row);
      return pack(entries);
    },
    async steps(n) {
      const entries = emptyEntries(n);
      const most = live().PACK.value;
      for (let at = 0; at < n; at += most) advance(Math.min(most, n - at), entries, at);
      return pack(entries);
    },
    tune(next) {
      const before = settings;
      settings = next;
      if (next.opt !== before.opt) {
        const { memory, moment1, stateEnd } = live();
        new Uint8Array(memory.buffer, moment1.value, stateEnd.value - moment1.value).fill(0);
        standing = { ...standing, t: 0 };
      }
      if (next.scaling !== before.scaling) evaluate();
    },
    snapshot(): Snapshot {
      const state = () => {
        const { memory, theta, stateEnd } = live();
        return new Uint8Array(memory.buffer, theta.value, stateEnd.value - theta.value);
      };
      // Moments that the optimiser does not keep are zero.
      const { theta, moment1, moment2, stateEnd } = live();
      const end = [moment1, moment2, stateEnd][moments().length].value;
      let kept: { readonly bytes: Uint8Array; readonly standing: Standing } | null = {
        bytes: state().slice(0, end - theta.value),
        standing,
      };
      return {
        restore() {
          if (!kept) return;
          state().fill(0, kept.bytes.length);
          state().set(kept.bytes);
          standing = kept.standing;
        },
        dispose() {
          kept = null;
        },
      };
    },
    async optimiserState(): Promise<OptimiserState> {
      const all = moments().map(read);
      return { t: standing.t, A: all.map(({ A }) => A), B: all.map(({ B }) => B) };
    },
    dispose() {
      kernel = null;
    },
  };
}

function note(entries: Entries, at: number, [squaredError, gradA, gradB, updateA, updateB]: Float64Array): void {
  entries.loss[at] = squaredError / 2;
  entries.gradNormA[at] = Math.sqrt(gradA);
  entries.gradNormB[at] = Math.sqrt(gradB);
  entries.updateNormA[at] = Math.sqrt(updateA);
  entries.updateNormB[at] = Math.sqrt(updateB);
}
