import {
  dispose,
  getBackend,
  mul,
  scalar,
  setBackend,
  square,
  sub,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Schedule } from '../../../experiment/settings/rate.ts';
import { rateShare } from '../regime/rate-share.ts';
import type { OptimiserState, Pack, Settings, Snapshot, Stepper, StepperStart } from '../stepper.ts';
import type { BackEndTraits, DeviceTask, TensorFactor, TensorState } from './device-task.ts';
import { matrixTask, rowGroupSums } from './forward.ts';
import { networkTask } from './network-task.ts';
import {
  cloneState,
  disposeState,
  disposeTunedTensors,
  freshMoments,
  momentsFrom,
  readMoments,
  rowOf,
  scheduleOf,
  type TunedTensors,
  tensorOptimiser,
  tuneTensors,
} from './optimisers.ts';
import { gatherSums, readPack } from './packing.ts';

/** Any TensorFlow.js back end. Norms and factors of all steps of a call come back in one read. */
export class TfjsStepper implements Stepper {
  private readonly task: DeviceTask;
  private settings: readonly Settings[];
  private tuned: TunedTensors;
  private state: TensorState;
  private t: number;
  /** Updates made, including those before the start. */
  private at: number;
  private readonly frozen: readonly (TensorFactor | null)[];
  private readonly schedule: Schedule | null;
  /** The active one at the start. A run of another session may have activated another one since. */
  private readonly backEnd = getBackend();

  /** The back end must be the active one. */
  constructor(start: StepperStart, traits: BackEndTraits) {
    const { settings, modules, network, state } = start;
    this.task = network ? networkTask(start, network, traits) : matrixTask(start, traits);
    this.settings = settings;
    this.schedule = start.schedule ?? null;
    this.frozen = modules.map(({ frozen = null }) => frozen);
    this.tuned = tuneTensors(settings, this.task, this.frozen);
    this.t = state?.t ?? 0;
    this.at = start.step ?? 0;
    const { layout } = this.task;
    const { rows, columns, rowsPerSum } = layout;
    const factors = tensor(layout.pack(modules), [rows, columns]);
    this.state = tidy(() => ({
      ...this.evaluate(factors, zeros([rows / rowsPerSum])),
      moments: state ? momentsFrom(state.modules, settings[0], layout) : freshMoments(settings[0], factors),
    }));
  }

  /** Before any computation. A back end that has begun is active at once. */
  private present(): void {
    if (getBackend() !== this.backEnd) void setBackend(this.backEnd);
  }

  async measure(): Promise<Pack> {
    this.present();
    return this.read(gatherSums(this.state.rows, this.state.factors), 1);
  }

  async steps(n: number): Promise<Pack> {
    this.present();
    const rows: Tensor[] = [];
    const schedule = scheduleOf(this.settings[0], this.t, n);
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
    const all = gatherSums(rows, this.state.factors);
    const last = new Set<Tensor>(this.state.rows);
    dispose(rows.filter((r) => !last.has(r)));
    return this.read(all, n);
  }

  tune(next: readonly Settings[]): void {
    this.present();
    const { settings: before, tuned: old, state } = this;
    this.settings = next;
    this.tuned = tuneTensors(next, this.task, this.frozen);
    disposeTunedTensors(old);
    if (next[0].opt !== before[0].opt) {
      this.t = 0;
      this.state = { ...this.state, moments: freshMoments(next[0], state.factors) };
      dispose([...state.moments]);
    }
    if (next.some(({ scaling }, i) => scaling !== before[i].scaling)) {
      const { factors, gradient, squared, moments, rows } = this.state;
      const [errors, gradients, update, ...residual] = rows;
      this.state = { ...tidy(() => this.evaluate(factors, update)), moments };
      dispose([gradient, squared, errors, gradients, ...residual]);
    }
  }

  snapshot(): Snapshot {
    this.present();
    let kept: TensorState | null = cloneState(this.state);
    const { t, at } = this;
    return {
      restore: () => {
        if (!kept) return;
        this.present();
        disposeState(this.state);
        this.state = cloneState(kept);
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
    this.present();
    const { t, settings } = this;
    return { t, modules: await readMoments(this.state.moments, settings[0], this.task.layout, settings.length) };
  }

  dispose(): void {
    disposeState(this.state);
    disposeTunedTensors(this.tuned);
    this.task.dispose();
  }

  private read(all: Tensor, n: number): Promise<Pack> {
    return readPack(all, n, this.task);
  }

  private evaluate(factors: Tensor, update: Tensor): Omit<TensorState, 'moments'> {
    return this.task.evaluate(factors, update, this.tuned.scaling, this.at);
  }

  private step({ factors, gradient, squared, moments }: TensorState, schedule: Tensor | null, i: number): TensorState {
    const { constants, ratios } = this.tuned;
    const now = schedule === null ? [] : rowOf(schedule, i);
    const made = tensorOptimiser(this.settings[0].opt).update({ factors, gradient, squared, moments, constants, now });
    // Every rule multiplies by its rate last; `at` counts this update already.
    const paced = this.schedule ? mul(made.delta, scalar(rateShare(this.schedule, this.at - 1))) : made.delta;
    const delta = ratios === null ? paced : mul(paced, ratios);
    return {
      ...this.evaluate(sub(factors, delta), rowGroupSums(square(delta), this.task.layout.rowsPerSum)),
      moments: made.moments,
    };
  }
}
