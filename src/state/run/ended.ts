import { isComplete, lastStep, type Run, shownModule } from './run.ts';

/** What stays of a run that has finished: its place on error against rank. */
export interface RunEnd {
  /** Of the run. */
  readonly number: number;
  readonly rank: number;
  /** Its relative error. */
  readonly error: number;
  /** Tells its ΔW* from others. */
  readonly target: string;
}

/** The oldest go first. */
const MOST = 100;

/** Which ΔW* a run learns: two that agree in this are the same. Null before there is one. */
export function targetOf(run: Run): string | null {
  const module = shownModule(run);
  if (!module?.wanted) return null;
  const { norm, spectrum } = module.wanted;
  return [module.d, module.k, norm, ...spectrum.subarray(0, 4)].join(' ');
}

/** Of a lab. */
interface Runs {
  readonly run: Run;
  readonly ended: readonly RunEnd[];
}

/** A lab after an event in which its run may have come to its end. */
export function withEnded<Lab extends Runs>(before: Runs, after: Lab): Lab {
  const { run } = after;
  if (run === before.run || !isComplete(run)) return after;
  const error = run.trace.series.relativeError?.[lastStep(run)];
  const [target, rank] = [targetOf(run), shownModule(run)?.rank];
  if (target === null || rank === undefined || error === undefined || !Number.isFinite(error)) return after;
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
