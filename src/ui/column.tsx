import { count, number } from '../experiment/numbers.ts';
import { isNetwork } from '../experiment/settings/bounds.ts';
import { adapterOf } from '../experiment/settings/counts.ts';
import { Button } from '../kit/button.tsx';
import { useWidth } from '../kit/media.tsx';
import { goTo, isComparing } from '../state/places.ts';
import { shownStep } from '../state/select.ts';
import { RankSlider } from './controls/numeric.tsx';
import { useIsVisible } from './controls/visible-controls.ts';
import { FigureSlot, useLessonContainer } from './figures/lesson-container.tsx';
import { Notices } from './notices/notices.tsx';
import { onDemand, Press, useLab, useLabObject } from './page.tsx';
import { LazyLockedSettings } from './rail/lazy-locked-settings.tsx';
import { EmbeddedControls } from './rail/rail.tsx';
import { steadyState, useLongPreparation } from './run/long-preparation.ts';
import { MainButton, Pace, RewindButton, Transport } from './run/transport.tsx';
import { Strip } from './strip/strip.tsx';
import { Intro } from './tour/intro.tsx';
import { parameterLine } from './words/parameters.ts';
import { statusWords } from './words/status.ts';

/** Loaded while the first matrices are made: before that there is nothing to draw. */
const LayerCharts = onDemand(
  async () => ({ default: (await import('./figures/chart-grid.tsx')).ChartGrid }),
  <section className="charts" />,
);
const NetworkCharts = onDemand(() => import('./network/task-charts.tsx'), <section className="charts" />);

export function Charts() {
  const network = useLab((s) => isNetwork(s.experiment));
  return network ? <NetworkCharts /> : <LayerCharts />;
}

const Runs = onDemand(() => import('./compare/runs.tsx'), <section className="hero" style={{ minHeight: '28em' }} />);
export const History = onDemand(() => import('./compare/list.tsx'), <aside className="rail list" />);

export interface ColumnProps {
  readonly docked: boolean;
  readonly sideBySide?: boolean;
}

export function Column({ docked, sideBySide = false }: ColumnProps) {
  const view = useLab((s) => s.view.view);
  const phone = useWidth() === 'phone' && view !== 'present';
  const run = view === 'present' ? <PresentBar /> : <Transport docked={docked} />;
  const list = useLab((s) => s.view.view === 'runs');
  const compares = useLab((s) => isComparing(s) && s.view.lesson === '');
  // A frame has no dock: cause and effect are close together.
  const above = !phone || view === 'embed';
  const { place } = useLessonContainer();
  if (place === 'lab')
    return (
      <>
        <Notices />
        <FigureSlot />
      </>
    );
  return (
    <>
      {docked && list && <History />}
      <Notices />
      {compares ? <Runs /> : <Pictures />}
      {!phone && place === null && <Parameters />}
      {view === 'embed' && <EmbeddedControls />}
      {above && run}
      {place === 'charts' ? <FigureSlot /> : !sideBySide && <Charts />}
      {!above && run}
      {phone && <Parameters />}
    </>
  );
}

/** Loaded with the first network. */
const NetworkLab = onDemand(() => import('./network/network-lab.tsx'), <section className="hero" />);

function Pictures() {
  const network = useLab((s) => isNetwork(s.experiment));
  if (network) return <NetworkLab />;
  return (
    <>
      <Intro />
      <Strip />
    </>
  );
}

/** By script: a link to #main would be read as an experiment. */
export function SkipButton({ children }: { readonly children: string }) {
  return (
    <Button className="skip" onClick={() => document.getElementById('main')?.focus()}>
      {children}
    </Button>
  );
}

/** Trained parameters against dk, if there is no rail to show it. */
function Parameters() {
  const line = useLab((s) => (isNetwork(s.experiment) ? null : parameterLine(adapterOf(s.experiment))));
  if (line === null) return null;
  return <p className="params">{line}</p>;
}

function PresentBar() {
  const rank = useIsVisible('rank');
  return (
    <section className="pbar" aria-label="Run">
      <MainButton />
      <RewindButton />
      <Pace />
      <Freeze />
      <Standing />
      <div className="rk">{rank ? <RankSlider /> : <LazyLockedSettings only="rank" />}</div>
      <Exit />
    </section>
  );
}

function Standing() {
  const long = useLongPreparation();
  const { first, rest, bad } = useLabObject((s) => statusWords(steadyState(s, long)));
  const status = useLab((s) => s.run.status);
  const step = useLab(shownStep);
  const budget = useLab((s) => s.experiment.steps);
  const error = useLab((s) => s.run.trace.series.relativeError?.[shownStep(s)]);
  // With samples the error of the matrix is not the trained loss, which is in the chart.
  const name = useLab((s) => (s.run.ready?.samples ? 'matrix error' : 'error'));
  const plain = status === 'training' || status === 'paused' || status === 'idle' || (status === 'preparing' && !long);
  return (
    <div className="st">
      {plain ? (
        <>
          <b>Step {count(step)}</b> of {count(budget)}
        </>
      ) : (
        <>
          <b className={bad ? 'bad-word' : undefined}>{first}</b>
          {status === 'preparing' ? rest : ` at step ${count(step)}`}
        </>
      )}
      {error !== undefined && (
        <span>
          {name} {number(error)}
        </span>
      )}
    </div>
  );
}

/** Keeps the axes of the charts, so that another run can be compared by eye. */
function Freeze() {
  const frozen = useLab((s) => s.frozen !== null);
  return (
    <Press
      className="btn freeze"
      aria-label="Freeze axes"
      aria-pressed={frozen}
      aria-keyshortcuts="x"
      title="Keep the axes of the charts as they are (x)"
      event={{ type: 'freeze', on: !frozen }}
    >
      Freeze<span className="wide"> axes</span>
    </Press>
  );
}

function Exit() {
  return (
    <Press className="btn exit" aria-keyshortcuts="Escape" event={goTo(useLab((s) => s.presents))}>
      Exit <kbd>Esc</kbd>
    </Press>
  );
}
