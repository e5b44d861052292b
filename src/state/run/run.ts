import type { RankCut } from '../../engine/protocol/background-messages.ts';
import type { EngineInfo } from '../../engine/protocol/engine-info.ts';
import type { FrameMessage } from '../../engine/protocol/frame.ts';
import type { ReadyMessage, ReadyModule, ReadyTarget } from '../../engine/protocol/worker-messages.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { ModuleSizes } from '../../experiment/layer/module.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import type { MethodFloor } from '../../experiment/methods/floors/method-floor.ts';
import {
  type Computed,
  type ModuleTrace,
  NO_NORMS,
  newRecord,
  type RunRecord,
  type Trace,
  type UpdateSize,
} from '../../experiment/run-file/run-record.ts';
import { moduleSeries } from '../../experiment/settings/metric.ts';
import type { Change, Experiment } from '../../experiment/settings/params.ts';
import type { View } from '../../experiment/settings/view.ts';
import type { HistoryExtremes } from './history.ts';

/** The end of "wasm 0–40, webgpu 41–300". */
const SEVERAL = / \d+–\d+$/;

/** Appends the back end that computes from a step on. */
export function withBackendSpan(list: readonly Computed[], next: Computed): readonly Computed[] {
  const kept = list.filter(({ from }) => from < next.from);
  const last = kept.at(-1);
  return last?.backend === next.backend && last.device === next.device ? kept : [...kept, next];
}

/** A single back end, or each with its steps ("wasm 0–40, webgpu 41–300"); one without a step is left out. */
export function backendTexts(list: readonly Computed[], last: number): { backend: string; device: string } {
  const used = list.filter(({ from }, i) => i === 0 || from < last);
  const words = (of: 'backend' | 'device') => {
    if (used.every((place) => place[of] === used[0]?.[of])) return used[0]?.[of] ?? 'unknown';
    const parts = used.map((place, i) => {
      // A run file may list several with their steps already.
      if (i === 0 && SEVERAL.test(place[of])) return place[of];
      const first = i === 0 ? 0 : place.from + 1;
      return `${place[of]} ${first}–${used[i + 1]?.from ?? last}`;
    });
    return parts.join(', ');
  };
  return { backend: words('backend'), device: words('device') };
}

export interface TraceEntries extends Pick<FrameMessage, 'from' | 'series'> {
  readonly modules: readonly ModuleTrace[];
}

const NONE = new Float64Array(0);

/**
 * Appends a frame's entries at their steps. Old and new traces share buffers: entries past an old trace's length are
 * not part of it. Only a step that is measured again (a change while it ran) copies.
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
    modules: entries.modules.map((more, i) =>
      moduleSeries((name) => joined((trace.modules[i] ?? NO_NORMS)[name], more[name])),
    ),
  };
}

function growth(capacity: number, needed: number): number {
  return capacity < needed ? 2 * needed : capacity;
}

export function entriesFrom(frame: FrameMessage, first: number): TraceEntries {
  const rest = (list: Float64Array) => list.subarray(first - frame.from);
  const { loss, relativeError } = frame.series;
  return {
    from: first,
    series: { loss: rest(loss), ...(relativeError && { relativeError: rest(relativeError) }) },
    modules: frame.modules.map((module) => moduleSeries((name) => rest(module[name]))),
  };
}

export function traceUpTo(trace: Trace, last: number): Trace {
  return { ...trace, length: Math.min(trace.length, last + 1) };
}

export function traceList({ length }: Trace, list: Float64Array): Float64Array {
  return list.subarray(0, length);
}

export type { ReadyMessage, ReadyModule, ReadyTarget } from '../../engine/protocol/worker-messages.ts';
export { isComplete, lastStep } from '../../experiment/run-file/run-record.ts';

/** Train until `until` at `pace` steps per second; `order` grows with every request, to identify outdated answers. */
interface TrainTarget {
  readonly pace: number;
  readonly until: number;
  readonly order: number;
}

export interface TrainRequest {
  /** Undefined or null: up to the budget. */
  readonly steps?: number | null;
  /** Requested by a script: at full speed, and not paused by a hidden tab. */
  readonly scripted?: boolean;
  /** At full speed, once: the chosen pace stays. */
  readonly atOnce?: boolean;
}

