import { optimisers } from '../../../experiment/optimisers.ts';
import type { Tiling } from '../../kernels/tiling.ts';
import { pacedAt } from '../regime/rate-share.ts';
import {
  emptyEntries,
  type Pack,
  type StepEntries,
  type Stepper,
  type StepperStart,
  singleModule,
} from '../stepper.ts';
import { copyState, deviceLine, restoreState, type Side } from './device-line.ts';
import { allocate, type OptimiserMemory } from './memory.ts';
import { type BufferLayout, layoutOf, unpackFactors } from './packing.ts';
import type { FusedPrograms } from './programs.ts';

interface DispatchSums {
  readonly loss: number;
  /** True if the loss needs workgroups that measure it directly, and none were sent. */
  readonly unsure: boolean;
  /** True if it soon may be. */
  readonly low: boolean;
  readonly gradNormA: number;
  readonly gradNormB: number;
  readonly updateNormA: number;
  readonly updateNormB: number;
}

/** Below this share of ½‖ΔW*‖² and of ½s²·tr(BᵀB·AAᵀ) a loss from traces is never shown, */
const LEAST_SHARE = 2e-2;
/** nor if its error may be more than this share of it. */
const WANTED = 1e-5;
/** From this multiple of the least share on, losses may soon be too small for traces. */
const LOW = 5;
/** A float32 sum of n terms of one sign has a relative error of about this times √n: 0.4·2⁻²⁴. */
const SUM_ERROR = 0.4 * 2 ** -24;

/**
 * The loss from traces is a difference of numbers as large as ½‖ΔW*‖² and ½s²·tr(BᵀB·AAᵀ), and loses the digits by
 * which it is smaller. Its least value follows from three standard deviations of the errors of their float32 sums: of
 * the parts of AAᵀ (for each rank), of a row of ΔW*·Aᵀ (for each row of B and rank, in `splits` parts; rows of normal
 * entries weigh like a third as many, but at a low rank all of them may be alike, as a checkerboard's are), and of a
 * workgroup's tree. Few ranks and rows average out little.
 */
export function minLossShare(
  { d, k, rank, groupsA, groupsB }: BufferLayout,
  { splits }: Pick<Tiling, 'splits'>,
): number {
  const gram = groupsA / 2 / rank;
  const unlike = Math.min(1, Math.max(3 / d, 1 / (rank * rank)));
  const product = (k * unlike) / (splits * splits * rank);
  const tree = 4 / groupsB;
  const error = SUM_ERROR * Math.sqrt(gram + product + tree);
  return Math.max(LEAST_SHARE, (3 * error) / WANTED);
}

/** Adds up a step's sums over its workgroups, in float64. `targetSquare` is ‖ΔW*‖². */
interface SumsReader {
  readonly layout: BufferLayout;
  readonly algebraic: boolean;
  readonly targetSquare: number;
  readonly leastShare: number;
}

/** `measured`: workgroups that measure the loss directly were sent. `sums`: from this step's first on. */
export function readSums(
  { layout, algebraic, targetSquare, leastShare }: SumsReader,
  sums: Float32Array,
  scaling: number,
  measured: boolean,
): DispatchSums {
  const { groupsA, groupsB } = layout;
  const total = (first: number, count: number, field: number) => {
    let sum = 0;
    for (let group = first; group < first + count; group++) sum += sums[4 * group + field];
    return sum;
  };
  const square = total(groupsA, groupsB, 0);
  const norms = {
    gradNormA: Math.sqrt(total(0, groupsA, 1)),
    gradNormB: Math.sqrt(total(groupsA, groupsB, 1)),
    updateNormA: Math.sqrt(total(0, groupsA, 2)),
    updateNormB: Math.sqrt(total(groupsA, groupsB, 2)),
  };
  if (!algebraic) return { loss: square / 2, unsure: false, low: false, ...norms };

  // ‖E‖² = s²·tr(BᵀB·AAᵀ) − 2s⟨B, ΔW*·Aᵀ⟩ + ‖ΔW*‖² with s·tr(BᵀB·AAᵀ) = ⟨B, s·B·AAᵀ − ΔW*·Aᵀ⟩ + ⟨B, ΔW*·Aᵀ⟩
  const cross = total(groupsA, groupsB, 3);
  const product = scaling * (square + cross);
  const byTraces = (scaling * (square - cross) + targetSquare) / 2;
  const share = byTraces / (Math.max(product, targetSquare) / 2);
  const small = share < leastShare;
  const loss = small && measured ? total(groupsA + groupsB, groupsB, 0) / 2 : byTraces;
  return { loss, unsure: small && !measured, low: share < LOW * leastShare, ...norms };
}

interface SnapshotState {
  readonly side: Side;
  readonly t: number;
  /** Updates made, including those before the start. */
  readonly step: number;
  readonly updateNorms: readonly [A: number, B: number];
}

/**
 * One dispatch per step, one submit and one read per call, no further buffers but for a third simultaneous snapshot.
 * Owns its buffers, so that others may share the device. Throws nothing: backends/guard.ts finds errors of the device.
 */
