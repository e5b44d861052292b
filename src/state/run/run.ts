import type { EngineInfo } from '../../engine/protocol/engine-info.ts';
import type { FrameMessage } from '../../engine/protocol/frame.ts';
import type { ReadyMessage, ReadyModule } from '../../engine/protocol/up.ts';
import type { Status } from '../../experiment/run-file/run-file.ts';
import { usualView } from '../../experiment/settings/experiment.ts';
import { MODULE_SERIES, type ModuleSeries } from '../../experiment/settings/metric.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Change } from '../../experiment/settings/tuned.ts';
import type { View } from '../../experiment/settings/view.ts';
import type { Sample } from '../view.ts';
import { type KeptExtremes, type KeptFrame, type KeptLosses, NO_LOSSES } from './history.ts';

/** Where the steps of a run were computed. */
export interface Computed {
  /** Steps after this one, up to the next entry's. */
  readonly from: number;
  readonly backend: string;
  readonly device: string;
}

/** The end of "wasm 0–40, webgpu 41–300". */
const SEVERAL = / \d+–\d+$/;

/** The list with a place added from a step on. */
export function movedTo(list: readonly Computed[], next: Computed): readonly Computed[] {
  const kept = list.filter(({ from }) => from < next.from);
  const last = kept.at(-1);
  return last?.backend === next.backend && last.device === next.device ? kept : [...kept, next];
}

/**
 * Back end and device of a run file: the one that there was, or each with its steps ("wasm 0–40, webgpu 41–300"). A place
 * that has made no step is left out.
 */
export function computedWords(list: readonly Computed[], last: number): { backend: string; device: string } {
  const used = list.filter(({ from }, i) => i === 0 || from < last);
  const words = (of: 'backend' | 'device') => {
    if (used.every((place) => place[of] === used[0]?.[of])) return used[0]?.[of] ?? 'unknown';
    const parts = used.map((place, i) => {
      // A run file that was opened may name several with their steps already.
      if (i === 0 && SEVERAL.test(place[of])) return place[of];
      const first = i === 0 ? 0 : place.from + 1;
      return `${place[of]} ${first}–${used[i + 1]?.from ?? last}`;
    });
    return parts.join(', ');
  };
  return { backend: words('backend'), device: words('device') };
}

/** The norms of one module, a number a step. */
type ModuleTrace = { readonly [name in ModuleSeries]: Float64Array };

/** The per-step record of a run: entry t was measured before update t + 1. Never changed in place where it can be seen. */
export interface Trace {
  readonly length: number;
  readonly series: FrameMessage['series'];
  readonly modules: readonly ModuleTrace[];
}

/** What a frame adds to it, from step `from` on. */
export interface TraceEntries extends Pick<FrameMessage, 'from' | 'series'> {
  readonly modules: readonly ModuleTrace[];
}

const NONE = new Float64Array(0);
const NO_NORMS: ModuleTrace = { gradNormA: NONE, gradNormB: NONE, updateNormA: NONE, updateNormB: NONE };

export function emptyTrace(): Trace {
  return { length: 0, series: { loss: NONE }, modules: [NO_NORMS] };
}

/**
 * The trace with a frame's entries at their steps. Buffers are shared between old and new traces: entries past an old
 * trace's length are not part of it. Only a step that is measured again (a change while it ran) copies.
 */
export function extend(trace: Trace, entries: TraceEntries): Trace {
  const from = Math.min(entries.from, trace.length);
  const end = from + entries.series.loss.length;
  const rewrites = from < trace.length;
  const joined = (old: Float64Array, more: Float64Array) => {
    const fits = !rewrites && end <= old.length;
    const list = fits ? old : new Float64Array(Math.max(64, end, fits ? 0 : growth(old.length, end)));
    if (!fits) list.set(old.subarray(0, from));
    list.set(more, from);
    return list;
  };
  const { loss, relativeError } = entries.series;
  return {
    length: end,
    series: {
      loss: joined(trace.series.loss, loss),
      ...(relativeError && { relativeError: joined(trace.series.relativeError ?? NONE, relativeError) }),
    },
    modules: entries.modules.map((more, i) => {
      const old = trace.modules[i] ?? NO_NORMS;
      return normsOf((name) => joined(old[name], more[name]));
    }),
  };
}

function growth(capacity: number, needed: number): number {
  return capacity < needed ? 2 * needed : capacity;
}

function normsOf(list: (name: ModuleSeries) => Float64Array): ModuleTrace {
  return Object.fromEntries(MODULE_SERIES.map((name) => [name, list(name)])) as ModuleTrace;
}

/** The entries of a frame from a step on. */
export function startingAt(frame: FrameMessage, first: number): TraceEntries {
  const rest = (list: Float64Array) => list.subarray(first - frame.from);
  const { loss, relativeError } = frame.series;
  return {
    from: first,
    series: { loss: rest(loss), ...(relativeError && { relativeError: rest(relativeError) }) },
    modules: frame.modules.map((module) => normsOf((name) => rest(module[name]))),
  };
}

/** A trace up to and with entry `last`. */
export function cutAfter(trace: Trace, last: number): Trace {
  return { ...trace, length: Math.min(trace.length, last + 1) };
}

