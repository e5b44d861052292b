import { parseLink, settingsLink } from '../experiment/link/link.ts';
import { presetOf } from '../experiment/recognise.ts';
import type { PageEvent } from '../state/events.ts';
import { lastStep } from '../state/run/run.ts';
import type { State } from '../state/state.ts';
import type { Step } from './lesson.ts';

/** What has to happen in the lab when a step begins. Settings that are on screen already keep their run. */
export function eventsFor({ link, begins }: Step, state: State): readonly PageEvent[] {
  const { experiment } = link === null ? state : parseLink(link);
  const same = state.run.ready !== null && settingsLink(state.experiment) === settingsLink(experiment);
  const open: PageEvent = {
    type: 'opened',
    experiment,
    drawing: null,
    notices: [],
    preset: presetOf(experiment),
    // A step is no place of its own in the browser's history.
    fromAddress: true,
  };
  const train: PageEvent = { type: 'train' };
  if (!same) return begins === 'trained' ? [open, train] : [open];
  const moved = lastStep(state.run) > 0;
  if (begins === 'untrained') return moved ? [{ type: 'rewind' }] : [];
  const over = state.run.status === 'finished' || state.run.status === 'converged' || state.run.status === 'training';
  return begins === 'trained' && !over ? [train] : [];
}
