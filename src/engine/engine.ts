import { type Layer, layerCache, prepareLayer } from '../experiment/layer.ts';
import { targets } from '../experiment/targets/index.ts';
import { frobenius } from '../math/matrix.ts';
import type { Down, EngineInfo, ReadyMessage, RunMessage, Tuning, Up } from '../protocol/messages.ts';
import { Fault, type Shape } from './backends/backend.ts';
import { contests } from './contest.ts';
import { estimatedBytes, secondsPerStep } from './cost.ts';
import type { Pick, Picked } from './device.ts';
import { sentOf, startOf } from './drawn.ts';
import { Run } from './run/run.ts';
import { settingsOf, tuningOf } from './settings.ts';
import { taskOf } from './task.ts';
import { buffersOf } from './transfer.ts';
import { turn } from './turn.ts';

const TELL_EVERY_MS = 120;

export interface EngineParts {
  readonly post: (message: Up, transfer: ArrayBuffer[]) => void;
  readonly pick: Pick;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** The worker's side of the protocol: makes runs, one after another, and hands messages on to the present one. */
export function createEngine({ post, pick, clock }: EngineParts): { readonly receive: (message: Down) => void } {
  const cache = layerCache();
  const warm = new Set<string>();
  const matches = contests();
  const send = (message: Up) => post(message, buffersOf(message));
  let newest = -1;
  let present: Run | null = null;
  /** Resolves when the run before has left its back end. */
  let left: Promise<void> = Promise.resolve();
  /** Messages for a run whose matrices are still being made. */
  let early: Down[] = [];

  function fail(run: number, error: unknown): void {
    if (run !== newest) return;
    stop();
    const kind = error instanceof Fault ? error.kind : 'broken';
    send({ type: 'failed', run, kind, why: error instanceof Error ? error.message : String(error) });
  }

  function stop(): void {
    if (present) left = Promise.allSettled([left, present.close()]).then(() => undefined);
    present = null;
    early = [];
  }

  async function start(message: RunMessage, before: Promise<void>): Promise<void> {
    const { run, experiment, choice, drawing, page, watch, replay } = message;
    // Messages of a slider that is being dragged come faster than matrices are made: only the last one counts.
    await turn();
    if (run !== newest) return;
    const { d, k, rank, target } = experiment;
    const shape = { d, k, rank, sampled: targets.byName(target).hasSamples ?? false };
    const picked = await pick(choice, page, shape);
    if (run !== newest) return;
    const key = JSON.stringify([shape, experiment.opt]);
    const favourite = matches.favourite(picked, key);
    const { timed } = favourite;
    let { backend } = favourite;
    let told = clock();
    const progress = (stage: string, fraction: number) => {
      // Most preparations are over before anybody could read how far they are.
      if (clock() - told < TELL_EVERY_MS) return;
      told = clock();
      send({ type: 'progress', run, stage, fraction });
    };
    const prepare = (vectors: boolean) =>
      prepareLayer(experiment, drawing, { cache, progress, vectors: vectors ? undefined : false });
    const layer = prepare(watch.includes('alignment'));
    if ('why' in layer) throw new Fault('refused', layer.why);
    await before;
    if (run !== newest) return;
    await backend.prepare?.(shape);
    if (run !== newest) return;

    const tuning = tuningOf(experiment, layer.facts);
    const settings = settingsOf(tuning, layer.rank);
    const task = taskOf(layer);
    const start = { ...task, A: layer.A.data, B: layer.B.data, settings };
    const stepper = await backend.open(start).catch((error: unknown) => {
      // What was the fastest before may have no memory left; what is there at once still does it.
      if (backend === picked.backend || !(error instanceof Fault && error.kind === 'refused')) throw error;
      backend = picked.backend;
      return backend.open(start);
    });
    try {
      const first = await stepper.measure();
      const kind = `${backend.info.stepper} ${tuning.opt}`;
      const seconds = await secondsPerStep(stepper, clock, warm.has(kind));
      warm.add(kind);
      if (run === newest) {
        const engine = { ...backend.info, why: picked.why, timed };
        const bytes = estimatedBytes(layer, tuning.steps, backend.scratch);
        send({ ...ready(run, layer, tuning, engine, seconds), bytes });
        const withVectors = () => {
          const again = prepare(true);
          return 'why' in again ? layer : again;
        };
        const cost = { leastPack: backend.leastPack, secondsPerStep: seconds };
        const outside = { send, clock, withVectors, fail: (error: unknown) => fail(run, error) };
        present = new Run({ run, layer, task, tuning, stepper, watch, replay, ...cost, ...outside }, first);
      }
    } finally {
      if (present === null || run !== newest) stepper.dispose();
    }
    if (run !== newest) return;
    const waiting = early;
    early = [];
    for (const one of waiting) hand(present, one);
    if (present) compete(run, present, picked, key, shape);
  }

  /** While the run goes on: times what else there is, and tells the page what came of it. */
  function compete(run: number, arena: Run, picked: Picked, key: string, shape: Shape): void {
    const wanted = () => run === newest && arena === present;
    void matches.hold({
      ...{ key, shape, picked, arena, wanted },
      tell: ({ info }, timed, moved) => {
        const engine = { ...info, why: picked.why, timed };
        const secondsPerStep = moved ? moved.its : 0;
        send({ type: 'engine', run, engine, from: moved?.step ?? arena.step, secondsPerStep });
      },
    });
  }

  return {
    receive(message) {
      if (message.type === 'run') {
        if (message.run <= newest) return;
        newest = message.run;
        stop();
        const started = start(message, left).catch((error: unknown) => fail(message.run, error));
        // The next run waits for this one's use of the back end, finished or not.
        left = Promise.allSettled([left, started]).then(() => undefined);
      } else if (message.run === newest) {
        if (present) hand(present, message);
        else early.push(message);
      }
    },
  };
}

function hand(run: Run | null, message: Down): void {
  if (message.type === 'tune') run?.tune(message.tuning);
  else if (message.type === 'watch') run?.look(message.watch);
  else if (message.type === 'pace') run?.pace(message);
  else if (message.type === 'merge') run?.merge(message);
  else if (message.type === 'ack') run?.ack();
}

function ready(
  run: number,
  layer: Layer,
  tuning: Tuning,
  engine: EngineInfo,
  seconds: number,
): Omit<ReadyMessage, 'bytes'> {
  const { d, k, rank, facts, base, targetNorm, spectrum, A, B } = layer;
  return {
    type: 'ready',
    run,
    engine,
    facts,
    d,
    k,
    rank,
    ...sentOf(layer),
    ...startOf(layer),
    targetNorm,
    baseNorm: frobenius(base),
    targetSpectrum: spectrum.values.slice(),
    targetKnown: { how: spectrum.how, error: spectrum.error },
    A: A.data.slice(),
    B: B.data.slice(),
    rate: tuning.lr,
    secondsPerStep: seconds,
  };
}
