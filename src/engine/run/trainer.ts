import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import {
  lastEntry,
  type Pack,
  type Settings,
  type StepEntries,
  type Stepper,
  type StepperStart,
} from '../steppers/stepper.ts';
import { startFrom, type TrainingTask } from '../tasks/task.ts';
import { boundsAfter, exactBounds, type FactorBounds, largestBounds, runJudge } from './judge.ts';

export type HaltReason = 'converged' | 'diverged' | null;

type EntrySink = (step: number, entries: StepEntries) => void;

/**
 * Makes steps in packs and stops at exactly the step at which a run diverges or converges: it goes back to the start of
 * the pack and repeats the steps up to it, so that the size of packs is never seen.
 */
export class Trainer {
  step = 0;
  present: Pack;
  private readonly judge;
  /** Of the step that ended a run by diverging, which is never shown. */
  beyond: number | null = null;
  /** Bounds for the current factors, one per module. */
  private reach: readonly FactorBounds[];

  constructor(
    /** The caller's to dispose of. */
    public stepper: Stepper,
    private readonly problem: Problem,
    private settings: readonly Settings[],
    first: Pack,
    private readonly sink: EntrySink,
    private readonly task: TrainingTask,
  ) {
    this.present = first;
    const judged = problem.modules.map(({ wanted, frozenFactor, method }: LayerModule) => ({
      norm: wanted?.norm ?? null,
      frozen: frozenFactor,
      relative: method !== undefined,
    }));
    // Gradients of batches are never small for long; those of a network may or may not be.
    this.judge = runJudge(first.entries, judged, this.scalings, problem.kind === 'matrix');
    this.reach = problem.modules.map(({ facts }: LayerModule) => facts);
    sink(0, first.entries);
  }

  get scalings(): readonly number[] {
    return this.settings.map(({ scaling }) => scaling);
  }

  /** Makes n steps, or fewer if the run ends. `judged` false: known steps. `wanted` is called between parts. */
  async advance(n: number, judged: boolean, wanted: () => boolean): Promise<HaltReason> {
    const kept = this.stepper.snapshot();
    try {
      const pack = await this.stepper.steps(n);
      const good = judged ? this.judge.diverged(pack.entries) : n;
      if (good < n) this.beyond = pack.entries.series.loss[good];
      const { index, exact } = judged ? this.candidate(pack, good) : { index: -1, exact: null };
      if (index < 0 && good === n) {
        this.take(pack, n);
        if (exact) this.reach = exact;
        return null;
      }
      kept.restore();
      return await this.repeat(good, index, good < n ? 'diverged' : null, wanted);
    } finally {
      kept.dispose();
    }
  }

  /** Other settings from the current step on, which is measured again under them. */
  async tune(settings: readonly Settings[]): Promise<void> {
    const before = this.settings;
    this.settings = settings;
    this.stepper.tune(settings);
    if (settings.some(({ scaling, inner }, i) => scaling !== before[i].scaling || inner !== before[i].inner)) {
      this.present = await this.stepper.measure();
      this.judge.accept(this.present.entries, 1);
    }
    this.judge.restart(this.scalings);
  }

  /** Continues with another stepper from start(); the entry stays as measured. The old stepper is the caller's. */
  handOver(next: Stepper): Stepper {
    const before = this.stepper;
    this.stepper = next;
    return before;
  }

  async start(): Promise<StepperStart> {
    const { modules } = this.present;
    const state = await this.stepper.optimiserState();
    return { ...startFrom(this.task, modules), settings: this.settings, state, step: this.step };
  }

  again(): void {
    this.sink(this.step, lastEntry(this.present.entries));
  }

  goOn(): void {
    this.judge.restart(this.scalings);
  }

  /** The first `good` steps again; from the one after `candidate` on each step is checked for the end. */
  private async repeat(
    good: number,
    candidate: number,
    otherwise: HaltReason,
    wanted: () => boolean,
  ): Promise<HaltReason> {
    let made = 0;
    let next = candidate < 0 ? good : candidate + 1;
    while (made < good && wanted()) {
      this.take(await this.stepper.steps(next - made), next - made);
      made = next;
      next += 1;
      if (candidate < 0) continue;
      this.reach = exactBounds(this.present.modules, this.problem.modules);
      if (this.judge.converged(largestBounds(this.reach))) return 'converged';
    }
    return otherwise;
  }

  /** Index of the first entry at which the run may have converged, −1 for none, and σ₁ at the end if needed. */
  private candidate(
    pack: Pack,
    good: number,
  ): { readonly index: number; readonly exact: readonly FactorBounds[] | null } {
    const within = (reach: readonly FactorBounds[]) =>
      this.judge.mayEnd(pack.entries, good, largestBounds(boundsAfter(reach, pack.entries, good)));
    const rough = within(this.reach);
    if (rough < 0 || good < pack.entries.series.loss.length) return { index: rough, exact: null };
    // The bound holds backwards from the end as well, and is tighter.
    const exact = exactBounds(pack.modules, this.problem.modules);
    return { index: within(exact), exact };
  }

  private take(pack: Pack, count: number): void {
    const { entries } = pack;
    this.sink(this.step + 1, entries);
    this.judge.accept(entries, count);
    this.reach = boundsAfter(this.reach, entries, count);
    this.step += count;
    this.present = pack;
  }
}
