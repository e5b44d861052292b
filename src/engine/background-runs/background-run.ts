import type { LayerModule } from '../../experiment/layer/module.ts';
import type { LayerCache, MatrixProblem, Problem, SamplesProblem } from '../../experiment/layer/problem.ts';
import { floorAtRank, joinedFloor } from '../../experiment/layer/reach.ts';
import type { NetworkAnswers } from '../../experiment/run-file/run-record.ts';
import type { Experiment, Tuning } from '../../experiment/settings/params.ts';
import { type Rate, timesRate } from '../../experiment/settings/rate.ts';
import { effectiveRank } from '../../math/spectral/spectra.ts';
import { type Backend, RunFault } from '../backends/backend.ts';
import { runShapeOf } from '../backends/device.ts';
import { lossesOf, NOT_MEASURED, seriesOf, spectrumOf } from '../metrics.ts';
import type {
  BackgroundRunMessage,
  BackgroundRunPoints,
  BackgroundRunSummary,
} from '../protocol/background-messages.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { RunMessage } from '../protocol/page-messages.ts';
import { unsentEntries } from '../run/outbox.ts';
import { pacer } from '../run/packs.ts';
import { type TaskQueue, YIELD_MS, yieldEvery } from '../run/task-queue.ts';
import { type HaltReason, Trainer } from '../run/trainer.ts';
import { settingsOf, tuningOf } from '../run/tuner.ts';
import type { Factors, Settings, Stepper } from '../steppers/stepper.ts';
import type { NetworkAssets } from '../tasks/network/assets.ts';
import { problemOf } from '../tasks/problem-of.ts';
import { hasTarget, initialFactors, startFrom, type TrainingTask, taskOf } from '../tasks/task.ts';

/** Assumed cost of a step before the first one: the first pack has one step. */
const FIRST_MS = 1000;

export interface BackgroundRunOptions {
  /** The first that accepts the experiment's shape is used. */
  readonly backends: readonly Backend[];
  readonly drawing?: RunMessage['drawing'];
  readonly hand?: RunMessage['hand'];
  readonly cache?: LayerCache;
  readonly problem?: Problem;
  /** For an experiment on a network. */
  readonly network?: NetworkAssets | null;
  /** Of the experiment's or the derived learning rate; default 1. */
  readonly factor?: number;
  readonly observe?: readonly number[];
  /** No step is made: these factors are measured, or the start. Undefined: it trains. */
  readonly measures?: BackgroundRunMessage['measures'];
  /** Once aborted, the run rejects with its reason and makes no more steps. */
  readonly signal?: AbortSignal;
  /** Queue for packs if other runs train on the same thread. */
  readonly alone?: TaskQueue;
  /** Milliseconds. */
  readonly clock?: () => number;
}

export interface StepObservation {
  readonly step: number;
  /** One pair per module. */
  readonly factors: readonly Factors[];
  /** Singular values of s·B·A, one list per module, computed on call. */
  readonly spectra: () => readonly Float64Array[];
  /** Over all training and over all held-out samples; null if there are none. */
  readonly losses: FrameMessage['losses'];
  readonly answers: NetworkAnswers | null;
}

/** Known ΔW*; a caller of networks names Problem. */
type LayerProblem = MatrixProblem | SamplesProblem;

export interface BackgroundRun<Of extends Problem = LayerProblem> {
  readonly problem: Of;
  readonly backend: Backend;
  /** s of ΔW = s·B·A, one per module. */
  readonly scalings: readonly number[];
  readonly points: BackgroundRunPoints;
  readonly summary: BackgroundRunSummary;
  readonly observed: readonly StepObservation[];
}

/**
 * Trains an experiment to the end of its budget without a page: its numbers are, bit for bit, those of the page's run
 * on the same back end. Other messages get their turn between two packs. Rejects with a RunFault if the experiment is
 * impossible.
 */
export async function trainInBackground<Of extends Problem = LayerProblem>(
  experiment: Experiment,
  options: BackgroundRunOptions,
): Promise<BackgroundRun<Of>> {
  const { backends, drawing = null, network = null, hand, cache, factor = 1, signal } = options;
  const shape = runShapeOf(experiment);
  const backend = backends.find((one) => (one.unfit?.(shape) ?? null) === null);
  if (!backend) throw new RunFault('refused', 'No back end can compute an experiment of this shape.');
  const problem = options.problem ?? problemOf(experiment, { drawing, assets: network, hand, cache, vectors: false });
  if ('why' in problem) throw new RunFault('refused', problem.why, problem.way);
  const own = tuningOf(experiment, problem.modules);
  const tuning = { ...own, lr: timesRate(factor, own.lr) };
  await backend.prepare?.(shape);
  signal?.throwIfAborted();
  const settings = settingsOf(tuning, problem.modules);
  const task = taskOf(problem, experiment);
  const stepper = await backend.open({ ...startFrom(task, firstFactors(problem, options)), settings });
  try {
    return await train(problem as Of, task, backend, stepper, tuning, settings, options);
  } finally {
    stepper.dispose();
  }
}

