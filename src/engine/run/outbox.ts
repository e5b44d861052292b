import type { LayerModule } from '../../experiment/layer/module.ts';
import type { Problem } from '../../experiment/layer/problem.ts';
import { type Metric, MODULE_SERIES } from '../../experiment/settings/metric.ts';
import type { Change } from '../../experiment/settings/params.ts';
import { deferredExtremes, deferredSpectra } from '../background/deferred-metrics.ts';
import { directionsOf, observer, quickLossesOf, seriesOf, spectrumOf, watchedMetrics } from '../metrics.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { Watch } from '../protocol/page-messages.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { emptyEntries, type Pack, type StepEntries } from '../steppers/stepper.ts';

export interface RunStanding {
  readonly step: number;
  readonly present: Pack;
  /** s of ΔW = s·B·A, one per module. */
  readonly scalings: readonly number[];
}

/** Gathers a run's results into frames, sent once the page has taken the ones before. */
export class Outbox {
  private readonly unsent = unsentEntries();
  private observe;
  private frames = 0;
  private readonly credits;
  /** The step whose spectrum was sent, or was requested and not available. */
  private observedAt = -1;
  private busy = { ms: 0, steps: 0 };
  private readonly extremes;
  private readonly late;
  private readonly losses;
  private readonly seriesOf;
  private between: FrameMessage['between'][number][] = [];

  constructor(
    private readonly run: number,
    private readonly problem: Problem,
    private watch: Watch,
    private readonly send: (message: WorkerMessage) => void,
    private readonly clock: () => number,
    fail: (error: unknown) => void,
  ) {
    this.credits = credits(clock);
    this.observe = observer(problem, clock);
    this.losses = quickLossesOf(problem, clock);
    this.seriesOf = seriesOf(problem);
    this.late = deferredSpectra(problem, clock, (samples) => send({ type: 'spectra', run, samples }), fail);
    this.extremes = problem.modules.map((module: LayerModule) =>
      deferredExtremes(
        module,
        clock,
        (step, planes) => send({ type: 'extremes', run, module: module.name, step, ...planes }),
        fail,
      ),
    );
    this.space();
  }

  close(): void {
    for (const extremes of this.extremes) extremes.forget();
    this.late.forget();
  }

  add(step: number, entries: StepEntries): void {
    this.unsent.add(step, entries);
  }

  /** Changes at a step whose entry is added again. */
  note(changes: readonly Change[]): void {
    for (const change of changes) this.unsent.note(change);
    // A change of s changes s·B·A, and with it spectrum and losses, at its own step too.
    this.between = this.between.filter((sample) => changes.every((change) => sample.step < change.step));
    this.observedAt = -1;
    for (const { step } of changes) this.late.cut(step);
    for (const extremes of this.extremes) extremes.forget();
  }

  /** Records the duration of `steps` steps, in ms without waits, and how many are to follow. */
  took(ms: number, steps: number, toGo: number): void {
    this.busy.ms += ms;
    this.busy.steps += steps;
    if (steps > 0) this.credits.toGo((toGo * ms) / steps);
  }

  sample({ step, present, scalings }: RunStanding): boolean {
    if (!this.watch.metrics.includes('spectrum')) return false;
    const losses = this.losses?.(present.modules, scalings).losses ?? null;
    const spectra = this.problem.modules.map((module: LayerModule, i) =>
      this.watches(module, 'spectrum') ? spectrumOf(module, present.modules[i], scalings[i]) : null,
    );
    const directions = this.problem.modules.map((module: LayerModule, i) =>
      this.watches(module, 'directions') ? directionsOf(module, present.modules[i], scalings[i]) : null,
    );
    this.between.push({ step, spectra, losses, ...(directions.some((one) => one) && { directions }) });
    return true;
  }

  owe({ step, present, scalings }: RunStanding): void {
    const every = this.problem.modules.every((module: LayerModule) => this.watches(module, 'spectrum'));
    if (every) this.late.keep({ step, scalings, modules: present.modules });
  }

  /** From here on other metrics. True if the current step has to be sent again for them. */
  look(watch: Watch, withVectors: () => Problem): boolean {
    const more = this.problem.modules.some((module: LayerModule) =>
      watchedMetrics(watch, module).some((metric) => !this.watches(module, metric)),
    );
    if (more && watch.metrics.includes('alignment')) this.observe = observer(withVectors(), this.clock);
    this.watch = watch;
    this.space();
    if (more) this.observedAt = -1;
    return more;
  }

  acknowledged(): void {
    this.credits.returned();
  }

  get isEmpty(): boolean {
    return this.unsent.isEmpty();
  }

  /** Whether a run resting on this step still owes the page its spectrum or its extremes. */
  owesSpectrum(step: number): boolean {
    const extremes = this.extremesWatched().some(({ extremes }) => extremes.owes(step));
    return extremes || (this.watch.metrics.length > 0 && this.observedAt !== step);
  }

