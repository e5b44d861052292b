import {
  clone,
  concat,
  dispose,
  mul,
  reshape,
  slice,
  square,
  sub,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { OptimiserState, Pack, Settings, Snapshot, Start, Stepper } from './stepper.ts';
import { forms, MOMENT_UNITS } from './tfjs-optimisers.ts';
import { entriesOf, packed, sumsPerStep, unpacked } from './tfjs-packing.ts';
import { cloned, disposeState, disposeTuned, freshMoments, type State, type Tuned, tunedTo } from './tfjs-state.ts';
import { type BackEndTraits, type DeviceTask, deviceTask, sums } from './tfjs-task.ts';

/** d × k matrices that a step makes beside ΔW*: s·B·A, the residual and its square. */
export const SCRATCH = 3;

/**
 * Any TensorFlow.js back end, gradients by hand. Norms and factors of all steps of a call come back in one read. Sums of
 * squares are taken over groups of rows on the device and over the groups here, in float64.
 */
export class TfjsStepper implements Stepper {
  private readonly task: DeviceTask;
  private readonly rank: number;
  private settings: Settings;
  private tuned: Tuned;
  private state: State;
  /** Updates since the optimiser's state was fresh. */
  private t: number;
  /** Updates made, those before the start included. */
  private at: number;
  private readonly frozen: 'A' | 'B' | null;

  /** The back end must be the present one, and stay it for as long as this lives. */
  constructor(start: Start, traits: BackEndTraits) {
    const { d, k, rank, settings } = start;
    this.task = deviceTask(start, traits);
    this.rank = rank;
    this.settings = settings;
    this.frozen = start.frozen ?? null;
    this.tuned = tunedTo(settings, d, k, this.frozen);
    this.t = start.state?.t ?? 0;
    this.at = start.step ?? 0;
    const factors = tensor(packed(start), [k + d, rank]);
    this.state = tidy(() => ({
      ...this.evaluate(factors, zeros([(k + d) / this.task.layout.grouping.factors])),
      moments: start.state ? this.momentsFrom(start.state) : freshMoments(settings, factors),
    }));
  }

  async measure(): Promise<Pack> {
    return this.read([...this.state.rows], 1);
  }

  async steps(n: number): Promise<Pack> {
    const rows: Tensor[] = [];
    const schedule = this.schedule(n);
    for (let i = 0; i < n; i++) {
      const before = this.state;
      this.at += 1;
      this.task.ahead(this.at, n - i);
      this.state = tidy(() => this.step(before, schedule, i));
      this.t += 1;
      dispose([before.factors, before.gradient, before.squared, ...before.moments]);
      // The rows of the state before were read with an earlier call; those of the steps between are read below.
      if (i === 0) dispose([...before.rows]);
      rows.push(...this.state.rows);
    }
    schedule?.dispose();
    this.task.release();
    const last = new Set<Tensor>(this.state.rows);
    return this.read(rows, n, () => dispose(rows.filter((r) => !last.has(r))));
  }

  tune(next: Settings): void {
    const { settings: before, tuned: old, state } = this;
    const { d, k } = this.task.layout;
    this.settings = next;
    this.tuned = tunedTo(next, d, k, this.frozen);
    disposeTuned(old);
    if (next.opt !== before.opt) {
      this.t = 0;
      this.state = { ...this.state, moments: freshMoments(next, state.factors) };
      dispose([...state.moments]);
    }
    if (next.scaling !== before.scaling) {
      const { factors, gradient, squared, moments, rows } = this.state;
      const [errors, gradients, update, ...residual] = rows;
      this.state = { ...tidy(() => this.evaluate(factors, update)), moments };
      dispose([gradient, squared, errors, gradients, ...residual]);
    }
  }

  snapshot(): Snapshot {
    let kept: State | null = cloned(this.state);
    const { t, at } = this;
    return {
      restore: () => {
        if (!kept) return;
        disposeState(this.state);
        this.state = cloned(kept);
        this.t = t;
        this.at = at;
      },
      dispose: () => {
        if (kept) disposeState(kept);
        kept = null;
      },
    };
  }

  async optimiserState(): Promise<OptimiserState> {
    const { d, k, rank } = this.sizes;
    const units = MOMENT_UNITS[this.settings.opt];
    const t = this.t;
    // Cloned, so that a step meanwhile cannot take them away.
    const moments = this.state.moments.map((m) => clone(m));
    const data = await Promise.all(moments.map((m) => m.data<'float32'>())).finally(() => dispose(moments));
    const parts = data.map((m, i) =>
      unpacked(
        m.map((x) => x * units[i]),
        d,
        k,
        rank,
      ),
    );
    return { t, A: parts.map(({ A }) => A), B: parts.map(({ B }) => B) };
  }

  dispose(): void {
    disposeState(this.state);
    disposeTuned(this.tuned);
    this.task.dispose();
  }

  private momentsFrom({ A, B }: OptimiserState): Tensor[] {
    const { d, k, rank } = this.sizes;
    const units = MOMENT_UNITS[this.settings.opt];
    return units.map((unit, i) =>
      tensor(
        packed({ d, k, rank, A: A[i], B: B[i] }).map((x) => x / unit),
        [k + d, rank],
      ),
    );
  }

  private get sizes() {
    const { d, k } = this.task.layout;
    return { d, k, rank: this.rank };
  }

  /** At the present step. */
  private evaluate(factors: Tensor, update: Tensor): Omit<State, 'moments'> {
    return this.task.evaluate(factors, update, this.tuned.scaling, this.at);
  }

  private step({ factors, gradient, squared, moments }: State, schedule: Tensor | null, i: number): State {
    const { constants, ratios } = this.tuned;
    const columns = schedule === null ? [] : Array.from({ length: schedule.shape[1] ?? 0 }, (_, j) => j);
    const now = schedule === null ? [] : columns.map((j) => slice(schedule, [i, j], [1, 1]));
    const made = forms[this.settings.opt].update({ factors, gradient, squared, moments, constants, now });
    const delta = ratios === null ? made.delta : mul(made.delta, ratios);
    return {
      ...this.evaluate(sub(factors, delta), sums(square(delta), this.task.layout.grouping.factors)),
      moments: made.moments,
    };
  }

  /** The scalars of the next n updates, uploaded once: n × how many there are; null where there are none. */
  private schedule(n: number): Tensor | null {
    const { schedule } = forms[this.settings.opt];
    const numbers = Array.from({ length: n }, (_, i) => schedule(this.t + i + 1, this.settings.lr));
    const columns = numbers[0].length;
    return columns === 0 ? null : tensor(Float32Array.from(numbers.flat()), [n, columns]);
  }

  private async read(rows: Tensor[], n: number, then = () => {}): Promise<Pack> {
    const { d, k, rank } = this.sizes;
    const size = (k + d) * rank;
    const all = tidy(() => concat([...rows, reshape(this.state.factors, [size])], 0));
    then();
    let data: Float32Array;
    try {
      data = await all.data<'float32'>();
    } finally {
      all.dispose();
    }
    const entries = entriesOf(data, n, this.task.layout);
    const at = n * sumsPerStep(this.task.layout);
    return { entries, ...unpacked(data.subarray(at, at + size), d, k, rank) };
  }
}
