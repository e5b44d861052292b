import { isNetwork } from '../experiment/settings/bounds.ts';
import { adapterOf } from '../experiment/settings/counts.ts';
import { Button } from '../kit/button.tsx';
import { useWidth } from '../kit/media.tsx';
import { isComparing } from '../state/places.ts';
import { FigureSlot, useLessonContainer } from './figures/lesson-container.tsx';
import { Notices } from './notices/notices.tsx';
import { onDemand, useLab } from './page.tsx';
import { EmbeddedControls } from './rail/rail.tsx';
import { Transport } from './run/transport.tsx';
import { Strip } from './strip/strip.tsx';
import { Intro } from './tour/intro.tsx';
import { parameterLine } from './words/parameters.ts';

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

/** Few links open in front of a class. */
const PresentBar = onDemand(() => import('./run/present-bar.tsx'));

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
  return <p className="muted space-above params">{line}</p>;
}