/** One run as the page knows it, and the current request to the worker. */
export interface Run extends RunRecord {
  /** Grows with every set of matrices requested; frames of an old number are dropped. */
  readonly number: number;
  readonly ready: ReadyMessage | null;
  /** Of a layer that is drawn in blocks, at some steps. */
  readonly extremes: readonly HistoryExtremes[];
  readonly engine: EngineInfo | null;
  readonly progress: { readonly stage: string; readonly fraction: number } | null;
  /** The step of the worker; below the trace's last after a reload or a lost device. */
  readonly workerStep: number;
  /** Repeat a known run up to this step before it continues. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
  /** The last request to the worker; pace 0 is a pause. */
  readonly wanted: TrainTarget;
  /** True while a script drives the run: full speed, not paused by a hidden tab. */
  readonly scripted: boolean;
  /** True while it trains at full speed whatever the chosen pace. */
  readonly atOnce: boolean;
  /** True for a run from a file or from before a reload. */
  readonly recorded: boolean;
  readonly pausedByHiding: boolean;
  /** True if its settings are impossible: it never gets matrices. */
  readonly refused: boolean;
  /** Of a network: full fine-tuning, once it has been trained beside it. */
  readonly full: FullRun | null;
}

/** Full fine-tuning of the matrices of a network, whose updates are shown as its ΔW*: none of them is a floor. */
export interface FullRun {
  readonly record: RunRecord;
  readonly modules: readonly { readonly name: string; readonly wanted: ReadyTarget }[];
  readonly cuts: readonly RankCut[];
}

/** The run with the updates of full fine-tuning as ΔW* of its matrices. */
export function withFull(run: Run, full: FullRun): Run {
  if (!run.ready) return run;
  const wantedOf = (name: string) => full.modules.find((module) => module.name === name)?.wanted ?? null;
  const [first, ...others] = run.ready.modules.map((module) => ({ ...module, wanted: wantedOf(module.name) }));
  return { ...run, full, ready: { ...run.ready, modules: [first, ...others] } };
}

/** The run with the lowest error found for its method. */
export function withFound(run: Run, floor: MethodFloor): Run {
  if (!run.ready) return run;
  const [{ method, ...first }, ...others] = run.ready.modules;
  return method
    ? { ...run, ready: { ...run.ready, modules: [{ ...first, method: { ...method, floor } }, ...others] } }
    : run;
}

export function newRun(number: number, experiment: Experiment, view?: View): Run {
  return runOf(number, { ...newRecord(experiment, view), origin: number });
}

export function runOf(number: number, record: RunRecord): Run {
  return {
    ...record,
    ...{ number, status: 'preparing', ready: null, extremes: [], engine: null, progress: null },
    ...{ workerStep: 0, replay: null, wanted: { pace: 0, until: 0, order: 0 } },
    ...{ scripted: false, atOnce: false, recorded: false, pausedByHiding: false, refused: false, full: null },
  };
}

/** The highest rank of a run's modules: one with fewer directions has as many as it can. */
export const highestRank = (modules: readonly ModuleSizes[]) => Math.max(...modules.map(({ rank }) => rank));

/** The part of a finished run that is kept: its point in error against rank. */
export interface RunEnd {
  readonly number: number;
  /** The highest of its modules. */
  readonly rank: number;
  readonly error: number;
  readonly target: string;
  /** A method beside LoRA, and the rank at which LoRA trains as many numbers. */
  readonly method?: { readonly label: string; readonly place: number };
}

export interface ShownRun<Of extends Pick<Run, 'modules'> = Run> {
  readonly run: Of;
  readonly view: Pick<View, 'module'>;
}

/** The index of the shown module in the lists of a run: the one that the view names, or the first. */
export function shownIndex({ run, view }: ShownRun<Pick<Run, 'modules'>>): number {
  const index = run.modules.findIndex(({ name }) => name === view.module);
  return Math.max(0, index);
}

export function shownModule(shown: ShownRun<Pick<Run, 'modules' | 'ready'>>): ReadyModule | null {
  return shown.run.ready?.modules[shownIndex(shown)] ?? null;
}

/** The sizes of the shown module, also for a run without matrices; before they are known, the requested ones. */
export function shownSizes(shown: ShownRun<Pick<Run, 'modules' | 'experiment'>>): Omit<ModuleSizes, 'name'> {
  return shown.run.modules[shownIndex(shown)] ?? shown.run.experiment;
}

export function shownNorms(shown: ShownRun<Pick<Run, 'modules' | 'trace'>>): ModuleTrace {
  return shown.run.trace.modules[shownIndex(shown)] ?? NO_NORMS;
}

export function otherShown<Of extends Pick<Run, 'modules'>>(
  lab: ShownRun<Pick<Run, 'modules'>>,
  run: Of,
): ShownRun<Of> | null {
  const shown = lab.run.modules[shownIndex(lab)];
  if (!shown || run.modules.length === 0) return { run, view: lab.view };
  return run.modules.some(({ name }) => name === shown.name) ? { run, view: { module: shown.name } } : null;
}

