import type { Layer } from '../../experiment/layer.ts';
import type { Metric } from '../../experiment/metric.ts';
import type { Change } from '../../experiment/settings/tuned.ts';
import type { FrameMessage } from '../../protocol/frame.ts';
import type { Up } from '../../protocol/up.ts';
import { lateExtremes } from '../background/late-extremes.ts';
import { observer, quickLossesOf, spectrumOf } from '../metrics.ts';
import type { Entries, Pack } from '../steppers/stepper.ts';
import { credits } from './credits.ts';
import { unsent } from './unsent.ts';

/** Where a run stands when a frame is made. */
export interface Standing {
  readonly step: number;
  /** The factors at `step`. */
  readonly present: Pack;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
}

/** What a run has to tell, gathered into frames that go when the page has taken the ones before. */
export class Outbox {
  private readonly unsent = unsent();
  private observe;
  private frames = 0;
  private readonly credits;
  /** The step whose spectrum has gone, or was asked for and could not be had. */
  private observedAt = -1;
  private busy = { ms: 0, steps: 0 };
  private readonly extremes;
  private readonly losses;
  private between: FrameMessage['between'][number][] = [];

  constructor(
    private readonly run: number,
    private readonly layer: Layer,
    private watch: readonly Metric[],
    private readonly send: (message: Up) => void,
    private readonly clock: () => number,
    /** Something went wrong in what is worked out beside the steps. */
    fail: (error: unknown) => void,
  ) {
    this.credits = credits(clock);
    this.observe = observer(layer, clock);
    this.losses = quickLossesOf(layer);
    this.extremes = lateExtremes(
      layer,
      clock,
      (step, planes) => send({ type: 'extremes', run, step, ...planes }),
      fail,
    );
  }

  /** Nothing is worked out any more. */
  close(): void {
    this.extremes.forget();
  }

  add(step: number, entries: Entries): void {
    this.unsent.add(step, entries);
  }

  /** Changes at a step whose entry is added again. */
  note(changes: readonly Change[]): void {
    for (const change of changes) this.unsent.note(change);
    // A change of s changes s·B·A, and with it spectrum and losses, at its own step too.
    this.between = this.between.filter((sample) => changes.every((change) => sample.step < change.step));
    this.observedAt = -1;
    this.extremes.forget();
  }

  /** So many steps took so long, waiting left out; so many are to follow. */
  took(ms: number, steps: number, toGo: number): void {
    this.busy.ms += ms;
    this.busy.steps += steps;
    if (steps > 0) this.credits.toGo((toGo * ms) / steps);
  }

  /** Keeps the spectrum of a step between two frames, if one is watched. */
  sample({ step, present, scaling }: Standing): boolean {
    if (!this.watch.includes('spectrum')) return false;
    const losses = this.losses?.(present.A, present.B, scaling) ?? null;
    this.between.push({ step, spectrum: spectrumOf(this.layer, present, scaling), losses });
    return true;
  }

  /** From here on other metrics. True where the present step has to be sent again for them. */
  look(watch: readonly Metric[], withVectors: () => Layer): boolean {
    const more = watch.some((metric) => !this.watch.includes(metric));
    if (more && watch.includes('alignment')) this.observe = observer(withVectors(), this.clock);
    this.watch = watch;
    if (more) this.observedAt = -1;
    return more;
  }

  acknowledged(): void {
    this.credits.returned();
  }

  get isEmpty(): boolean {
    return this.unsent.isEmpty();
  }

  /** Whether a run that rests on this step still owes the page its spectrum or its extremes. */
  owesSpectrum(step: number): boolean {
    const extremes = this.watch.includes('extremes') && this.extremes.owes(step);
    return extremes || (this.watch.length > 0 && this.observedAt !== step);
  }

  /**
   * Sends what waits, if something does and a frame may go. `rests`: at once, with its spectrum, however long that takes;
   * its extremes follow.
   */
  flush({ step, present, scaling }: Standing, rests: boolean): boolean {
    if (this.unsent.isEmpty() || !this.credits.mayGo(rests)) return false;
    const { A, B } = present;
    this.credits.spend(A.byteLength + B.byteLength);
    const { from, entries: all, changes } = this.unsent.take();
    const { distance, ...entries } = all;
    // Of a matrix target the loss is ½·distance².
    const distances = distance ?? entries.loss.map((loss) => Math.sqrt(2 * loss));
    const always = rests || step === 0;
    const observed = this.observe(A, B, scaling, this.watch, always);
    if (always || observed.spectrum || observed.alignment) this.observedAt = step;
    this.send({
      type: 'frame',
      run: this.run,
      frame: this.frames++,
      from,
      ...entries,
      relativeError: distances.map((length) => length / this.layer.targetNorm),
      A: A.slice(),
      B: B.slice(),
      ...observed,
      between: this.between.filter((sample) => sample.step < step || !observed.spectrum),
      changes,
      secondsPerStep: this.busy.steps === 0 ? 0 : this.busy.ms / this.busy.steps / 1000,
    });
    this.between = [];
    this.busy = { ms: 0, steps: 0 };
    if (this.watch.includes('extremes')) this.extremes.offer({ step, A, B, scaling }, always);
    return true;
  }

  /** The run has failed: what is good goes, whatever is under way. */
  flushAtOnce(standing: Standing): void {
    this.credits.forget();
    this.flush(standing, false);
  }
}
