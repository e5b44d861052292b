import { targets } from '../experiment/targets/index.ts';
import type { Down, RunMessage } from '../protocol/down.ts';
import type { Up } from '../protocol/up.ts';
import { Fault, type Shape } from './backends/backend.ts';
import { contests } from './contest.ts';
import { estimatedBytes } from './cost.ts';
import type { Pick, Picked } from './device.ts';
import { opener } from './open.ts';
import { preparations } from './prepare.ts';
import { readyOf } from './ready.ts';
import { Run } from './run/run.ts';
import { tuningOf } from './settings.ts';
import { taskOf } from './task.ts';
import { buffersOf } from './transfer.ts';
import { turn } from './turn.ts';

export interface EngineParts {
  readonly post: (message: Up, transfer: ArrayBuffer[]) => void;
  readonly pick: Pick;
  /** Milliseconds. */
  readonly clock: () => number;
}

const NO_NETWORKS = 'No back end of this page trains a network: take a matrix or a regression as the target.';

/** The worker's side of the protocol: makes runs, one after another, and hands messages on to the present one. */
export function createEngine({ post, pick, clock }: EngineParts): { readonly receive: (message: Down) => void } {
  const send = (message: Up) => post(message, buffersOf(message));
  const prepare = preparations(clock, send);
  const open = opener(clock);
  const matches = contests();
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
    const way = error instanceof Fault ? error.way : undefined;
    send({ type: 'failed', run, kind, why: error instanceof Error ? error.message : String(error), way });
  }

  function stop(): void {
    if (present) left = Promise.allSettled([left, present.close()]).then(() => undefined);
    present = null;
    early = [];
  }

  async function start(message: RunMessage, before: Promise<void>): Promise<void> {
    const { run, experiment, choice, page, watch, replay } = message;
    const superseded = () => run !== newest;
    // Messages of a slider that is being dragged come faster than matrices are made: only the last one counts.
    await turn();
    if (superseded()) return;
    const { d, k, rank, target } = experiment;
    const shape = { d, k, rank, sampled: targets.byName(target).hasSamples ?? false };
    const picked = await pick(choice, page, shape);
    if (superseded()) return;
    const key = JSON.stringify([shape, experiment.opt]);
    const favourite = matches.favourite(picked, key);
    const problemWith = prepare(message);
    const problem = problemWith(watch.metrics.includes('alignment'));
    if ('why' in problem) throw new Fault('refused', problem.why, problem.way);
    if (problem.kind === 'network') throw new Fault('refused', NO_NETWORKS);
    await before;
    if (superseded()) return;
    await favourite.backend.prepare?.(shape);
    if (superseded()) return;

    const tuning = tuningOf(experiment, problem.modules);
    const task = taskOf(problem);
    const opened = await open({ problem, task, rank, tuning, backend: favourite.backend, fallback: picked.backend });
    const { backend, stepper, first, secondsPerStep } = opened;
    try {
      if (superseded()) return;
      const engine = { ...backend.info, why: picked.why, timed: favourite.timed };
      const bytes = estimatedBytes(problem, tuning.steps, backend.scratch);
      send(readyOf(problem, { run, engine, rate: tuning.lr, secondsPerStep, bytes }));
      const withVectors = () => {
        const again = problemWith(true);
        return 'why' in again ? problem : again;
      };
      const cost = { leastPack: backend.leastPack, secondsPerStep };
      const outside = { send, clock, withVectors, fail: (error: unknown) => fail(run, error) };
      present = new Run({ run, problem, rank, task, tuning, stepper, watch, replay, ...cost, ...outside }, first);
    } finally {
      if (present === null || superseded()) stepper.dispose();
    }
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
