import { failureOf, RunFault, type RunShape } from './backends/backend.ts';
import { contests } from './backends/contest.ts';
import { type BackendPick, type PickedBackend, runShapeOf } from './backends/device.ts';
import { backgroundRuns } from './background-runs/background-runs.ts';
import { estimatedBytes } from './cost.ts';
import type { BackgroundMessage, BackgroundResult } from './protocol/background-messages.ts';
import type { PageMessage, RunMessage } from './protocol/page-messages.ts';
import type { WorkerMessage } from './protocol/worker-messages.ts';
import { type Preparation, runOpener, runPreparations } from './run/open.ts';
import { readyMessage } from './run/ready.ts';
import { Run } from './run/run.ts';
import { Slot } from './run/slot.ts';
import { taskQueue, yieldTask } from './run/task-queue.ts';
import { tuningOf } from './run/tuner.ts';
import type { LoadAssets, NetworkAssets } from './tasks/network/assets.ts';
import { taskOf } from './tasks/task.ts';

/** The buffers of a message, which move to the page instead of being copied. */
export function buffersOf(message: WorkerMessage | BackgroundResult): ArrayBuffer[] {
  return [...buffersIn(message)];
}

function buffersIn(value: unknown): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) return new Set(value.buffer instanceof ArrayBuffer ? [value.buffer] : []);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...buffersIn(part)]));
}

interface EngineParts {
  readonly post: (message: WorkerMessage | BackgroundResult, transfer: ArrayBuffer[]) => void;
  readonly pick: BackendPick;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly prepare?: (message: RunMessage, assets: NetworkAssets | null) => Preparation;
  /** Fetches what networks are made of; default: there are none. */
  readonly assets?: LoadAssets;
}

/** The worker's side of the protocol: one run per session, their packs in turn, on shared back ends and matrices. */
const NO_ASSETS: LoadAssets = async () => null;

export function createEngine({ post, pick, clock, prepare: given, assets = NO_ASSETS }: EngineParts): {
  readonly receive: (message: PageMessage | BackgroundMessage) => void;
} {
  const send = (message: WorkerMessage | BackgroundResult) => post(message, buffersOf(message));
  const prepare = given ?? runPreparations(clock, send);
  const matches = contests();
  const alone = taskQueue();
  const open = runOpener(clock, alone);
  const quiet = backgroundRuns({ pick, clock, alone, send, assets });
  const slots = new Map<number, Slot>();

  function fail(slot: Slot, run: number, error: unknown): void {
    if (!slot.isNewest(run)) return;
    slot.stop();
    send({ type: 'failed', run, ...failureOf(error) });
  }

  async function start(slot: Slot, message: RunMessage, free: Promise<void>): Promise<void> {
    const { run, experiment, choice, page, watch, replay } = message;
    const superseded = () => !slot.isNewest(run);
    // Messages of a dragged slider come faster than matrices are made: only the last one counts.
    await yieldTask();
    if (superseded()) return;
    const { rank } = experiment;
    const shape = runShapeOf(experiment);
    const picked = await pick(choice, page, shape);
    if (superseded()) return;
    const key = JSON.stringify([shape, experiment.opt]);
    const favourite = matches.favourite(picked, key);
    const parts = await assets(experiment, page);
    if (superseded()) return;
    const problemWith = prepare(message, parts);
    const problem = problemWith(watch.metrics.includes('alignment'));
    if ('why' in problem) throw new RunFault('refused', problem.why, problem.way);
    await free;
    if (superseded()) return;
    await favourite.backend.prepare?.(shape);
    if (superseded()) return;

    const tuning = tuningOf(experiment, problem.modules);
    const task = taskOf(problem);
    const wanted = { problem, task, tuning, backend: favourite.backend, fallback: picked.backend };
    const { backend, stepper, first, secondsPerStep } = await open(wanted);
    let made: Run | null = null;
    try {
      if (superseded()) return;
      const engine = { ...backend.info, why: picked.why, timed: favourite.timed };
      const bytes = estimatedBytes(problem, tuning.steps, backend.scratch);
      send(readyMessage(problem, { run, engine, rate: tuning.lr, secondsPerStep, bytes }));
      const withVectors = () => {
        const again = problemWith(true);
        return 'why' in again ? problem : again;
      };
      const cost = { leastPack: backend.leastPack, secondsPerStep };
      const outside = { send, clock, alone, withVectors, fail: (error: unknown) => fail(slot, run, error) };
      made = new Run({ run, problem, rank, task, tuning, stepper, watch, replay, ...cost, ...outside }, first);
    } finally {
      if (made === null) stepper.dispose();
    }
    slot.take(made);
    compete(slot, run, made, picked, key, shape);
  }

  /** While this is the only active run: times the rivals, and reports to the page. */
  function compete(slot: Slot, run: number, arena: Run, picked: PickedBackend, key: string, shape: RunShape): void {
    void matches.hold({
      ...{ key, shape, picked, arena },
      wanted: () => slot.holds(arena),
      mayTime: () => !quiet.isAtWork && [...slots.values()].every((other) => other === slot || !other.isAtWork),
      report: ({ info }, timed, moved) => {
        const engine = { ...info, why: picked.why, timed };
        const secondsPerStep = moved ? moved.its : 0;
        send({ type: 'engine', run, engine, from: moved?.step ?? arena.step, secondsPerStep });
      },
    });
  }

  function slotOf(session: number): Slot {
    const slot = slots.get(session) ?? new Slot();
    slots.set(session, slot);
    return slot;
  }

  return {
    receive(message) {
      if (message.type === 'run') {
        const slot = slotOf(message.session);
        slot.begin(message, (free) =>
          start(slot, message, free).catch((error: unknown) => fail(slot, message.run, error)),
        );
      } else if (message.type === 'leave') {
        slots.get(message.session)?.leave();
        slots.delete(message.session);
      } else if (message.type === 'quiet') {
        quiet.ask(message);
      } else if (message.type === 'cancel') {
        quiet.cancel(message.quiet);
      } else {
        for (const slot of slots.values()) if (slot.isNewest(message.run)) slot.hear(message);
      }
    },
  };
}