/** Where a run begins, or what is measured in its place. */
function firstFactors(problem: Problem, { measures }: BackgroundRunOptions): readonly Factors[] {
  if (measures === undefined || measures === 'start') return initialFactors(problem);
  const fits = ({ d, k, rank, method }: LayerModule, i: number) =>
    measures[i]?.A.length === rank * k &&
    measures[i].B.length === d * rank &&
    (method?.own ?? []).every(({ length }, n) => measures[i].own?.[n]?.length === length);
  const modules: readonly LayerModule[] = problem.modules;
  if (measures.length === modules.length && modules.every(fits)) return measures;
  throw new RunFault('refused', 'These factors have other sizes than the matrices of the experiment.');
}

async function train<Of extends Problem>(
  problem: Of,
  task: TrainingTask,
  backend: Backend,
  stepper: Stepper,
  tuning: Tuning,
  settings: readonly Settings[],
  options: BackgroundRunOptions,
): Promise<BackgroundRun<Of>> {
  const scalings = settings.map(({ scaling }) => scaling);
  const gathered = unsentEntries();
  const losses = lossesOf(problem);
  const observed: StepObservation[] = [];
  const first = await inTurnOf(options)(() => stepper.measure());
  const sink = gathered.add;
  const trainer = new Trainer(stepper, problem, settings, first, sink, task);
  const observe = () => {
    const { step } = trainer;
    const factors = trainer.present.modules;
    const spectra = () => problem.modules.map((module: LayerModule, i) => spectrumOf(module, factors[i], scalings[i]));
    observed.push({ step, factors, spectra, ...(losses?.(factors, scalings) ?? NOT_MEASURED) });
  };
  const budget = options.measures === undefined ? tuning.steps : 0;
  const halt = await toTheEnd(trainer, budget, backend.leastPack, observe, options);
  const { entries } = gathered.take();
  const points: BackgroundRunPoints = { series: seriesOf(problem)(entries), modules: entries.modules };
  const summary = summaryOf(problem.modules, halt ?? 'finished', tuning.lr, points, observed[observed.length - 1]);
  return { problem, backend, scalings, points, summary, observed };
}

/** Makes the steps of the budget, or up to the end that the judge sees, and observes the requested ones. */
async function toTheEnd(
  trainer: Trainer,
  budget: number,
  leastPack: number,
  observe: () => void,
  options: BackgroundRunOptions,
): Promise<HaltReason> {
  const { observe: wanted = [], signal, clock = () => performance.now() } = options;
  const alone = inTurnOf(options);
  const turn = yieldEvery(YIELD_MS, clock);
  const pace = pacer(leastPack, FIRST_MS);
  pace.set(Number.POSITIVE_INFINITY, clock());
  const make = async (max: number) => {
    signal?.throwIfAborted();
    const [before, from] = [clock(), trainer.step];
    const halt = await trainer.advance(max, true, () => !signal?.aborted);
    if (trainer.step > from) pace.made(trainer.step - from, clock() - before, clock());
    return halt;
  };
  let halt: HaltReason = null;
  if (wanted.includes(0) && budget > 0) observe();
  while (halt === null && trainer.step < budget) {
    const stop = wanted.find((step) => step > trainer.step && step < budget) ?? budget;
    const due = pace.turn(clock());
    const max = Math.min(stop - trainer.step, 'steps' in due ? due.steps : 1);
    halt = await alone(() => make(max));
    if (halt === null && trainer.step === stop && stop < budget) observe();
    await turn();
  }
  signal?.throwIfAborted();
  observe();
  return halt;
}

const inTurnOf = ({ alone = (work) => work() }: BackgroundRunOptions): TaskQueue => alone;

function summaryOf(
  modules: readonly LayerModule[],
  status: BackgroundRunSummary['status'],
  rate: Rate,
  { series: { loss, relativeError } }: BackgroundRunPoints,
  { step, losses, answers, spectra }: StepObservation,
): BackgroundRunSummary {
  const values = spectra();
  return {
    ...{ status, steps: step, rate, losses, answers },
    loss: loss[step],
    relativeError: relativeError?.[step] ?? null,
    floor: modules.every(hasTarget) ? joinedFloor(modules) : null,
    modules: modules.map((module, i) => ({
      ...{ name: module.name, d: module.d, k: module.k, rank: module.rank },
      floor: hasTarget(module) ? floorAtRank(module) : null,
      effectiveRank: effectiveRank(values[i]),
    })),
  };
}
