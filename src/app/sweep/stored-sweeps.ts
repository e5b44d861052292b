import { settingsLink } from '../../experiment/link/link.ts';
import { type SweepPlan, settingsAt, writeSweep } from '../../experiment/plan/sweep.ts';
import { STATUSES } from '../../experiment/run-file/run-file.ts';
import {
  type CellRun,
  figuresOf,
  lastStep,
  type Outcome,
  type RunRecord,
} from '../../experiment/run-file/run-record.ts';
import { withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { openShelf } from '../../kit/storage.ts';

// Results of sweeps, kept on the device and found again by what was swept.

export type StoredResults = readonly (Outcome | null)[];

/** Results in columns, which are copied to and from storage at once. What has no figures is not kept: it is run again. */
interface SweepColumns {
  readonly key: string;
  /** Place in STATUSES; NOT_RUN. */
  readonly statuses: Uint8Array;
  /** NUMBERS of each cell, NaN for null. */
  readonly numbers: Float64Array;
}

const NUMBERS = ['steps', 'rate', 'loss', 'error', 'floor', 'heldOut', 'effectiveRank', 'training', 'reached'] as const;
const NOT_RUN = 255;

/** Names of what is kept, the oldest first. */
const LIST = 'list';
export const MAX_STORED_SWEEPS = 20;

const SWEEPS = openShelf('lora-explorer-sweeps', 'sweeps');

/**
 * What decides every number of a sweep: the settings, the plan, and `engine`, what computes. What is drawn or pasted may
 * be long, and counts by a fingerprint.
 */
export function sweepKey(experiment: Experiment, plan: SweepPlan, engine: string): string {
  const { data } = experiment;
  // What varies is as on screen in no cell but by chance: a cell that was opened in the lab changes it.
  const varied = settingsAt(
    plan.axes,
    plan.axes.map(() => 0),
  );
  const settings = settingsLink({ ...withAutoRate(experiment), ...varied, data: '' });
  return [engine, settings, `${data.length}/${fingerprint(data)}`, writeSweep(plan), plan.repeat].join(' ');
}

/** FNV-1a in 32 bits, from both ends. */
function fingerprint(text: string): string {
  let [one, other] = [0x811c9dc5, 0x811c9dc5];
  for (let i = 0; i < text.length; i++) {
    one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(text.length - 1 - i), 0x01000193);
  }
  return `${(one >>> 0).toString(16)}-${(other >>> 0).toString(16)}`;
}

/** Keeps the results of a sweep in the place of earlier ones of the same, and the newest MAX_STORED_SWEEPS in all. */
export async function storeSweep(key: string, results: StoredResults, shelf = SWEEPS): Promise<void> {
  const name = fingerprint(key);
  if (!(await shelf.set(name, columnsOf(key, results)))) return;
  const list = await shelf.get(LIST);
  const known: readonly unknown[] = Array.isArray(list) ? list : [];
  const all = (await shelf.names()).filter((one) => typeof one === 'string' && one !== LIST && one !== name);
  // What another tab has kept at the same moment may not be in the list: it counts as the oldest.
  const aged = all.sort((a, b) => known.indexOf(a) - known.indexOf(b)) as string[];
  const over = aged.splice(0, Math.max(0, aged.length + 1 - MAX_STORED_SWEEPS));
  for (const old of over) await shelf.del(old);
  await shelf.set(LIST, [...aged, name]);
}

/** Nobody waits longer for storage that does not answer, in ms. */
const PATIENCE = 2000;

/** What is kept of a sweep with so many runs; null where there is nothing. */
export async function storedSweep(key: string, runs: number, shelf = SWEEPS): Promise<StoredResults | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  const found = await Promise.race([shelf.get(fingerprint(key)), late]);
  return isColumns(found, key, runs) ? resultsOf(found) : null;
}

/** Forgets a sweep. */
export async function deleteStoredSweep(key: string, shelf = SWEEPS): Promise<void> {
  await shelf.del(fingerprint(key));
}

function columnsOf(key: string, results: StoredResults): SweepColumns {
  const statuses = new Uint8Array(results.length).fill(NOT_RUN);
  const numbers = new Float64Array(results.length * NUMBERS.length).fill(Number.NaN);
  for (const [i, result] of results.entries()) {
    if (result === null || 'why' in result) continue;
    statuses[i] = STATUSES.indexOf(result.status);
    for (const [j, name] of NUMBERS.entries()) numbers[i * NUMBERS.length + j] = result[name] ?? Number.NaN;
  }
  return { key, statuses, numbers };
}

function isColumns(value: unknown, key: string, runs: number): value is SweepColumns {
  if (typeof value !== 'object' || value === null) return false;
  const { key: own, statuses, numbers } = value as Partial<SweepColumns>;
  return (
    own === key &&
    statuses instanceof Uint8Array &&
    statuses.length === runs &&
    numbers instanceof Float64Array &&
    numbers.length === runs * NUMBERS.length
  );
}

function resultsOf({ statuses, numbers }: SweepColumns): StoredResults {
  return Array.from(statuses, (place, i) => {
    const status = STATUSES[place];
    if (status === undefined) return null;
    const of = (name: (typeof NUMBERS)[number]) => numbers[i * NUMBERS.length + NUMBERS.indexOf(name)] ?? Number.NaN;
    const known = (name: (typeof NUMBERS)[number]) => (Number.isNaN(of(name)) ? null : of(name));
    return {
      status,
      steps: of('steps'),
      rate: of('rate'),
      loss: of('loss'),
      error: known('error'),
      floor: known('floor'),
      heldOut: known('heldOut'),
      effectiveRank: of('effectiveRank'),
      training: known('training'),
      reached: known('reached'),
      curve: { steps: [], values: [] },
    };
  });
}

/**
 * About so many values of a curve at its steps 0 … last: every nth, and the last one. More of them where the curve moves
 * most, at its beginning: half of the points lie in its first eighth.
 */
export function thinCurve(
  values: ArrayLike<number>,
  last: number,
  points: number,
): { readonly steps: readonly number[]; readonly values: readonly number[] } {
  const end = Math.min(last, values.length - 1);
  const steps = new Set<number>();
  for (let i = 0; i <= points; i++) steps.add(Math.round(end * (i / points) ** 3));
  const sorted = [...steps].filter((step) => step >= 0);
  return { steps: sorted, values: sorted.map((step) => values[step] ?? Number.NaN) };
}

/** Points of a curve; where losses over samples have to be measured for it, fewer. */
const POINTS = 96;
const OBSERVED = 40;

/** The figures of a run that was trained, and its curve: the held-out losses that were measured on the way; without samples the relative error of all steps, thinned. */
export function cellRunOf(record: RunRecord): CellRun {
  const { losses, trace } = record;
  const curve =
    losses.steps.length > 1
      ? { steps: losses.steps, values: losses.heldOut }
      : thinCurve(trace.series.relativeError ?? trace.series.loss, lastStep(record), POINTS);
  return { ...figuresOf(record), curve };
}

/** Its figures, if there are any: what failed is run again. */
export const resultOf = (outcome: Outcome | null | undefined) => (outcome && !('why' in outcome) ? outcome : null);

/** Steps at which losses and spectra are measured: more of them at the beginning. */
export function observedSteps(steps: number): readonly number[] {
  return [...new Set(Array.from({ length: OBSERVED }, (_, i) => Math.round(steps * (i / OBSERVED) ** 2)))];
}

/** Where a run of a sweep is to measure its held-out loss; nothing without samples. */
export const heldOutSteps = ({ target, steps }: Experiment) =>
  targets.byName(target).kind === 'samples' ? observedSteps(steps) : undefined;
