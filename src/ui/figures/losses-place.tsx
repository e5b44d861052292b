import { lazy, Suspense } from 'react';
import { CHARTS } from '../../charts/charts.ts';
import type { State } from '../../state/state.ts';
import { hasSamples } from './losses-switch.tsx';

/** The place that the losses of a target with samples take. */
export const LOSSES_PLACE = 1;

const Losses = lazy(() => import('./losses-figure.tsx'));

/** Holds the place while the chart is loaded. */
export function LossesFigure() {
  return (
    <Suspense fallback={<figure data-chart="losses" />}>
      <Losses />
    </Suspense>
  );
}

export function showsLosses(state: State): boolean {
  return hasSamples(state) && !state.gradients;
}

/** The name on the tab of a place. */
export function shortName(place: number, losses: boolean): string {
  return place === LOSSES_PLACE && losses ? 'Loss' : CHARTS[place].short;
}
