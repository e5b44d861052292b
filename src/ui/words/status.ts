import { isAtFloor } from '../../experiment/layer/floor.ts';
import { count, number, percent } from '../../experiment/numbers.ts';
import { isComplete, lastStep, type Run, type ShownRun, shownModule, shownNorms } from '../../state/run/run.ts';
import { floorReason, foundOf, reachOf, shownStep, zeroFactorAtStart } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { foretoldOf } from '../lab-scene.ts';
import { initWords } from './init-words.ts';

/** Relative to their maximum; smaller gradients count as vanished (docs/model.md, "When a run ends"). */
const SMALL_GRADIENT = 1e-5;

/** Status in words: `first` is bold, `bad` also red. */
export interface StatusWords {
  readonly first: string;
  readonly rest: string;
  /** A smaller second line: the meaning, or a remedy. */
  readonly below: string;
  readonly bad?: boolean;
}

export function statusWords(state: State): StatusWords {
  const { run } = state;
  const last = lastStep(run);
  const of = `${count(Math.max(0, last))} of ${count(state.experiment.steps)}`;
  switch (run.status) {
    case 'preparing':
      return preparing(state);
    case 'idle':
      return { first: 'Ready', rest: `, step 0 of ${count(state.experiment.steps)}`, below: initWords(state) };
    case 'training': {
      if (run.replay && run.workerStep < run.replay.to)
        return {
          first: 'Replaying',
          rest: ` the first ${count(run.replay.to)} steps`,
          below: 'they give the same numbers as before',
        };
      return {
        first: 'Training',
        rest: `, step ${of}`,
        below:
          lookBack(state) ?? foretoldWords(state) ?? `seed ${run.experiment.seed} (Rewind returns to this exact start)`,
      };
    }
    case 'paused':
      return {
        first: 'Paused',
        rest: ` at step ${of}`,
        below: lookBack(state) ?? recordedWords(run) ?? foretoldWords(state) ?? pausedWords(run),
      };
    case 'finished':
      return {
        first: 'Finished',
        rest: `, ${of} ${state.experiment.steps === 1 ? 'step' : 'steps'}`,
        below: lookBack(state) ?? joinedWords(deadWords(state) || gapWords(state), foretoldWords(state)),
      };
    case 'converged':
      return {
        first: 'Converged',
        rest: ` at step ${of}`,
        below: lookBack(state) ?? joinedWords(restWords(state), foretoldWords(state)),
      };
    case 'diverged':
      return {
        first: 'Diverged',
        rest: ` at step ${count(last + 1)}`,
        below: lookBack(state) ?? `showing step ${count(last)}, the last good state`,
        bad: true,
      };
    case 'device-lost':
      return {
        first: 'Stopped',
        rest: ', the graphics device was lost',
        below: `step ${count(Math.max(0, last))} is kept; Continue resumes from there`,
        bad: true,
      };
    case 'stopped':
      if (run.refused) return { first: 'Not possible with these settings', rest: '', below: 'see the message above' };
      if (!run.ready) return { first: 'Not started', rest: '', below: 'no matrices yet; press Train' };
      return {
        first: 'Stopped',
        rest: ` at step ${of}`,
        below: lookBack(state) ?? 'press Train to continue from here',
      };
  }
}

export function announcement({ first, rest, below }: StatusWords): string {
  // A symbol keeps its case: "s is 2", "r = 8".
  const sentence = below.replace(/^[a-z](?=[a-z])/, (letter) => letter.toUpperCase());
  return `${first}${rest}.${sentence === '' ? '' : ` ${sentence}.`}`;
}

export function preparationProgress(state: State): { readonly stage: string; readonly fraction: number } | null {
  if (state.run.status !== 'preparing') return null;
  const { next } = state;
  if (next?.behind)
    return { stage: 'the new run', fraction: Math.max(0, lastStep(next.run)) / next.run.experiment.steps };
  return (next?.run ?? state.run).progress ?? { stage: 'the matrices', fraction: 0 };
}

function preparing(state: State): StatusWords {
  const { stage, fraction } = preparationProgress(state) ?? { stage: 'the matrices', fraction: 0 };
  return {
    first: state.next?.behind ? 'Training' : 'Preparing',
    rest: ` ${stage}, ${Math.floor(fraction * 100)}%`,
    below: '',
  };
}

/** While an earlier step is shown: which one, and the effect of Train. */
function lookBack(state: State): string | null {
  const [shown, last] = [shownStep(state), lastStep(state.run)];
  if (shown >= last) return null;
  return `viewing step ${count(shown)} of ${count(last)}`;
}

/** A run from a file or from before a reload: the worker does not have its state. */
function recordedWords(run: Run): string | null {
  return run.recorded && run.workerStep < lastStep(run) ? 'recorded run; Train replays it, then continues' : null;
}

/** "so far within 0.031 of the prediction"; null if nothing was predicted. */
function foretoldWords(state: State): string | null {
  const distance = foretoldOf(state)?.distance ?? null;
  if (distance === null) return null;
  const ended = isComplete(state.run) ? '' : 'so far ';
  return `${ended}within ${distance < PRINTED ? PRINTED : number(distance, 2)} of the prediction`;
}

