import { isActive, param } from '../../experiment/settings/experiment.ts';
import { type Experiment, PARAM_KEYS } from '../../experiment/settings/params.ts';

interface Job {
  readonly experiment: Experiment;
}

/** A job with what decides its matrices (matricesOf). */
interface Listed {
  readonly job: Job;
  readonly matrices: string;
}

interface Choice {
  /** The matrices that the worker has made last. */
  readonly made: string;
  /** Those that workers are at. */
  readonly taken: ReadonlySet<string>;
  /** Whether several workers share the jobs. */
  readonly shared: boolean;
}

/** So many jobs with matrices in common are left to the worker that has made them; and so many jobs are the last ones. */
const FEW = 8;

/**
 * Which job a worker is to do next. The first of them, but for matrices: rather one with those that it has made; and where
 * the first ones are few and another worker is at theirs, one with matrices that nobody is at. Of the last jobs the
 * longest, so that all workers end at about the same time.
 */
export function nextJob<T extends Listed>(jobs: readonly [T, ...T[]], { made, taken, shared }: Choice): T {
  const [first] = jobs;
  const withMatrices = (matrices: string) => jobs.filter((one) => one.matrices === matrices);
  const same = withMatrices(made);
  const firsts = withMatrices(first.matrices);
  const others =
    taken.has(first.matrices) && firsts.length <= FEW ? jobs.filter((one) => !taken.has(one.matrices)) : [];
  const list = same.length > 0 ? same : others.length > 0 ? others : firsts;
  return shared && jobs.length <= FEW ? longest(list) : (list[0] ?? first);
}

const longest = <T extends Listed>(list: readonly T[]): T =>
  list.reduce((most, one) => (productsOf(one.job) > productsOf(most.job) ? one : most));

/** What decides W₀ and ΔW*, which a worker keeps until others are asked for. What is drawn is left out: it is long. */
export function matricesOf({ experiment }: Job): string {
  const keys = PARAM_KEYS.filter((key) => key === 'seed' || (param(key).group === 'target' && key !== 'data'));
  return keys.map((key) => String(experiment[key])).join();
}

/** Products of a run that take a few hundredths of a second in WebAssembly, and a few tenths in plain script. */
const BRIEF = 1e8;

/** Whether a run takes so short a time that its worker would feel a wait for the next one. */
export function isBrief(job: Job): boolean {
  return !isActive('samples', job.experiment) && productsOf(job) <= BRIEF;
}

const productsOf = ({ experiment: { d, k, rank, steps } }: Job) => d * k * rank * steps;
