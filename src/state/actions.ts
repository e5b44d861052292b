import { isFixed } from '../experiment/settings/exercise.ts';
import { followsBudget } from '../experiment/settings/rate.ts';
import { lastStep } from './run/run.ts';
import type { State } from './state.ts';

/** The buttons of the run that can be pressed, and the label of the first: one place for buttons and keys. */
export interface Actions {
  readonly main: { readonly label: string; readonly does: 'train' | 'pause' | 'rewind' | 'cancel' };
  readonly step: boolean;
  readonly rewind: boolean;
}

export function actionsOf(state: State): Actions {
  const { status, ready, progress } = state.run;
  const moved = lastStep(state.run) > 0;
  switch (status) {
    case 'preparing':
      // Most preparations take milliseconds: the buttons do not flicker for them.
      if (!state.next?.run.progress && !state.next?.behind && !progress)
        return { main: { label: 'Train', does: 'train' }, step: false, rewind: false };
      return { main: { label: 'Cancel', does: 'cancel' }, step: false, rewind: false };
    case 'training':
      return { main: { label: 'Pause', does: 'pause' }, step: false, rewind: true };
    case 'idle':
      return { main: { label: 'Train', does: 'train' }, step: ready !== null, rewind: moved };
    case 'paused':
    case 'stopped':
      return { main: { label: 'Train', does: 'train' }, step: true, rewind: moved };
    case 'device-lost':
      return { main: { label: 'Continue', does: 'train' }, step: false, rewind: moved };
    case 'finished':
      // If the budget is part of an exercise, no steps can be added.
      if (isFixed('steps', state.view)) return { main: { label: 'Rewind', does: 'rewind' }, step: false, rewind: true };
      // Where all rates follow the budget, a longer run begins anew.
      return {
        main: { label: followsBudget(state.run.experiment) ? 'Train longer' : 'Train more', does: 'train' },
        ...{ step: true, rewind: true },
      };
    case 'converged':
    case 'diverged':
      return { main: { label: 'Rewind', does: 'rewind' }, step: false, rewind: true };
  }
}
