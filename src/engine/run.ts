import type { Layer } from '../experiment/layer.ts';
import type { Metric } from '../experiment/metric.ts';
import type { Change, Ending, MergeMessage, PaceMessage, RunMessage, Tuning, Up } from '../protocol/messages.ts';
import type { Backend } from './backends/backend.ts';
import { type Compared, timed } from './contest.ts';
import { type Merger, merger } from './merge.ts';
import { type Offer, openRival } from './offer.ts';
import { Outbox, type Standing } from './outbox.ts';
import { type Pacing, pacing } from './pacing.ts';
import { changed, changesBetween, settingsOf } from './settings.ts';
import type { Stepper } from './steppers/stepper.ts';
import type { Task } from './task.ts';
import { Trainer } from './trainer.ts';
import { turn } from './turn.ts';

export interface RunParts {
  readonly run: number;
  readonly layer: Layer;
  readonly tuning: Tuning;
  readonly task: Task;
  readonly stepper: Stepper;
  readonly leastPack: number;
  readonly secondsPerStep: number;
  readonly watch: readonly Metric[];
  readonly replay: RunMessage['replay'];
  /** Buffers of what is sent move to the page. */
  readonly send: (message: Up) => void;
  /** Anything that goes wrong while it works. */
  readonly fail: (error: unknown) => void;
  /** The same layer with the singular vectors of ΔW*, asked for where a metric wants them. */
  readonly withVectors: () => Layer;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Spectra of a whole run, if it is fast. */
const SAMPLES = 64;

/**
 * One run in the worker: a loop that does one thing at a time (a change of settings, a part of a replay, a pack of steps,
 * a frame) and looks at the messages between. It rests where there is nothing to do.
 */
export class Run {
  private readonly trainer: Trainer;
  private readonly outbox: Outbox;
  private readonly pacing: Pacing;
  private readonly merger: Merger;
  private tuning: Tuning;
  private wantedTuning: Tuning | null = null;
  private replay: RunMessage['replay'];
  private goal: PaceMessage | null = null;
  /** How the run has ended, while its last frame and the news of it wait for a credit. */
  private ended: { readonly ending: Ending; readonly order: number } | null = null;
  private halted = false;
  private atWork = false;
  private asked = false;
  private working = Promise.resolve();
  private closed = false;
  private over = () => {};
  /** Resolves when the run is closed. */
  private readonly whenOver = new Promise<void>((resolve) => {
    this.over = resolve;
  });
  private closing: Promise<void> | null = null;
  private wake: (() => void) | null = null;
  private stepper: Stepper;
  private leastPack: number;
  private rival: Offer | null = null;

  constructor(
    private readonly parts: RunParts,
    first: Awaited<ReturnType<Stepper['measure']>>,
  ) {
    const { run, layer, tuning, stepper, watch, send, clock } = parts;
    this.tuning = tuning;
    this.stepper = stepper;
    this.leastPack = parts.leastPack;
    this.replay = parts.replay;
    this.pacing = pacing(parts.leastPack, parts.secondsPerStep * 1000);
    this.outbox = new Outbox(run, layer, watch, send, clock);
    const settings = settingsOf(tuning, layer.rank);
    const told: Parameters<typeof merger>[3] = (order, merged) => send({ type: 'merged', run, order, ...merged });
    this.merger = merger(layer, settings.scaling, clock, told, (error) => this.giveUp(error));
    this.trainer = new Trainer(
      stepper,
      layer,
      settings,
      first,
      (step, entries) => this.outbox.add(step, entries),
      parts.task,
    );
    this.start();
  }

  tune(tuning: Tuning): void {
    this.wantedTuning = tuning;
    this.start();
  }

  look(watch: readonly Metric[]): void {
    const more = this.outbox.look(watch, this.parts.withVectors);
    if (more && !this.goal) this.trainer.again();
    this.start();
  }

  pace(message: PaceMessage): void {
    this.goal = message;
    this.ended = null;
    if (message.pace > 0) this.pacing.set(message.pace, this.parts.clock());
    if (this.halted && message.pace > 0) {
      this.halted = false;
      this.trainer.goOn();
    }
    this.start();
  }

  /** Beside what else it does. */
  merge(message: MergeMessage): void {
    this.merger.begin(message);
  }

  ack(): void {
    this.outbox.acknowledged();
    this.start();
  }

  /** Stops for good; resolves when the back end is free. */
  close(): Promise<void> {
    this.closed = true;
    this.over();
    this.outbox.close();
    this.merger.forget();
    this.wake?.();
    this.rival?.answer(null);
    this.closing ??= this.working.then(() => this.stepper.dispose());
    return this.closing;
  }

  /** Times another back end between two packs, where the run stands then, and goes on there if it is faster. */
  compare(backend: Backend, faster: (compared: Compared) => boolean): Promise<Compared | null> {
    if (this.closed) return Promise.resolve(null);
    return new Promise((answer, refuse) => {
      this.rival = { backend, faster, answer, refuse };
      this.start();
    });
  }

  get step(): number {
    return this.trainer.step;
  }

  /** Begins to work, or ends a wait between two steps. */
  private start(): void {
    this.wake?.();
    this.asked = true;
    if (!this.closed && !this.atWork) this.working = this.work();
  }

  /** What is good and unsent goes first, credit or not. */
  private giveUp(error: unknown): void {
    if (this.closed) return;
    this.outbox.flushAtOnce(this.standing());
    this.parts.fail(error);
  }

