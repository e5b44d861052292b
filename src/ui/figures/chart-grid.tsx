import { type MouseEvent, type ReactNode, useId, useMemo } from 'react';
import { titleOf } from '../../charts/chart.ts';
import { CHARTS } from '../../charts/charts.ts';
import { CHART_NAMES } from '../../experiment/settings/view.ts';
import { targets } from '../../experiment/targets/index.ts';
import { useSideBySide, useWidth } from '../../kit/media.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { hasBar } from '../../state/places.ts';
import type { State } from '../../state/state.ts';
import { sceneOf } from '../lab-scene.ts';
import { onDemand, useDispatch, useLab } from '../page.tsx';
import { ChartFigure, hasSamples } from './chart-figure.tsx';
import { useLessonContainer } from './lesson-container.tsx';

/** Indices into the list of charts: 0 above 2 on the left, 1 above 3 on the right. */
function placesShown(
  view: State['view']['view'],
  presented: State['presented'],
  tab: number,
  tabbed: boolean,
  allowed: readonly number[],
): readonly number[] {
  if (view === 'present')
    return presented.flatMap((place) =>
      allowed.includes(place) ? [place] : allowed.filter((other) => other % 2 === place % 2).slice(0, 1),
    );
  return tabbed ? [allowed.includes(tab) ? tab : allowed[0]] : allowed;
}

const ALL: readonly number[] = [0, 1, 2, 3];

/** Those that the open step of a lesson asks for, or else the link. */
function useAllowed(): readonly number[] {
  const names = useLab((s) => s.view.charts);
  const { charts } = useLessonContainer();
  return useMemo(() => {
    const named = ALL.filter((place) => (charts ?? names.split(',')).includes(CHART_NAMES[place]));
    return named.length > 0 || charts ? named : ALL;
  }, [names, charts]);
}

/** 2 × 2: the left column shares the rank axis, the right one the step axis. */
export function ChartGrid() {
  const view = useLab((s) => s.view.view);
  const presented = useLab((s) => s.presented);
  const tab = useLab((s) => s.tab);
  const losses = useLab(showsLosses);
  const foretold = useLab(showsForetold);
  const dispatch = useDispatch();
  const phone = useWidth() === 'phone';
  const sideBySide = useSideBySide() && hasBar({ view });
  const id = useId();
  const allowed = useAllowed();
  const reading = useLessonContainer().charts !== null;
  const tabbed = (phone || sideBySide) && view !== 'present' && !reading;
  const places = placesShown(view, presented, tab, tabbed, allowed);
  const figures = places.map((place, i) => {
    const picks = view === 'present' && allowed.includes(place) && allowed.includes((place + 2) % 4);
    const title = picks ? (
      <ColumnPicker shown={place} right={i === 1} losses={losses} foretold={foretold} />
    ) : undefined;
    if (foretold && place === DIRECTIONS_PLACE) return <DirectionsFigure key="directions" title={title} />;
    if (foretold && place === LOSSES_PLACE) return <ForetoldErrorFigure key="foretoldError" title={title} />;
    return place === LOSSES_PLACE && losses ? (
      <LossesFigure key="losses" title={title} />
    ) : (
      <ChartFigure key={CHARTS[place].name} chart={CHARTS[place]} title={title} />
    );
  });
  if (allowed.length === 0) return null;
  if (!tabbed) {
    return (
      <section className="charts" aria-label="Charts">
        {figures}
      </section>
    );
  }
  return (
    <div className="tabbed">
      <Tabs
        aria-label="Charts"
        panel={id}
        tabs={TAB_ORDER.filter((place) => allowed.includes(place)).map((place) => [
          place,
          shortName(place, losses, foretold),
        ])}
        shown={places[0]}
        onShow={(place) => dispatch({ type: 'tab', chart: place })}
      />
      <div className="charts" role="tabpanel" id={id} aria-labelledby={`${id}-${places[0]}`}>
        {figures}
      </div>
    </div>
  );
}

const TAB_ORDER: readonly number[] = [0, 2, 1, 3];

interface PickerProps {
  readonly shown: number;
  readonly right: boolean;
  readonly losses: boolean;
  readonly foretold: boolean;
}

/** On a projector: tabs for the two charts of a column. */
function ColumnPicker({ shown, right, losses, foretold }: PickerProps) {
  const dispatch = useDispatch();
  const scene = useLab((s) => sceneOf(s, 'rank'));
  // In the tour a chart of the left column may be on the right.
  const places = right ? (shown % 2 === 0 ? [shown, 1, 3] : [1, 3]) : [0, 2];
  const pick = (place: number) => (event: MouseEvent<HTMLElement>) => {
    dispatch({ type: 'present', chart: place, right });
    // After a press by pointer the keys control the projector again.
    if (event.detail > 0) event.currentTarget.blur();
  };
  return (
    <fieldset className="row wrap picker" aria-label={right ? 'Right chart' : 'Left chart'}>
      {places.map((place) => (
        <button key={place} type="button" aria-pressed={place === shown} onClick={pick(place)}>
          {(foretold && FORETOLD_TITLES[place]?.title) ||
            (place === LOSSES_PLACE && losses ? 'Loss' : titleOf(CHARTS[place], scene))}
        </button>
      ))}
    </fieldset>
  );
}

/** Until a chart is loaded. */
function placeFor(chart: string) {
  return <figure data-chart={chart} />;
}

/** Index of the chart that the losses of a target with samples replace. */
const LOSSES_PLACE = 1;

/** A page without samples does not load the chart. */
const LossesFigure = onDemand(async () => {
  const { losses } = await import('../../charts/losses/losses.ts');
  return { default: ({ title }: { readonly title: ReactNode }) => <ChartFigure chart={losses} title={title} /> };
}, placeFor('losses'));

/** The chart that the directions of ΔW* replace if the run is predicted; its error takes the place of LOSSES_PLACE. */
const DIRECTIONS_PLACE = 0;

/** The titles of both charts, which are not loaded yet. */
const FORETOLD_TITLES: Readonly<Partial<Record<number, { readonly title: string; readonly short: string }>>> = {
  [DIRECTIONS_PLACE]: { title: 'Directions over training', short: 'Directions' },
  [LOSSES_PLACE]: { title: 'Error and prediction', short: 'Prediction' },
};

const DirectionsFigure = onDemand(
  async () => ({ default: (await import('./foretold.tsx')).DirectionsFigure }),
  placeFor('directions'),
);
const ForetoldErrorFigure = onDemand(
  async () => ({ default: (await import('./foretold.tsx')).ForetoldErrorFigure }),
  placeFor('foretoldError'),
);

function showsForetold({ view, experiment }: State): boolean {
  return view.predict && targets.byName(experiment.target).kind === 'matrix';
}

function showsLosses(state: State): boolean {
  return hasSamples(state) && !state.gradients;
}

function shortName(place: number, losses: boolean, foretold: boolean): string {
  const own = foretold ? FORETOLD_TITLES[place] : undefined;
  if (own) return own.short;
  return place === LOSSES_PLACE && losses ? 'Loss' : CHARTS[place].short;
}
