import { isComplete, lastStep, type Run } from './run.ts';

/** What stays of a run that has finished: its place on error against rank. */
export interface RunEnd {
  readonly number: number;
  /** The highest of its modules. */
  readonly rank: number;
  readonly error: number;
  /** Tells its ΔW* from others. */
  readonly target: string;
}

/** The oldest go first. */
const MOST = 100;

/** Which ΔW* a run learns: two that agree in this are the same. Null before there is one. */
export function targetOf(run: Run): string | null {
  const keys = run.ready?.modules.map(({ d, k, wanted }) =>
    wanted ? [d, k, wanted.norm, ...wanted.spectrum.subarray(0, 4)].join(' ') : null,
  );
  return !keys || keys.includes(null) ? null : keys.join(' ');
}

interface Runs {
  readonly run: Run;
  readonly ended: readonly RunEnd[];
}

/** A lab after an event in which its run may have come to its end. */
export function withEnded<Lab extends Runs>(before: Runs, after: Lab): Lab {
  const { run } = after;
  if (run === before.run || !isComplete(run)) return after;
  const error = run.trace.series.relativeError?.[lastStep(run)];
  const rank = Math.max(...run.modules.map((module) => module.rank));
  const target = targetOf(run);
  if (target === null || error === undefined || !Number.isFinite(error)) return after;
  const now: RunEnd = { number: run.number, rank, error, target };
  const known = after.ended.find((one) => one.number === now.number);
  if (known && known.error === error) return after;
  const others = after.ended.filter(
    (one) => one.number !== now.number && !(one.rank === rank && one.error === error && one.target === target),
  );
  return { ...after, ended: [...others, now].slice(-MOST) };
}

/** The other runs of this lab that have learned the same ΔW*. */
export function endedBeside({ run, ended }: Runs): readonly RunEnd[] {
  const target = targetOf(run);
  return ended.filter((one) => one.target === target && one.number !== run.number);
}