/** What errors are shares of: ‖ΔW*‖_F over all modules; those with an unknown ΔW* count as 0. */
export function targetNorm({ modules }: Pick<ReadyMessage, 'modules'>): number {
  return Math.hypot(...modules.map(({ wanted }) => unitOfTarget(wanted)));
}

export const unitOfTarget = (wanted: Pick<ReadyTarget, 'norm' | 'unit'> | null): number =>
  wanted?.unit ?? wanted?.norm ?? 0;

/** W₀ and ΔW* of a module, as they were before W₀ was quantised. */
export const givenOf = ({
  base,
  wanted,
  quantised,
}: Pick<ReadyModule, 'base' | 'wanted' | 'quantised'>): Pick<
  NonNullable<ReadyModule['quantised']>,
  'base' | 'target'
> => quantised ?? { base, target: wanted?.matrix ?? null };

/** A run beside the one on screen. */
export interface PathRun {
  /** Null: full fine-tuning. */
  readonly rank: number | null;
  /** Null: automatic. */
  readonly rate: number | null;
}

export interface PathEnd extends PathRun {
  /** Shares of right answers at its last step; null: it failed or diverged. */
  readonly answers: { readonly accuracy: number; readonly old: number } | null;
  /** Of each matrix; empty if it failed or diverged. */
  readonly updates: readonly UpdateSize[];
}

export interface Paths {
  readonly ends: readonly PathEnd[];
  /** Requested, and not trained yet. */
  readonly waiting: readonly PathRun[];
}

export interface PathsEvent {
  readonly type: 'paths';
  /** The task that all of them share. */
  readonly of: string;
  /** Runs that are requested, in the place of those before; or one that has ended. */
  readonly waiting?: readonly PathRun[];
  readonly end?: PathEnd;
}

export const NO_PATHS: Paths = { ends: [], waiting: [] };

export const isSameRun = (a: PathRun, b: PathRun) => a.rank === b.rank && a.rate === b.rate;

export function updatePaths(
  paths: ReadonlyMap<string, Paths>,
  { of, waiting: asked, end }: PathsEvent,
): ReadonlyMap<string, Paths> {
  const { ends, waiting } = paths.get(of) ?? NO_PATHS;
  const now = { ends, waiting: asked ?? waiting };
  if (!end) return new Map(paths).set(of, now);
  const others = (run: PathRun) => !isSameRun(run, end);
  return new Map(paths).set(of, { ends: [...ends.filter(others), end], waiting: now.waiting.filter(others) });
}

/** A finished run, or why it cannot be trained. */
export type ClinicEnd = RunRecord | { readonly why: string };

/** Runs of the clinic, each by its complaint and its key there: "flat/symptom". */
export interface Clinic {
  /** Requested, and not trained yet; in the order of work. */
  readonly waiting: readonly string[];
  /** Those of the complaint seen last at the end. */
  readonly ends: ReadonlyMap<string, ClinicEnd>;
  /** The complaint whose remedy is switched on; empty: none. */
  readonly cured: string;
}

export interface ClinicEvent {
  readonly type: 'clinic';
  readonly clinic: Clinic;
}

/** Runs that compare settings: each at several rates or sizes, over several seeds. */
export interface Fights {
  /** Requested, and not trained yet. */
  readonly waiting: readonly Experiment[];
  /** The relative error of each run at its end, by its settings: infinite if it diverged, null if it failed. */
  readonly ends: ReadonlyMap<string, number | null>;
}

export interface FightsEvent {
  readonly type: 'fights';
  /** Runs that are requested, in the place of those before; or one that has ended. */
  readonly waiting?: readonly Experiment[];
  readonly end?: { readonly experiment: Experiment; readonly error: number | null };
}

export const NO_FIGHTS: Fights = { waiting: [], ends: new Map() };

/** The key of a run, once for each object: hundreds of runs are looked up whenever one has ended. */
export const fightKey = cached((e: Experiment): string => settingsLink(e));

export function updateFights({ waiting, ends }: Fights, { waiting: asked, end }: FightsEvent): Fights {
  const now = asked ?? waiting;
  if (!end) return { waiting: now.filter((e) => !ends.has(fightKey(e))), ends };
  const key = fightKey(end.experiment);
  return { waiting: now.filter((e) => fightKey(e) !== key), ends: new Map(ends).set(key, end.error) };
}