const joinedWords = (one: string, more: string | null) => [one, more].filter((words) => words).join('; ');

function pausedWords(run: Run): string {
  if (run.pausedByHiding) return 'because this tab was hidden; press Train to continue';
  return 'drag the timeline or press ← → to look back';
}

/** "Converged" can mean far above the floor, if the first gradients were huge: then only measured facts are stated. */
function restWords(shown: ShownRun): string {
  const { run } = shown;
  const { length } = run.trace;
  const { gradNormA, gradNormB } = shownNorms(shown);
  const isSmall = (norms: Float64Array) =>
    norms[length - 1] <= SMALL_GRADIENT * norms.subarray(0, length).reduce((a, b) => Math.max(a, b), 0);
  const open = !isAtReach(run) && (isSmall(gradNormA) || isSmall(gradNormB));
  return `${open ? 'gradients are down to 10⁻⁵ of their peak' : 'nothing is changing'}: ${gapWords(shown)}`;
}

function deadWords(shown: ShownRun): string | null {
  return zeroFactorAtStart(shown) === 'both' ? 'A = B = 0, so both gradients are exactly 0' : null;
}

/** Smaller fractions of a floor are not printed: the floor may be lower by this much without mention. */
const PRINTED = 0.0005;

function errorAtEnd(run: Run): number {
  return run.trace.series.relativeError?.[lastStep(run)] ?? Number.NaN;
}

/** Whether the run is at the least error within its reach, as far as that is known. */
export function isAtReach(run: Run): boolean {
  const [floor, open] = [reachOf(run)?.floor ?? null, reachOf(run)?.open ?? 0];
  return floor !== null && open < PRINTED && isAtFloor(errorAtEnd(run), floor);
}

/** Shares of right answers on held-out examples of both tasks; null for another target. */
function accuracyWords({ run: { ready, losses } }: ShownRun): string | null {
  const [now, old] = [losses.accuracy?.at(-1), losses.oldAccuracy?.at(-1)];
  if (!ready?.network || now === undefined || old === undefined) return null;
  return `new task: ${percent(now)} right; old task: ${percent(old)}`;
}

function gapWords(shown: ShownRun): string {
  const { run } = shown;
  const accuracy = accuracyWords(shown);
  if (accuracy !== null) return accuracy;
  const losses = lossWords(shown);
  if (losses !== null) return losses;
  const reach = reachOf(run);
  const floor = reach?.floor ?? null;
  const module = shownModule(shown);
  const by = floorReasonWords(shown);
  const error = run.trace.series.relativeError?.[lastStep(run)];
  if (module?.wanted?.known.how === 'leading' && floor === null) {
    const known = module.wanted.spectrum.length;
    const values = known === 1 ? 'singular value of ΔW* is' : `${count(known)} singular values of ΔW* are`;
    return `the floor ${by} is not known: only the leading ${values}`;
  }
  if (error === undefined) return 'the lowest possible error is not known';
  if (floor === null) return foundWords(run, error);
  const gap = error - floor;
  const open = reach?.open ?? 0;
  if (gap < PRINTED && open >= PRINTED)
    return `the error is within ${(Math.max(0, gap) + open).toFixed(3)} of the floor ${by}`;
  if (isAtFloor(error, floor)) return `the error is at the floor ${by}`;
  return `the error is ${gap < 0.001 || gap >= 1 ? number(gap) : printedGap(error, floor)} above the floor ${by}`;
}

/** The difference of two errors as the page prints them, with three digits: what a reader subtracts. */
function printedGap(error: number, floor: number): string {
  const [from, to] = [error, floor].map((one) => Number(one.toPrecision(3)));
  return Math.abs(from - to).toFixed(3);
}

/** The end of a run whose method has no floor in closed form, beside the lowest error that a search found for it. */
function foundWords(run: Run, error: number): string {
  const found = foundOf(run);
  if (found === null) return 'the lowest possible error is not known';
  const name = `the lowest found, ${number(found)}${found > 0 ? '; a run may go below it' : ''}`;
  const gap = error - found;
  if (Math.abs(gap) < PRINTED) return `the error is that of ${name}`;
  return `the error is ${printedGap(error, found)} ${gap < 0 ? 'below' : 'above'} ${name}`;
}

/** Cause of the floor: "for r = 4", "with PiSSA" if a part of W₀ was moved, "with this B" if B is frozen. */
function floorReasonWords(shown: ShownRun): string {
  const decides = floorReason(shown.run);
  return decides === null
    ? `for r\u00a0=\u00a0${(shownModule(shown) ?? shown.run.experiment).rank}`
    : `with ${decides}`;
}

/** Result of a run on samples: the relevant loss and its floor; null for other targets. */
export function lossWords(shown: ShownRun): string | null {
  const { ready, losses } = shown.run;
  const heldOut = losses.heldOut.at(-1);
  if (!ready?.samples || heldOut === undefined) return null;
  const floor = ready.samples.floors.heldOut;
  const by = floorReasonWords(shown);
  const known = Number.isNaN(floor) ? '' : `; floor ${number(floor)} ${by}`;
  return `held-out loss ${number(heldOut)}${known}`;
}
