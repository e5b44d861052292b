import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { OptimiserName } from '../../experiment/optimisers.ts';
import type { Tuning } from '../../experiment/settings/params.ts';
import type { Backend } from '../backends/backend.ts';
import type { ContestTimes } from '../backends/contest.ts';
import { type Merger, merger } from '../background/merge.ts';
import { secondsPerStep } from '../cost.ts';
import type { MergeMessage, PaceMessage, RunMessage, Watch } from '../protocol/page-messages.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { methodParts } from '../steppers/method-parts.ts';
import type { Pack, Stepper } from '../steppers/stepper.ts';
import type { TrainingTask } from '../tasks/task.ts';
import { type PaceGoal, paceGoal, type Replay, replay } from './goal.ts';
import { Loop } from './loop.ts';
import { type Offers, offers } from './offers.ts';
import { Outbox } from './outbox.ts';
import { type Packs, packs, type StepCost } from './packs.ts';
import type { TaskQueue } from './task-queue.ts';
import { Trainer } from './trainer.ts';
import { settingsOf, type Tuner, tuner } from './tuner.ts';

export interface RunParts extends StepCost {
  readonly run: number;
  readonly problem: Problem;
  /** Of the experiment; its modules have this one or a lower one. */
  readonly rank: number;
  readonly tuning: Tuning;
  readonly task: TrainingTask;
  /** Belongs to the run from here on, which disposes of it. */
  readonly stepper: Stepper;
  readonly watch: Watch;
  readonly replay: RunMessage['replay'];
  /** Buffers of the message move to the page. */
  readonly send: (message: WorkerMessage) => void;
  readonly fail: (error: unknown) => void;
  /** The same problem with the singular vectors of ΔW*, called if a metric wants them. */
  readonly withVectors: () => Problem;
  /** The back end that makes the steps of a rule from here on; null: the present one goes on. */
  readonly fitting: (opt: OptimiserName) => Promise<Backend | null>;
  readonly alone: TaskQueue;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** One run in the worker: takes the page's messages, and does one thing at a time between them (doNext). */
export class Run {
  private readonly loop: Loop;
  private readonly outbox: Outbox;
  private readonly trainer: Trainer;
  private readonly tuner: Tuner;
  private readonly packs: Packs;
  private readonly offers: Offers;
  private readonly goal: PaceGoal;
  private readonly replay: Replay;
  private readonly merger: Merger;
  private readonly search;
  private closing: Promise<void> | null = null;

  /** `first`: the measurement of step 0. */
  constructor(
    private readonly parts: RunParts,
    first: Pack,
  ) {
    const { run, problem, rank, tuning, task, stepper, watch, send, clock, alone } = parts;
    const settings = settingsOf(tuning, problem.modules);
    const giveUp = (error: unknown) => this.giveUp(error);
    this.loop = new Loop(() => this.next(), giveUp);
    this.outbox = new Outbox(run, problem, watch, send, clock, giveUp);
    const { loop, outbox } = this;
    this.trainer = new Trainer(stepper, problem, settings, first, (step, entries) => outbox.add(step, entries), task);
    this.tuner = tuner(tuning, problem, this.trainer, outbox, alone, (opt) => this.fit(opt));
    const tuned = { trainer: this.trainer, tuner: this.tuner };
    this.packs = packs(parts, rank, { ...tuned, outbox, loop, clock, alone });
    const steps = { ...tuned, packs: this.packs };
    this.offers = offers({ ...steps, loop, clock, alone });
    this.goal = paceGoal({ ...steps, outbox, report: (done) => send({ type: 'done', run, ...done }) });
    this.replay = replay(parts.replay, { ...steps, goal: this.goal });
    const reportMerge: Parameters<typeof merger>[3] = (order, merged) =>
      send({ type: 'merged', run, order, ...merged });
    this.merger = merger(problem.modules, this.trainer.scalings, clock, reportMerge, giveUp);
    const isBesideLora = problem.modules.some(({ method }: LayerModule) => method);
    this.search = isBesideLora
      ? methodParts().search.floorSearch(problem.modules, clock, (floor) => send({ type: 'found', run, floor }), giveUp)
      : null;
    loop.wake();
  }

  tune(tuning: Tuning): void {
    this.tuner.ask(tuning);
    this.loop.wake();
  }

  look(watch: Watch): void {
    const more = this.outbox.look(watch, this.parts.withVectors);
    if (more && !this.goal.isSet) this.trainer.again();
    this.loop.wake();
  }

  pace(message: PaceMessage): void {
    this.goal.set(message);
    this.loop.wake();
  }

  merge(message: MergeMessage): void {
    this.merger.begin(message);
  }

  ack(): void {
    this.outbox.acknowledged();
    this.loop.wake();
  }

  /** Times another back end between two packs, at the run's step then, and switches to it if faster. */
  compare(backend: Backend, faster: (compared: ContestTimes) => boolean): Promise<ContestTimes | null> {
    const compared = this.offers.make(backend, faster);
    this.loop.wake();
    return compared;
  }

  get isAtWork(): boolean {
    return this.loop.isAtWork;
  }

  get step(): number {
    return this.trainer.step;
  }

  /** Stops for good; resolves when the back end is free. */
  close(): Promise<void> {
    const resting = this.loop.close();
    this.outbox.close();
    this.merger.forget();
    this.search?.forget();
    this.offers.drop();
    this.closing ??= resting.then(() => this.trainer.stepper.dispose());
    return this.closing;
  }

  /** Hands the run over where the present back end does not have a rule that it is about to take. */
  private async fit(opt: OptimiserName): Promise<void> {
    const { fitting, alone, clock } = this.parts;
    const backend = await fitting(opt);
    if (!backend) return;
    const stepper = await alone(async () => backend.open(await this.trainer.start()));
    this.trainer.handOver(stepper).dispose();
    this.packs.moved({
      leastPack: backend.leastPack,
      secondsPerStep: await alone(() => secondsPerStep(stepper, clock, false)),
    });
  }

  /** Good unsent entries go first, credit or not. */
  private giveUp(error: unknown): void {
    if (this.loop.closed) return;
    this.outbox.flushAtOnce(this.trainer);
    this.parts.fail(error);
  }

  private async next(): Promise<boolean> {
    const more = await this.doNext();
    if (more && !this.loop.closed) this.outbox.flush(this.trainer, !this.goal.isSet && this.replay.isOver);
    return more;
  }

  /** Does one thing; false if there is nothing to do until a message comes. */
  private async doNext(): Promise<boolean> {
    // A change during a repetition waits for its end: the known steps must be the same again.
    if (!this.replay.isOver) await this.replay.next();
    else if (this.tuner.isAsked) await this.tuner.takeOver();
    else if (this.offers.isOpen) await this.offers.settle();
    else if (this.goal.isSet) await this.goal.towards();
    else {
      this.goal.finish();
      if (this.outbox.isEmpty) {
        this.outbox.rest(this.trainer.step);
        this.search?.begin();
      }
      return false;
    }
    return true;
  }
}
