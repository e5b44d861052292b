import { lazy, Suspense } from 'react';
import { CHARTS } from '../../charts/index.ts';
import { targets } from '../../experiment/targets/index.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';

/** The place that the losses of a target with samples take. */
export const SECOND = 1;

const Losses = lazy(() => import('./losses-figure.tsx'));

/** Holds the place while the chart is loaded. */
export function LossesFigure() {
  return (
    <Suspense fallback={<figure data-chart="losses" />}>
      <Losses />
    </Suspense>
  );
}

/** Whether the run on screen has samples. */
export function hasSamples({ run, experiment }: State): boolean {
  return run.ready ? run.ready.samples !== null : targets.byName(experiment.target).hasSamples === true;
}

export function showsLosses(state: State): boolean {
  return hasSamples(state) && !state.gradients;
}

/** The name on the tab of a place. */
export function shortName(place: number, losses: boolean): string {
  return place === SECOND && losses ? 'Loss' : CHARTS[place].short;
}

/** Goes from the losses to the gradient norms and back, where both can be had. */
export function Other() {
  const offered = useShown(hasSamples);
  const gradients = useShown((s) => s.gradients);
  const dispatch = useDispatch();
  if (!offered) return null;
  return (
    <button
      type="button"
      className="link why"
      aria-label={gradients ? 'Show the losses instead' : 'Show the gradient norms instead'}
      onClick={() => dispatch({ type: 'gradients', shown: !gradients })}
    >
      {gradients ? 'losses' : 'gradients'}
    </button>
  );
}