  /** Sends pending entries if a frame may go. `rests`: at once, with its spectrum; its extremes follow. */
  flush({ step, present, scalings }: RunStanding, rests: boolean): boolean {
    if (this.unsent.isEmpty() || !this.credits.mayGo(rests)) return false;
    this.credits.spend(present.modules.reduce((sum, { A, B }) => sum + A.byteLength + B.byteLength, 0));
    const { from, entries, changes } = this.unsent.take();
    const always = rests || step === 0;
    const sampled = this.between.find((sample) => sample.step === step)?.spectra ?? null;
    const { modules, losses, answers } = this.observe(present.modules, scalings, this.watch, always, sampled);
    const observed = modules.some(({ spectrum, alignment }) => spectrum || alignment);
    if (always || observed) this.observedAt = step;
    this.send({
      type: 'frame',
      run: this.run,
      frame: this.frames++,
      from,
      series: this.seriesOf(entries),
      modules: modules.map((seen, i) => {
        const { A, B, own } = present.modules[i];
        const numbers = own && { own: own.map((values) => values.slice()) };
        return { ...entries.modules[i], A: A.slice(), B: B.slice(), ...numbers, ...seen };
      }),
      losses,
      answers,
      between: this.between.filter((sample) => sample.step < step || !modules.some(({ spectrum }) => spectrum)),
      changes,
      secondsPerStep: this.busy.steps === 0 ? 0 : this.busy.ms / this.busy.steps / 1000,
    });
    this.between = [];
    this.busy = { ms: 0, steps: 0 };
    for (const { extremes, i } of this.extremesWatched()) {
      const { A, B } = present.modules[i];
      extremes.offer({ step, A, B, scaling: scalings[i] }, always);
    }
    return true;
  }

  rest(step: number): void {
    this.late.begin(step);
  }

  /** The run has failed: sends its good entries, credit or not. */
  flushAtOnce(standing: RunStanding): void {
    this.credits.forget();
    this.flush(standing, false);
  }

  private space(): void {
    const { every = 0 } = this.watch;
    this.credits.every(every);
    for (const extremes of this.extremes) extremes.every(EXTREMES_EVERY * every);
  }

  private watches(module: LayerModule, metric: Metric): boolean {
    return watchedMetrics(this.watch, module).includes(metric);
  }

  private extremesWatched() {
    const all = this.extremes.map((extremes, i) => ({ extremes, i }));
    return all.filter(({ i }) => this.watches(this.problem.modules[i], 'extremes'));
  }
}

const EXTREMES_EVERY = 50;

const CREDITS = 2;
/** Bytes of factors a second that go to the page, which keeps them: above that, frames come less often. */
const BYTES_A_SECOND = 32e6;

/** Ms before its end from which a run keeps a credit for its last frame: the page may be drawing the one before. */
const NEAR_MS = 50;

/**
 * Decides when a frame may go: the page has taken those before and has room for more, or it must go at once. `clock` in
 * milliseconds.
 */
export function credits(clock: () => number) {
  let underWay = 0;
  let spare = 0;
  let free = Number.NEGATIVE_INFINITY;
  let spacing = 0;
  let due = Number.NEGATIVE_INFINITY;
  /** Of the remaining steps, in ms. */
  let left = Number.POSITIVE_INFINITY;
  // The last frame comes so soon that one before it would hardly be seen.
  const isNear = () => left < spacing;

  return {
    mayGo: (atOnce: boolean) =>
      atOnce ? underWay < CREDITS : underWay < CREDITS - spare && clock() >= Math.max(free, due) && !isNear(),
    /** From now on at least this many ms between frames, counted from now. */
    every(ms: number) {
      if (ms !== spacing) due = clock() + ms;
      spacing = ms;
    },
    toGo(ms: number) {
      left = ms;
      spare = ms < NEAR_MS ? 1 : 0;
    },
    spend(bytes: number) {
      const now = clock();
      underWay += 1;
      free = now + (1000 * bytes) / BYTES_A_SECOND;
      // Packs end a little after a frame was due: the next one is due as if this had gone in time.
      due = due + spacing > now ? due + spacing : now + spacing;
    },
    returned() {
      underWay = Math.max(0, underWay - 1);
    },
    /** The next frame goes, whatever is under way. */
    forget() {
      underWay = 0;
      free = Number.NEGATIVE_INFINITY;
      due = Number.NEGATIVE_INFINITY;
      left = Number.POSITIVE_INFINITY;
    },
  };
}

interface TracePiece {
  readonly entries: StepEntries;
  count: number;
}

/** Entries and changes since the last frame. Nothing is lost while the page is busy. */
export function unsentEntries() {
  let from = 0;
  let pieces: TracePiece[] = [];
  let changes: Change[] = [];
  const total = () => pieces.reduce((sum, { count }) => sum + count, 0);

  return {
    /** Adds entries of the steps from `step` on, and replaces one that exists. */
    add(step: number, entries: StepEntries) {
      const count = entries.series.loss.length;
      if (total() === 0) from = step;
      const last = pieces[pieces.length - 1];
      if (last && step === from + total() - 1) last.count -= 1;
      if (total() === 0) from = step;
      pieces.push({ entries, count });
    },
    note: (change: Change) => changes.push(change),
    isEmpty: () => total() === 0,
    take() {
      const taken = { from, entries: joined(pieces, total()), changes };
      pieces = [];
      changes = [];
      return taken;
    },
  };
}

function joined(pieces: readonly TracePiece[], total: number): StepEntries {
  const like = pieces[0]?.entries;
  const entries = emptyEntries(total, like?.modules.length, like?.series.distance !== undefined);
  const lists = listsIn(entries);
  let at = 0;
  for (const piece of pieces) {
    for (const [i, list] of listsIn(piece.entries).entries()) lists[i].set(list.subarray(0, piece.count), at);
    at += piece.count;
  }
  return entries;
}

function listsIn({ series: { loss, distance }, modules }: StepEntries): Float64Array[] {
  const norms = modules.flatMap((module) => MODULE_SERIES.map((name) => module[name]));
  return distance ? [loss, distance, ...norms] : [loss, ...norms];
}