export function fusedStepper(device: GPUDevice, programs: FusedPrograms, start: StepperStart): Stepper {
  const { tiling } = programs;
  const module = singleModule(start);
  const layout = layoutOf(module, tiling);
  const { groupsA, groupsB } = layout;
  const algebraic = tiling.form === 'algebraic';
  const frozen = module.frozen ?? null;
  const leastShare = minLossShare(layout, tiling);
  const reader: SumsReader = { layout, algebraic, targetSquare: squareOf(module.target), leastShare };
  const memory = allocate(device, layout, start);
  const line = deviceLine(device, programs, layout, memory);
  const free: OptimiserMemory[] = [memory.save()];
  const undo = algebraic ? memory.save() : null;
  let [settings] = start.settings;
  let present: SnapshotState = { side: 0, t: start.state?.t ?? 0, step: start.step ?? 0, updateNorms: [0, 0] };
  let low = false;

  /** Groups of a dispatch: in the algebraic form, plus those that measure the loss directly. */
  const groupsOf = (measured: boolean) => groupsA + groupsB + (algebraic && measured ? groupsB : 0);

  /** Up to line.most updates. A pack whose losses turn out too small for traces is repeated with losses measured. */
  async function round(
    n: number,
  ): Promise<{ readonly states: readonly DispatchSums[]; readonly factors: Float32Array }> {
    const measured = low || n === 0;
    const groups = groupsOf(measured);
    const { side, t, step } = present;
    const settingsAt = (update: number) => pacedAt(start.schedule, settings, step + update);
    if (undo && !measured) line.first((encoder) => copyState(encoder, memory, side, undo));
    const answer = await line.order({ updates: n, settingsAt, frozen, side, t, groups });
    const states = Array.from({ length: n + 1 }, (_, i) =>
      readSums(reader, answer.sums.subarray(i * groups * 4), settings.scaling, measured),
    );
    low = states.some((state) => state.low);
    if (undo && states.some((state) => state.unsure)) {
      line.first((encoder) => restoreState(encoder, memory, side, undo));
      return round(n);
    }
    const last = states[n - 1];
    const updateNorms = last ? ([last.updateNormA, last.updateNormB] as const) : present.updateNorms;
    present = { side: answer.side, t: t + n, step: step + n, updateNorms };
    return { states, factors: answer.factors };
  }

  return {
    async measure(): Promise<Pack> {
      const { states, factors } = await round(0);
      const entries = emptyEntries(1);
      note(entries, 0, states[0], present.updateNorms);
      return { entries, modules: [unpackFactors(layout, factors)] };
    },
    async steps(n) {
      const entries = emptyEntries(n);
      let factors: Float32Array = new Float32Array();
      for (let made = 0; made < n; made += line.maxUpdates) {
        const part = await round(Math.min(line.maxUpdates, n - made));
        // Entry i belongs to the state that update i led to: the dispatch after it measures its loss.
        for (let i = 1; i < part.states.length; i++) {
          const { updateNormA, updateNormB } = part.states[i - 1];
          note(entries, made + i - 1, part.states[i], [updateNormA, updateNormB]);
        }
        factors = part.factors;
      }
      return { entries, modules: [unpackFactors(layout, factors)] };
    },
    tune([next]) {
      if (next.opt !== settings.opt) {
        line.first((encoder) => encoder.clearBuffer(memory.moments));
        present = { ...present, t: 0 };
      }
      settings = next;
    },
    snapshot() {
      let kept: OptimiserMemory | null = free.pop() ?? memory.save();
      const then = present;
      const to = kept;
      line.first((encoder) => copyState(encoder, memory, then.side, to));
      return {
        restore() {
          if (!kept) return;
          const from = kept;
          line.first((encoder) => restoreState(encoder, memory, then.side, from));
          present = then;
        },
        dispose() {
          if (kept) free.push(kept);
          kept = null;
        },
      };
    },
    async optimiserState() {
      const count = optimisers.byName(settings.opt).moments;
      const { t } = present;
      if (count === 0) return { t, modules: [{ A: [], B: [] }] };
      const all = await line.read(memory.moments, count * layout.factors);
      const parts = Array.from({ length: count }, (_, i) =>
        unpackFactors(layout, all.subarray(i * layout.factors, (i + 1) * layout.factors)),
      );
      return { t, modules: [{ A: parts.map(({ A }) => A), B: parts.map(({ B }) => B) }] };
    },
    dispose: () => memory.destroy(),
  };
}

function note(
  { series, modules: [own] }: StepEntries,
  at: number,
  state: DispatchSums,
  [A, B]: readonly [A: number, B: number],
): void {
  series.loss[at] = state.loss;
  own.gradNormA[at] = state.gradNormA;
  own.gradNormB[at] = state.gradNormB;
  own.updateNormA[at] = A;
  own.updateNormB[at] = B;
}

function squareOf(x: Float32Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}
