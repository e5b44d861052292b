import { layerCache } from '../experiment/layer/problem.ts';
import { reasonOf } from './backends/backend.ts';
import { type Pick, shapeOf } from './backends/device.ts';
import type { QuietedMessage, QuietMessage } from './protocol/quiet-messages.ts';
import { trainQuietly } from './quiet.ts';
import { recordOf } from './quiet-record.ts';
import { type InTurn, inTurn } from './turn.ts';

interface Parts {
  readonly pick: Pick;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Packs are made with it: in turn with those of the labs. */
  readonly alone: InTurn;
  readonly send: (message: QuietedMessage) => void;
}

/** The quiet runs of a worker: one after another, in the order in which they were asked for. */
export interface QuietRuns {
  readonly ask: (message: QuietMessage) => void;
  readonly cancel: (quiet: number) => void;
  readonly isAtWork: boolean;
}

export function quietRuns({ pick, clock, alone, send }: Parts): QuietRuns {
  const cache = layerCache();
  const oneAtATime = inTurn();
  /** Those that are asked for and not over. */
  const asked = new Map<number, AbortController>();

  async function train(message: QuietMessage, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { quiet, experiment, choice, drawing, page, observe } = message;
    try {
      const { backend } = await pick(choice, page, shapeOf(experiment));
      const options = { backends: [backend], drawing, cache, observe, signal, alone, clock };
      const run = await trainQuietly(experiment, options);
      send({ type: 'quieted', quiet, result: recordOf(run, message) });
    } catch (error) {
      if (signal.aborted) return;
      const { kind, why } = reasonOf(error);
      send({ type: 'quieted', quiet, result: { kind, why } });
    } finally {
      asked.delete(quiet);
    }
  }

  return {
    ask(message) {
      const abort = new AbortController();
      asked.set(message.quiet, abort);
      void oneAtATime(() => train(message, abort.signal));
    },
    cancel(quiet) {
      asked.get(quiet)?.abort();
      asked.delete(quiet);
    },
    get isAtWork() {
      return asked.size > 0;
    },
  };
}
