import type { OptimiserName } from '../experiment/optimisers.ts';
import { isBesideLora } from '../experiment/settings/bounds.ts';
import { buffersOf } from '../math/buffers.ts';
import { yieldTask } from '../math/slices.ts';
import { type Backend, failureOf, RunFault, type RunShape } from './backends/backend.ts';
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
import { taskQueue } from './run/task-queue.ts';
import { tuningOf } from './run/tuner.ts';
import type { LoadAssets, NetworkAssets } from './tasks/network/assets.ts';
import { taskOf } from './tasks/task.ts';

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
    const shape = runShapeOf(experiment);
    const picked = await pick(choice, page, shape);
    if (superseded()) return;
    const key = JSON.stringify(shape);
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

    const [{ rank: whole }] = problem.modules;
    // Beside LoRA the whole ΔW is measured.
    const rank = isBesideLora(experiment) ? whole : experiment.rank;
    const tuning = tuningOf(experiment, problem.modules);
    const task = taskOf(problem, experiment);
    const wanted = { problem, task, tuning, backend: favourite.backend, fallback: picked.backend };
    const { backend, stepper, first, secondsPerStep } = await open(wanted);
    let made: Run | null = null;
    let present = backend;
    const fitting = async (opt: OptimiserName) => {
      const next = { ...shape, opt };
      const why = present.unfit?.(next) ?? (await present.load?.(next)) ?? null;
      if (why === null) return null;
      present = (await pick(choice, page, next)).backend;
      const { info } = present;
      const engine = { ...info, why: `${why} From here on ${info.stepper} makes them.`, timed: [] };
      send({ type: 'engine', run, engine, from: made?.step ?? 0, secondsPerStep: 0 });
      return present;
    };
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
      const outside = { send, clock, alone, withVectors, fitting, fail: (error: unknown) => fail(slot, run, error) };
      made = new Run({ run, problem, rank, task, tuning, stepper, watch, replay, ...cost, ...outside }, first);
    } finally {
      if (made === null) stepper.dispose();
    }
    slot.take(made);
    compete(slot, run, made, picked, key, shape, (other) => {
      present = other;
    });
  }

  /** While this is the only active run: times the rivals, and reports to the page. */
  function compete(
    slot: Slot,
    run: number,
    arena: Run,
    picked: PickedBackend,
    key: string,
    shape: RunShape,
    move: (to: Backend) => void,
  ): void {
    void matches.hold({
      ...{ key, shape, picked, arena },
      wanted: () => slot.holds(arena),
      mayTime: () => !quiet.isAtWork && [...slots.values()].every((other) => other === slot || !other.isAtWork),
      report: (backend, timed, moved) => {
        if (moved) move(backend);
        const engine = { ...backend.info, why: picked.why, timed };
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

type RunDown = Exclude<PageMessage, { readonly type: 'run' | 'leave' }>;

class Slot {
  /** The latest run; none may come after a session was left. */
  private newest = -1;
  private present: Run | null = null;
  /** Resolves when the runs before have left their back ends. */
  private free: Promise<void> = Promise.resolve();
  private early: RunDown[] = [];
  private beginning = 0;

  isNewest(run: number): boolean {
    return run === this.newest;
  }

  get isAtWork(): boolean {
    return this.beginning > 0 || (this.present?.isAtWork ?? false);
  }

  holds(run: Run): boolean {
    return run === this.present;
  }

  /** Supersedes the current run. `begin` receives when the back end is free, a promise that never rejects. */
  begin({ run }: RunMessage, begin: (free: Promise<void>) => Promise<void>): void {
    if (run <= this.newest) return;
    this.newest = run;
    this.stop();
    this.beginning += 1;
    const begun = begin(this.free).finally(() => {
      this.beginning -= 1;
    });
    // The next run waits for this one's use of the back end, finished or not.
    this.free = Promise.allSettled([this.free, begun]).then(() => undefined);
  }

  /** The finished run, which gets the messages that came before it. */
  take(run: Run): void {
    this.present = run;
    const waiting = this.early;
    this.early = [];
    for (const message of waiting) hand(run, message);
  }

  hear(message: RunDown): void {
    if (this.present) hand(this.present, message);
    else this.early.push(message);
  }

  stop(): void {
    if (this.present) this.free = Promise.allSettled([this.free, this.present.close()]).then(() => undefined);
    this.present = null;
    this.early = [];
  }

  leave(): void {
    this.newest = Number.POSITIVE_INFINITY;
    this.stop();
  }
}

function hand(run: Run, message: RunDown): void {
  if (message.type === 'tune') run.tune(message.tuning);
  else if (message.type === 'watch') run.look(message.watch);
  else if (message.type === 'pace') run.pace(message);
  else if (message.type === 'merge') run.merge(message);
  else run.ack();
}
