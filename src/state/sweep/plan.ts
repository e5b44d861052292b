import { settingsLink } from '../../experiment/link/link.ts';
import { type Cell, cellCount, cellsOf, readSweep, type SweepPlan } from '../../experiment/plan/sweep.ts';
import { following } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { State } from '../state.ts';
import type { Outcome } from './sweep.ts';

/** A run of a plan, and the name that its outcome is kept under. */
export interface PlannedRun {
  readonly cell: Cell;
  readonly key: string;
}

/** What the page is asked to run: settings that vary, seeds, and every run of it. */
export interface Planned {
  readonly plan: SweepPlan;
  /** How many cells, seeds apart. */
  readonly cells: number;
  /** In the order of work: seed 1 of every cell row by row, then seed 2 …. */
  readonly runs: readonly PlannedRun[];
  /** How many of them are possible. */
  readonly possible: number;
}

type Asked = Pick<State, 'experiment' | 'view'>;

const known = new WeakMap<Experiment, { readonly asked: string; readonly planned: Planned }[]>();
/** Of one experiment: the sweep of the page, and its repetition in the lab. */
const MOST_KNOWN = 4;

/** The plan of the page; the same object as long as settings and plan are. */
export function plannedOf({ experiment, view }: Asked): Planned {
  const asked = `${view.repeat};${view.sweep}`;
  const list = known.get(experiment) ?? [];
  const found = list.find((one) => one.asked === asked);
  if (found) return found.planned;
  const planned = made({ axes: readSweep(view.sweep, experiment).axes, repeat: view.repeat }, experiment);
  known.set(experiment, [...list, { asked, planned }].slice(-MOST_KNOWN));
  return planned;
}

function made(plan: SweepPlan, live: Experiment): Planned {
  const cells = cellCount(plan.axes);
  const all = cellsOf(plan, live);
  const data = live.data === '' ? '' : `${live.data.length}:${hash(live.data)}`;
  // A seed is the last that a key says: what stands in front of it is written once a cell.
  const front = all.slice(0, cells).map(({ experiment }) => (experiment ? keyOf(experiment, data) : ''));
  const runs = all.map((cell, i) => ({ cell, key: `${front[i % cells]}@${cell.seed}` }));
  return { plan, cells, runs, possible: runs.filter(({ cell }) => cell.experiment !== null).length };
}

/** Two runs with the same key and seed are the same, step for step; a matrix of one's own counts by its hash. */
function keyOf(experiment: Experiment, data: string): string {
  return `${settingsLink({ ...following(experiment), seed: 0, data: '' })}${data}`;
}

/** 32 bits of FNV-1a over the characters of a text. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}

/** How far a plan has come. */
export interface Progress {
  /** Runs that ended, those that failed included. */
  readonly done: number;
  readonly failed: number;
  readonly possible: number;
  /** Runs that are possible and not done, in the order of work. */
  readonly left: readonly PlannedRun[];
}

const counted = new WeakMap<Planned, { readonly results: ReadonlyMap<string, Outcome>; readonly progress: Progress }>();

export function progressOf(planned: Planned, results: ReadonlyMap<string, Outcome>): Progress {
  const last = counted.get(planned);
  if (last?.results === results) return last.progress;
  const left = planned.runs.filter(({ cell, key }) => cell.experiment !== null && !results.has(key));
  const failed = planned.runs.filter(({ key }) => {
    const outcome = results.get(key);
    return outcome !== undefined && 'why' in outcome;
  }).length;
  const progress = { done: planned.possible - left.length, failed, possible: planned.possible, left };
  counted.set(planned, { results, progress });
  return progress;
}
