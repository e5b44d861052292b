import type { LayerModule } from '../../experiment/layer/module.ts';
import { layerCache, type Problem } from '../../experiment/layer/problem.ts';
import type { UpdateSize } from '../../experiment/run-file/run-record.ts';
import { frobenius, multiply, toFloat32 } from '../../math/matrix.ts';
import { drain } from '../../math/progress.ts';
import { intrudersInSlices } from '../../math/spectral/left-vectors.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { failureOf } from '../backends/backend.ts';
import { type BackendPick, runShapeOf } from '../backends/device.ts';
import { lossesOf, updateFactors } from '../metrics.ts';
import type {
  BackgroundResult,
  BackgroundRunMessage,
  BackgroundRunModule,
  BackgroundRunObservation,
  BackgroundRunPoints,
  BackgroundRunRecord,
  RankCut,
} from '../protocol/background-messages.ts';
import { type TaskQueue, taskQueue } from '../run/task-queue.ts';
import type { Factors } from '../steppers/stepper.ts';
import type { LoadAssets } from '../tasks/network/assets.ts';
import { networkParts } from '../tasks/network/network-parts.ts';
import { type BackgroundRun, type StepObservation, trainInBackground } from './background-run.ts';

/** The record for a page: only what it asked for. Its arrays are copies, so that they may move there. */
export function recordOf(
  run: BackgroundRun<Problem>,
  { observe = [], keep = [] }: Pick<BackgroundRunMessage, 'observe' | 'keep'>,
): BackgroundRunRecord {
  const { summary, points, scalings, problem, observed, backend } = run;
  const modules: readonly LayerModule[] = problem.modules;
  const end = observed[observed.length - 1].factors;
  const { backend: name, stepper, device } = backend.info;
  return {
    summary,
    points: inOneBuffer(points),
    engine: { backend: name, stepper, device },
    observed: observe.length === 0 ? [] : observed.map((one) => observedOf(one, modules, scalings)),
    ...(keep.includes('cuts') && { cuts: cutsOf(run) }),
    ...(keep.includes('updates') && { updates: modules.map((one, i) => updateSize(one, end[i], scalings[i])) }),
    kept:
      keep.length === 0
        ? []
        : modules.map((module, i) =>
            keptOf(
              module,
              scalings[i],
              observed.map(({ factors }) => factors[i]),
              keep,
            ),
          ),
  };
}

/** The same lists in one buffer: a transfer to another thread costs by the buffer, not by the number. */
function inOneBuffer({ series, modules }: BackgroundRunPoints): BackgroundRunPoints {
  const lists = [series, ...modules].flatMap((part) => Object.values<Float64Array>(part));
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  const placed = <T extends object>(part: T): T => {
    const entries = Object.entries<Float64Array>(part as Readonly<Record<string, Float64Array>>);
    const moved = entries.map(([name, list]) => {
      all.set(list, at);
      at += list.length;
      return [name, all.subarray(at - list.length, at)];
    });
    return Object.fromEntries(moved) as T;
  };
  return { series: placed(series), modules: modules.map(placed) };
}

/** Up to the highest rank whose accuracy is drawn. */
const CUT_RANKS: readonly number[] = Array.from({ length: 16 }, (_, i) => i + 1);

function cutsOf({ problem, observed, scalings }: BackgroundRun<Problem>): readonly RankCut[] {
  const measure = problem.kind === 'network' ? lossesOf(problem) : null;
  const end = observed[observed.length - 1].factors;
  if (!measure) return [];
  const cuts = problem.modules.map((module: LayerModule, i) => networkParts().evaluate.rankCuts(module, end[i]));
  return CUT_RANKS.flatMap((rank) => {
    const { losses } = measure(
      cuts.map((cut) => cut(rank)),
      scalings,
    );
    return losses?.accuracy === undefined ? [] : [{ rank, accuracy: losses.accuracy }];
  });
}

function updateSize({ name, base, ...module }: LayerModule, { A, B }: Factors, s: number): UpdateSize {
  const { left, right, scale } = updateFactors(module, A, B, s);
  const update = multiply(left, right);
  const merged = { ...update, data: update.data.map((x, at) => base.data[at] + scale * x) };
  // Vectors of a matrix this small are exact.
  return {
    name,
    relativeSize: (scale * frobenius(update)) / frobenius(base),
    intruders: drain(intrudersInSlices(base, toFloat32(merged))).count ?? Number.NaN,
  };
}

function observedOf(
  { step, factors, losses, spectra }: StepObservation,
  modules: readonly LayerModule[],
  scalings: readonly number[],
): BackgroundRunObservation {
  const spectrums = spectra();
  return {
    step,
    losses,
    modules: modules.map((module, i) => {
      const { A, B } = factors[i];
      const update = () => {
        const { left, right, scale } = updateFactors(module, A, B, scalings[i]);
        return productSpectrum(left, right, scale);
      };
      return { spectrum: spectrums[i], update: module.moved ? update() : null };
    }),
  };
}

function keptOf(
  { name, d, k, rank, A, B, moved, wanted }: LayerModule,
  scaling: number,
  observed: readonly Factors[],
  keep: NonNullable<BackgroundRunMessage['keep']>,
): BackgroundRunModule {
  const copy = ({ A, B, own }: Factors) => ({
    ...{ A: A.slice(), B: B.slice() },
    ...(own && { own: own.map((values) => values.slice()) }),
  });
  return {
    ...{ name, d, k, rank, scaling },
    factors: keep.includes('factors') ? copy(observed[observed.length - 1]) : null,
    snapshots: keep.includes('snapshots') ? observed.map(copy) : null,
    target: (keep.includes('target') && wanted?.matrix.data.slice()) || null,
    moved: moved && { A: A.data.slice(), B: B.data.slice(), scaling: moved.scaling },
  };
}

interface BackgroundRunParts {
  readonly pick: BackendPick;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Packs run in it, in turn with those of the labs. */
  readonly alone: TaskQueue;
  readonly send: (message: BackgroundResult) => void;
  readonly assets: LoadAssets;
}

export function backgroundRuns({ pick, clock, alone, send, assets }: BackgroundRunParts) {
  const cache = layerCache();
  const oneAtATime = taskQueue();
  const asked = new Map<number, AbortController>();

  async function train(message: BackgroundRunMessage, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { quiet, experiment, choice, drawing, hand, page, observe, measures } = message;
    try {
      const { backend } = await pick(choice, page, runShapeOf(experiment));
      const network = await assets(experiment, page);
      const wanted = { drawing, hand, observe, measures };
      const options = { backends: [backend], ...wanted, cache, network, signal, alone, clock };
      const run = await trainInBackground<Problem>(experiment, options);
      send({ type: 'quieted', quiet, result: recordOf(run, message) });
    } catch (error) {
      if (signal.aborted) return;
      const { kind, why } = failureOf(error);
      send({ type: 'quieted', quiet, result: { kind, why } });
    } finally {
      asked.delete(quiet);
    }
  }

  return {
    ask(message: BackgroundRunMessage) {
      const abort = new AbortController();
      asked.set(message.quiet, abort);
      void oneAtATime(() => train(message, abort.signal));
    },
    cancel(quiet: number) {
      asked.get(quiet)?.abort();
      asked.delete(quiet);
    },
    get isAtWork() {
      return asked.size > 0;
    },
  };
}
