import type { EngineMessage, Up } from '../protocol/up.ts';
import { movedTo } from './computed.ts';
import { keepExtremes } from './extremes.ts';
import { onDone, onFailed } from './on-end.ts';
import { onFrame } from './on-frame.ts';
import { onReady } from './on-ready.ts';
import { lastStep } from './run.ts';
import type { State } from './state.ts';

/** What the worker had to say. Messages of an old run are dropped. */
export function onEngine(state: State, message: Up): State {
  if (message.type === 'beat') return state;
  const { next } = state;
  if (next && message.run === next.run.number) {
    if (message.type === 'progress') {
      const progress = { stage: message.stage, fraction: message.fraction };
      return { ...state, next: { ...next, run: { ...next.run, progress } } };
    }
    if (message.type === 'ready') return onReady(state, next, message);
    if (message.type === 'failed') return onFailed(state, message);
    return state;
  }
  if (next || message.run !== state.run.number) return state;
  switch (message.type) {
    case 'frame':
      return onFrame(state, message);
    case 'engine':
      return onEngineNews(state, message);
    case 'extremes':
      return { ...state, run: { ...state.run, extremes: keepExtremes(state.run.extremes, message) } };
    case 'done':
      return onDone(state, message);
    case 'failed':
      return onFailed(state, message);
    default:
      return state;
  }
}

function onEngineNews(state: State, { engine, from, secondsPerStep }: EngineMessage): State {
  const { run } = state;
  const { backend, device } = engine;
  // Steps that are repeated were computed before, wherever they are repeated.
  const first = Math.max(from, run.replay?.to ?? 0);
  const moved =
    run.recorded && run.workerStep < lastStep(run)
      ? run.computed
      : movedTo(run.computed, { from: first, backend, device });
  return {
    ...state,
    run: { ...run, engine, computed: moved, secondsPerStep: secondsPerStep || run.secondsPerStep },
  };
}
