import { useId } from 'react';
import { CHARTS as charts } from '../../charts/charts.ts';
import type { State } from '../../state/state.ts';
import { useWidth } from '../media.tsx';
import { useShown } from '../page.tsx';
import { ChartFigure } from './chart-figure.tsx';
import { LOSSES_PLACE, LossesFigure, showsLosses } from './losses-place.tsx';
import { TAB_ORDER, Tabs } from './tabs.tsx';

/** Places in the list of charts: 0 and 2 stand left, above each other, 1 and 3 right. */
function placesShown(
  view: State['view']['view'],
  presented: State['presented'],
  tab: number,
  phone: boolean,
): readonly number[] {
  if (view === 'present') return [...presented];
  return phone ? [tab] : [0, 1, 2, 3];
}

/** 2 × 2: the left column shares the rank axis, the right one the step axis. */
export function ChartGrid() {
  const view = useShown((s) => s.view.view);
  const presented = useShown((s) => s.presented);
  const tab = useShown((s) => s.tab);
  const losses = useShown(showsLosses);
  const phone = useWidth() === 'phone';
  const id = useId();
  const tabbed = phone && view !== 'present';
  const places = placesShown(view, presented, tab, phone);
  const figures = places.map((place) =>
    place === LOSSES_PLACE && losses ? (
      <LossesFigure key="losses" />
    ) : (
      <ChartFigure key={charts[place].name} chart={charts[place]} />
    ),
  );
  if (!tabbed) {
    return (
      <section className="charts" aria-label="Charts">
        {figures}
      </section>
    );
  }
  return (
    <>
      <Tabs id={id} />
      <div className="charts" role="tabpanel" id={`${id}panel`} aria-labelledby={`${id}tab${TAB_ORDER.indexOf(tab)}`}>
        {figures}
      </div>
    </>
  );
}