  private async work(): Promise<void> {
    this.atWork = true;
    try {
      for (let more = true; more && !this.closed; ) {
        this.asked = false;
        more = await this.doNext();
        if (more && !this.closed) this.outbox.flush(this.standing(), this.goal === null && this.replay === null);
        // A message that came meanwhile is seen in the next round.
        more ||= this.asked;
      }
    } catch (error) {
      this.giveUp(error);
    } finally {
      this.atWork = false;
    }
  }

  /** Does one thing. False where there is nothing to do until a message comes. */
  private async doNext(): Promise<boolean> {
    // A change that comes during a repetition waits for its end: the known steps are to be the same again.
    if (this.replay) return this.repeat(this.replay.to, this.replay.changes);
    if (this.wantedTuning) return this.retune(this.wantedTuning);
    if (this.rival) return this.contest(this.rival);
    if (this.goal) return this.towards(this.goal);
    return this.finish();
  }

  private async contest(offer: Offer): Promise<boolean> {
    this.rival = null;
    try {
      const other = await openRival(offer, await this.trainer.start(), this.whenOver);
      if (other === null) {
        if (this.closed) offer.answer(null);
        else offer.refuse(new Error('It did not start in time.'));
        return true;
      }
      let mine = true;
      try {
        // Closed while the rival was opened: the next run waits, and nothing is to be timed any more.
        if (this.closed) {
          offer.answer(null);
          return true;
        }
        const compared = { ...(await timed(this.stepper, other, this.parts.clock)), step: this.trainer.step };
        mine = this.closed || !offer.faster(compared);
        if (!mine) {
          this.stepper = other;
          this.leastPack = offer.backend.leastPack;
          this.pacing.moved(offer.backend.leastPack, 1000 * compared.its);
          this.trainer.handOver(other).dispose();
        }
        offer.answer(this.closed ? null : compared);
      } finally {
        if (mine) other.dispose();
      }
    } catch (error) {
      // What it tried to run on is of no use; the run itself goes on as before.
      offer.refuse(error);
    }
    return true;
  }

  private async retune(next: Tuning): Promise<boolean> {
    if (this.wantedTuning === next) this.wantedTuning = null;
    const { step } = this.trainer;
    const changes = changesBetween(this.tuning, next, step);
    if (changes.length === 0) return true;
    this.tuning = next;
    if (changes.some(({ key }) => key !== 'steps')) {
      await this.trainer.tune(settingsOf(next, this.parts.layer.rank));
    }
    this.outbox.note(changes);
    this.trainer.again();
    return true;
  }

  /** A part of a replay: up to the next known change, as fast as it goes, whatever the gradients say. */
  private async repeat(to: number, changes: readonly Change[]): Promise<boolean> {
    const { step } = this.trainer;
    const due = changes.filter((change) => change.step === step);
    const later = changes.filter((change) => change.step > step);
    if (due.length > 0) {
      this.replay = { to, changes: later };
      return this.retune(due.reduce(changed, this.tuning));
    }
    if (step >= to) {
      this.replay = null;
      return true;
    }
    const stop = later.reduce((first, change) => Math.min(first, change.step), to);
    this.pacing.set(Number.POSITIVE_INFINITY, this.parts.clock());
    await this.advance(stop - step, false);
    if (later.length === 0 && this.trainer.step >= to) this.replay = null;
    if (this.goal && this.goal.pace > 0) this.pacing.set(this.goal.pace, this.parts.clock());
    return true;
  }

  private async towards(goal: PaceMessage): Promise<boolean> {
    const { step } = this.trainer;
    // A wish may reach beyond the budget: it is what was asked for last.
    const stop = goal.until;
    if (goal.pace === 0) return this.end('paused', goal.order);
    if (step >= stop) return this.end(step >= this.tuning.steps ? 'finished' : 'paused', goal.order);
    const halt = await this.advance(stop - step, true);
    if (halt) {
      this.halted = true;
      // A newer wish than the one that was worked on is answered too.
      return this.end(halt, this.goal?.order ?? goal.order);
    }
    return true;
  }

  private end(ending: Ending, order: number): boolean {
    this.goal = null;
    this.ended = { ending, order };
    return true;
  }

  /** Waits, or makes as many steps as are due, at most `most`. */
  private async advance(most: number, judged: boolean) {
    const { clock } = this.parts;
    const next = this.pacing.turn(clock());
    if ('wait' in next) {
      await this.wait(next.wait);
      return null;
    }
    const before = clock();
    const from = this.trainer.step;
    const steps = Math.min(most, next.steps, this.spacing());
    const halt = await this.trainer.advance(steps, judged, () => !this.closed);
    const after = clock();
    const made = this.trainer.step - from;
    this.outbox.took(after - before, made);
    if (made > 0) this.pacing.made(made, after - before, after);
    if (made > 0 && halt === null) this.outbox.sample(this.standing());
    await turn();
    return halt;
  }

  /** Steps between two spectra at most, so that a run that is over in a moment has a curve of them too. */
  private spacing(): number {
    return Math.max(this.leastPack, Math.ceil(this.tuning.steps / SAMPLES));
  }

  /** A wait that any message ends. */
  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }

  /** The last frame, with its spectrum, and then the news that the run has ended. */
  private finish(): boolean {
    const { outbox, trainer, ended } = this;
    if (outbox.isEmpty && outbox.owesSpectrum(trainer.step)) trainer.again();
    if (!outbox.isEmpty && !outbox.flush(this.standing(), true)) return false;
    if (ended) this.parts.send({ type: 'done', run: this.parts.run, ...ended, step: trainer.step });
    this.ended = null;
    return false;
  }

  private standing(): Standing {
    const { step, present } = this.trainer;
    return { step, present, scaling: settingsOf(this.tuning, this.parts.layer.rank).scaling };
  }
}
