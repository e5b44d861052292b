import {
  type FactorRule,
  isPairRule,
  type OptimiserName,
  optimisers,
  USUAL_EPSILON,
} from '../../../experiment/optimisers.ts';
import { pacedAt } from '../regime/rate-share.ts';
import {
  emptyEntries,
  type ModuleTask,
  type OptimiserState,
  type Pack,
  type Settings,
  type StepEntries,
  type Stepper,
  type StepperStart,
  singleModule,
} from '../stepper.ts';
import { updates } from '../updates.ts';
import { openKernel, rules, type WasmBuild, writeCorrections } from './instance.ts';
import { ROW, type RunMemory, runMemory } from './run-memory.ts';

export { hasFusedMultiplyAdd, takeFastest, type WasmBuild, wasmObstacle } from './instance.ts';

interface WasmProgress {
  readonly t: number;
  /** Updates made, including those before the start. */
  readonly step: number;
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
  const { schedule } = start;
  let memory: RunMemory | null = runMemory(openKernel(d, k, rank, frozen, build), module);
  let standing: WasmProgress = { t: start.state?.t ?? 0, step: start.step ?? 0, row: new Float64Array(ROW) };
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
    if (update === null) {
      if (!isPairRule(settings.opt)) advanceOutside(settings.opt, n, entries, at);
      return;
    }
    // The module takes one rate for all steps of a call.
    if (schedule && n > 1) {
      for (let i = 0; i < n; i++) advance(1, entries, at + i);
      return;
    }
    const { scaling, lr, ratio, epsilon = USUAL_EPSILON } = pacedAt(schedule, settings, standing.step);
    const { rule, decay } = update;
    writeCorrections(corrections(n), n, standing.t);
    kernel.steps(n, scaling, rule, lr, ratio * lr, decay, epsilon);
    const made = rows(n);
    for (const [i, row] of made.entries()) note(entries, at + i, row);
    standing = { t: standing.t + n, step: standing.step + n, row: made[n - 1] };
  }

  /** One by one: the rule takes whole matrices. */
  function advanceOutside(opt: FactorRule, n: number, entries: StepEntries, at: number): void {
    for (let i = 0; i < n; i++) {
      const t = standing.t + 1;
      const row = outsideStep(live(), module, pacedAt(schedule, settings, standing.step), opt, t);
      standing = { t, step: standing.step + 1, row };
      note(entries, at + i, standing.row);
    }
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

/**
 * One step whose rule takes a factor as a matrix, and its measurement as a row of entries: the module makes the
 * gradients, the update is the readable twin's own.
 */
function outsideStep(
  memory: RunMemory,
  { k, rank, frozen = null }: ModuleTask,
  { lr, ratio, scaling, epsilon = USUAL_EPSILON }: Settings,
  opt: FactorRule,
  t: number,
): Float64Array {
  const { kernel } = memory;
  const factors = memory.read(kernel.theta);
  const gradients = memory.gradients();
  const places = memory.moments(optimisers.byName(opt).moments);
  const moments = places.map(memory.read);
  const moved = (factor: 'A' | 'B', rate: number, columns: number) => {
    if (frozen === factor) return 0;
    const own = moments.map((both) => both[factor]);
    return updates[opt](factors[factor], gradients[factor], own, { rate, t, columns, epsilon });
  };
  const [movedA, movedB] = [moved('A', lr, k), moved('B', ratio * lr, rank)];
  memory.write(kernel.theta, factors);
  for (const [i, place] of places.entries()) memory.write(place, moments[i]);
  kernel.evaluate(scaling);
  const [row] = memory.rows(1);
  row[3] = movedA;
  row[4] = movedB;
  return row;
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
