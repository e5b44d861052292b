import { counted, duration } from '../../experiment/numbers.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { LARGE_BYTES, LONG_SECONDS, type NewNotice } from '../notices.ts';
import type { State } from '../state.ts';
import { secondsOf } from '../sweep/estimate.ts';
import type { Pinned } from './compare.ts';

/** Bytes that a run needs which is not shown: W₀ and ΔW* while they are made and trained on, factors with gradients and moments. */
function bytesOf({ d, k, rank }: Experiment): number {
  return 4 * (7 * d * k + 30 * rank * (d + k));
}

/**
 * The question whether pins are to be trained; null where that is soon done. As with the run on screen and with sweeps,
 * about a minute in all, or 500 MB for one of them, is asked about.
 */
export function pinsNotice(state: State, pins: readonly Pinned[]): NewNotice | null {
  if (pins.length === 0) return null;
  const seconds = secondsOf(
    state,
    pins.map(({ experiment }) => experiment),
  );
  const bytes = Math.max(...pins.map(({ experiment }) => bytesOf(experiment)));
  if (seconds <= LONG_SECONDS && bytes <= LARGE_BYTES) return null;
  const time = seconds < 1 ? 'less than a second' : `about ${duration(seconds)}`;
  const memory = `${Math.round(bytes / 1e6)} MB${pins.length === 1 ? '' : ' each'}`;
  const event = { type: 'compare', does: 'wait', waits: false, pins: pins.map(({ id }) => id) } as const;
  const label = `Train the ${pins.length === 1 ? 'pin' : 'pins'}, ${time}`;
  return {
    about: 'pins',
    tone: 'plain',
    title: `${counted(pins.length, 'pinned run')} ${pins.length === 1 ? 'waits' : 'wait'} to be trained.`,
    texts: [`Training in the background takes ${time} and up to ${memory}.`],
    actions: [{ label, event }],
  };
}
