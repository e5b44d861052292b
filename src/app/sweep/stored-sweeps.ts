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
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { autoOf, hasAutoAlpha, isAutomatic, param, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import { targets } from '../../experiment/targets/index.ts';
import { openShelf } from '../../kit/storage.ts';

// Results of sweeps, stored on the device by settings, plan and engine.

export type StoredResults = readonly (Outcome | null)[];

/** In columns, which structured cloning copies fast. Runs without figures are left out, so they are repeated. */
interface SweepColumns {
  readonly key: string;
  /** Index in STATUSES, or NOT_RUN. */
  readonly statuses: Uint8Array;
  /** NUMBERS or NETWORK_NUMBERS of each cell, NaN for null. */
  readonly numbers: Float64Array;
  /** Of a sweep in which a network has a rate for each matrix: these by cell, else null. */
  readonly rates?: readonly (string | null)[];
}

const NUMBERS = ['steps', 'rate', 'loss', 'error', 'floor', 'heldOut', 'effectiveRank', 'training', 'reached'] as const;
/** Of networks these too; other sweeps have fewer columns. */
const NETWORK_NUMBERS = [...NUMBERS, 'accuracy', 'oldAccuracy'] as const;
const NOT_RUN = 255;

/** Keys of the stored sweeps, the oldest first. */
const LIST = 'list';
export const MAX_STORED_SWEEPS = 20;

const SWEEPS = openShelf('lora-explorer-sweeps', 'sweeps');

/** Settings, plan and `engine` determine all numbers of a sweep. Long `data` counts by a fingerprint. */
export function sweepKey(experiment: Experiment, plan: SweepPlan, engine: string): string {
  const { data } = experiment;
  // Replace the values on screen of the settings that vary: opening a cell in the lab changes them.
  const varied = settingsAt(
    plan.axes,
    plan.axes.map(() => 0),
  );
  const e = { ...withAutoRate(experiment), ...varied, data: '' };
  const settings = settingsLink(hasAutoAlpha(e) ? { ...e, alpha: param('alpha').default(e) as number } : e);
  const auto = isNetwork(experiment) ? [autoOf(isAutomatic(experiment), hasAutoAlpha(experiment))] : [];
  return [engine, settings, `${data.length}/${fingerprint(data)}`, writeSweep(plan), plan.repeat, ...auto].join(' ');
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

/** Stores the results of a sweep, replacing earlier ones of the same sweep, and keeps the newest MAX_STORED_SWEEPS. */
export async function storeSweep(key: string, results: StoredResults, shelf = SWEEPS): Promise<void> {
  const name = fingerprint(key);
  if (!(await shelf.set(name, columnsOf(key, results)))) return;
  const list = await shelf.get(LIST);
  const known: readonly unknown[] = Array.isArray(list) ? list : [];
  const all = (await shelf.names()).filter((one) => typeof one === 'string' && one !== LIST && one !== name);
  // A sweep stored by another tab at the same moment may be missing from the list: it counts as the oldest.
  const aged = all.sort((a, b) => known.indexOf(a) - known.indexOf(b)) as string[];
  const over = aged.splice(0, Math.max(0, aged.length + 1 - MAX_STORED_SWEEPS));
  for (const old of over) await shelf.del(old);
  await shelf.set(LIST, [...aged, name]);
}

/** Longest wait for storage that does not answer, in ms. */
const PATIENCE = 2000;

/** The stored results of a sweep with `runs` runs; if none, null. */
export async function storedSweep(key: string, runs: number, shelf = SWEEPS): Promise<StoredResults | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  const found = await Promise.race([shelf.get(fingerprint(key)), late]);
  return isColumns(found, key, runs) ? resultsOf(found) : null;
}

export async function deleteStoredSweep(key: string, shelf = SWEEPS): Promise<void> {
  await shelf.del(fingerprint(key));
}

function columnsOf(key: string, results: StoredResults): SweepColumns {
  const statuses = new Uint8Array(results.length).fill(NOT_RUN);
  const network = results.some((result) => result && !('why' in result) && typeof result.accuracy === 'number');
  const names = network ? NETWORK_NUMBERS : NUMBERS;
  const numbers = new Float64Array(results.length * names.length).fill(Number.NaN);
  for (const [i, result] of results.entries()) {
    if (result === null || 'why' in result) continue;
    statuses[i] = STATUSES.indexOf(result.status);
    const figures = { ...result, rate: leastOf(result.rate) };
    for (const [j, name] of names.entries()) numbers[i * names.length + j] = figures[name] ?? Number.NaN;
  }
  const rates = results.map((result) =>
    result && !('why' in result) && typeof result.rate === 'string' ? result.rate : null,
  );
  return { key, statuses, numbers, ...(rates.some((rate) => rate !== null) && { rates }) };
}

function isColumns(value: unknown, key: string, runs: number): value is SweepColumns {
  if (typeof value !== 'object' || value === null) return false;
  const { key: own, statuses, numbers, rates = [] } = value as Partial<SweepColumns>;
  return (
    own === key &&
    statuses instanceof Uint8Array &&
    statuses.length === runs &&
    numbers instanceof Float64Array &&
    Array.isArray(rates) &&
    rates.every((rate) => rate === null || (typeof rate === 'string' && leastOf(rate) > 0)) &&
    [NUMBERS, NETWORK_NUMBERS].some(({ length }) => numbers.length === runs * length)
  );
}

function resultsOf({ statuses, numbers, rates = [] }: SweepColumns): StoredResults {
  return Array.from(statuses, (place, i) => {
    const status = STATUSES[place];
    if (status === undefined) return null;
    const each = numbers.length / statuses.length;
    const of = (name: (typeof NETWORK_NUMBERS)[number]) =>
      numbers[i * each + NETWORK_NUMBERS.indexOf(name)] ?? Number.NaN;
    const known = (name: (typeof NETWORK_NUMBERS)[number]) => (Number.isNaN(of(name)) ? null : of(name));
    return {
      status,
      steps: of('steps'),
      rate: rates[i] ?? of('rate'),
      loss: of('loss'),
      error: known('error'),
      floor: known('floor'),
      heldOut: known('heldOut'),
      effectiveRank: of('effectiveRank'),
      training: known('training'),
      reached: known('reached'),
      ...(each > NUMBERS.length && { accuracy: known('accuracy'), oldAccuracy: known('oldAccuracy') }),
      curve: { steps: [], values: [] },
    };
  });
}

/** About `points` values: every nth and the last. Half of them in the first eighth, where the curve changes most. */
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

/** Points of a curve; fewer if losses over samples have to be measured for it. */
const POINTS = 96;
const OBSERVED = 40;

/** The curve: the held-out losses measured on the way; without samples the relative error of all steps, thinned. */
export function cellRunOf(record: RunRecord): CellRun {
  const { losses, trace } = record;
  const curve =
    losses.steps.length > 1
      ? { steps: losses.steps, values: losses.heldOut }
      : thinCurve(trace.series.relativeError ?? trace.series.loss, lastStep(record), POINTS);
  return { ...figuresOf(record), curve };
}

/** Its figures, if any: failed runs are repeated. */
export const resultOf = (outcome: Outcome | null | undefined) => (outcome && !('why' in outcome) ? outcome : null);

/** Steps at which losses and spectra are measured: denser at the beginning. */
export function observedSteps(steps: number, points = OBSERVED): readonly number[] {
  return [...new Set(Array.from({ length: points }, (_, i) => Math.round(steps * (i / points) ** 2)))];
}

/** Each takes a network as long as several steps. */
const NETWORK_POINTS = 12;

/** Steps at which a run of a sweep measures its held-out loss; undefined without samples. */
export function heldOutSteps({ target, steps }: Experiment): readonly number[] | undefined {
  const { kind } = targets.byName(target);
  if (kind === 'matrix') return undefined;
  return observedSteps(steps, kind === 'network' ? NETWORK_POINTS : OBSERVED);
}