/** One list of a trace, exactly as long as the trace. */
export function listOf({ length }: Trace, list: Float64Array): Float64Array {
  return list.subarray(0, length);
}

export type { ReadyModule, ReadyWanted } from '../../engine/protocol/up.ts';

/** Train until `until` at `pace` steps per second; `order` grows with every wish, so that an old answer is told from a new one. */
interface TrainTarget {
  readonly pace: number;
  readonly until: number;
  readonly order: number;
}

/** What is asked for when a run is to train. */
export interface TrainWish {
  /** Left out, or null: up to the budget. */
  readonly steps?: number | null;
  /** A script asks: at full speed, and not paused by a hidden tab. */
  readonly scripted?: boolean;
  /** At full speed, once: the pace that a person has chosen stays. */
  readonly atOnce?: boolean;
}

/** One run as the page knows it, and what the page wants of the worker. */
export interface Run {
  /** Grows with every set of matrices that is asked for; frames of an old number are dropped. */
  readonly number: number;
  /** The number under which it first ran: it stays where the run is repeated or comes back. */
  readonly origin: number;
  /** The experiment at step 0; later changes are in `changes`. */
  readonly experiment: Experiment;
  /** How it was looked at then, for the link in its file. */
  readonly view: View;
  /** The learning rate at step 0, once it is known. */
  readonly rate: number | null;
  readonly status: Status;
  /** The matrices, once they exist. */
  readonly ready: ReadyMessage | null;
  readonly trace: Trace;
  readonly frames: readonly KeptFrame[];
  /** Of a regression target, at some steps; else empty. */
  readonly losses: KeptLosses;
  /** Of a layer that is drawn in blocks, at some steps. */
  readonly extremes: readonly KeptExtremes[];
  readonly changes: readonly Change[];
  /** Steps that were added to its budget once it had spent it: they are in the settings on screen, and go with this run. */
  readonly more: number;
  readonly engine: EngineInfo | null;
  readonly computed: readonly Computed[];
  readonly secondsPerStep: number;
  /** How far the preparation is. */
  readonly progress: { readonly stage: string; readonly fraction: number } | null;
  /** The step at which the worker stands; less than the trace's last after a reload or a lost device. */
  readonly workerStep: number;
  /** Repeat a run that is known up to this step before going on. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
  /** What the worker was last told: train up to `until` at `pace` steps per second; pace 0 is a pause. */
  readonly wanted: TrainTarget;
  /** True while a script drives the run: full speed, not paused by a hidden tab. */
  readonly scripted: boolean;
  /** True while it trains at full speed whatever pace a person has chosen. */
  readonly atOnce: boolean;
  /** True for a run that came from a file or from before a reload. */
  readonly recorded: boolean;
  /** The last step of which that file had something to tell; −1 where there was none. */
  readonly held: number;
  /** Where that file says otherwise than its link, as far as it was seen. */
  readonly contradictions: readonly Contradiction[];
  /** Spectra of a recorded run between the frames that have factors. */
  readonly samples: readonly Sample[];
  /** True where the run was paused because the page was hidden. */
  readonly pausedByHiding: boolean;
  /** True where its settings are not possible: it never gets matrices. */
  readonly refused: boolean;
}

/** A run that has been asked for and of which nothing is known yet. */
export function newRun(number: number, experiment: Experiment, view = usualView()): Run {
  return {
    number,
    origin: number,
    experiment,
    view,
    rate: experiment.lr,
    status: 'preparing',
    ready: null,
    trace: emptyTrace(),
    frames: [],
    losses: NO_LOSSES,
    extremes: [],
    changes: [],
    more: 0,
    engine: null,
    computed: [],
    secondsPerStep: 0,
    progress: null,
    workerStep: 0,
    replay: null,
    wanted: { pace: 0, until: 0, order: 0 },
    scripted: false,
    atOnce: false,
    recorded: false,
    held: -1,
    contradictions: [],
    samples: [],
    pausedByHiding: false,
    refused: false,
  };
}

/** Which of the modules the page shows. */
export const SHOWN = 0;

/** The module that the page shows; null before its matrices exist. */
export function shownModule({ ready }: Pick<Run, 'ready'>): ReadyModule | null {
  return ready?.modules[SHOWN] ?? null;
}

/** Whether a run has come to its end as it should: its budget is spent, or nothing changes any more. */
export function isComplete({ status }: Pick<Run, 'status'>): boolean {
  return status === 'finished' || status === 'converged';
}

/** The last measured step; −1 before the first. */
export function lastStep(run: Run): number {
  return run.trace.length - 1;
}

/** Something in a run file that its link makes otherwise: factors at step 0, or what came of them at a step; or that its own last factors contradict. */
export type Contradiction =
  | { readonly of: 'A' | 'B' }
  | { readonly of: 'first loss' | 'last loss'; readonly step: number; readonly recorded: number; readonly link: number }
  | { readonly of: 'last product'; readonly step: number }
  // what its own last factors give, or the floor, does not
  | {
      readonly of: 'last error' | 'own loss' | 'floor';
      readonly step: number;
      readonly recorded: number;
      readonly own: number;
    };
