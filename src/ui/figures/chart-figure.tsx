import { type ComponentType, memo, type PointerEvent, type ReactNode, type SyntheticEvent } from 'react';
import { hoverAt, type RunChart, type Scene, titleOf } from '../../charts/chart.ts';
import type { EffectiveRankKind } from '../../experiment/settings/metric.ts';
import { targets } from '../../experiment/targets/index.ts';
import { useThrottled } from '../../kit/announced.tsx';
import { optionsOf, Select } from '../../kit/button.tsx';
import type { ReadableChart } from '../../kit/chart/chart.ts';
import { Figure, ReadPlot } from '../../kit/figure.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { State } from '../../state/state.ts';
import { sceneOf } from '../lab-scene.ts';
import { Press, useDispatch, useLab } from '../page.tsx';
import { readOutText, runAtPointer } from './run-at-pointer.ts';

const CHOICES: Readonly<Record<string, ComponentType>> = {
  effectiveRank: Definition,
  gradients: GradientChoices,
  losses: LossesSwitch,
};

export function ChartFigure({ chart, title }: { readonly chart: RunChart; readonly title?: ReactNode }) {
  const scene = useLab((state) => sceneOf(state, chart.axis, chart.whole));
  const Choice = CHOICES[chart.name];
  return (
    <Figure
      name={chart.name}
      title={title ?? titleOf(chart, scene)}
      label={title ? titleOf(chart, scene) : undefined}
      row={
        <>
          {Choice && <Choice />}
          <Explain chart={chart} />
          <SaveMenu name={chart.name} title={chart.title} slide />
          <ReadOut chart={chart} scene={scene} />
        </>
      }
      help={chart.help(scene)}
    >
      <ChartPicture chart={chart} scene={scene} />
    </Figure>
  );
}

export function Explain({ chart }: { readonly chart: Pick<ReadableChart<never>, 'name' | 'title'> }) {
  return (
    <Press
      className="link why"
      aria-label={`What am I looking at? ${chart.title}`}
      title="What am I looking at?"
      event={{ type: 'panel', panel: { name: 'explain', chart: chart.name } }}
    >
      ?
    </Press>
  );
}

function ReadOut({ chart, scene }: { readonly chart: RunChart; readonly scene: Scene }) {
  const text = readOutText(chart, scene);
  const said = useThrottled(text);
  return (
    <>
      <span className="readout cut grow" aria-hidden="true">
        {text}
      </span>
      <span className="unseen" aria-live="polite">
        {said}
      </span>
    </>
  );
}

const NAMES: Readonly<Record<EffectiveRankKind, string>> = {
  entropy: 'entropy of σ',
  'entropy-squared': 'entropy of σ²',
  participation: 'participation ratio',
  stable: 'stable rank',
};

function Definition() {
  const definition = useLab((s) => s.definition);
  const dispatch = useDispatch();
  return (
    <Select
      className="pick quiet"
      aria-label="Definition of effective rank"
      options={optionsOf(NAMES)}
      value={definition}
      onChange={(to) => dispatch({ type: 'define', definition: to })}
    />
  );
}

export function hasSamples({ run, experiment }: State): boolean {
  return run.ready ? run.ready.samples !== null : targets.byName(experiment.target).kind === 'samples';
}

/** With pins: whose gradients, and of which factor. */
function GradientChoices() {
  const hasPins = useLab((s) => s.compare.pins.length > 0);
  const of = useLab((s) => s.compare.gradients);
  const dispatch = useDispatch();
  return (
    <>
      {hasPins && (
        <Select
          className="pick quiet"
          aria-label="Whose gradients"
          options={[
            ['A', 'of A, all runs'],
            ['B', 'of B, all runs'],
            ['both', 'both, this run'],
          ]}
          value={of}
          onChange={(to) => dispatch({ type: 'compare', does: 'gradients', of: to })}
        />
      )}
      <LossesSwitch />
    </>
  );
}

function LossesSwitch() {
  const offered = useLab(hasSamples);
  const gradients = useLab((s) => s.gradients);
  if (!offered) return null;
  return (
    <Press
      className="link why"
      aria-label={gradients ? 'Show the losses instead' : 'Show the gradient norms instead'}
      event={{ type: 'gradients', shown: !gradients }}
    >
      {gradients ? 'losses' : 'gradients'}
    </Press>
  );
}

interface SaveMenuProps {
  readonly name: string;
  readonly title: string;
  readonly slide?: boolean;
}

export function SaveMenu({ name, title, slide = false }: SaveMenuProps) {
  const item = (label: string, event: PageEvent) => (
    <Press className="link" event={event}>
      {label}
    </Press>
  );
  return (
    <Menu label="Save" name={`Save: ${title}`}>
      {item('Picture (SVG)', { type: 'command', command: { save: 'svg', chart: name } })}
      {item('Picture (PNG)', { type: 'command', command: { save: 'png', chart: name } })}
      {slide && item('Slide, 16:9 (PNG)', { type: 'command', command: { save: 'png', chart: name, shape: 'slide' } })}
      {item('Copy picture', { type: 'command', command: { save: 'copy', chart: name } })}
      {item('Numbers (CSV)', { type: 'command', command: { save: 'table', chart: name } })}
      {item('Show as a table', { type: 'panel', panel: { name: 'table', chart: name } })}
    </Menu>
  );
}

interface ChartPictureProps {
  readonly chart: RunChart;
  readonly scene: Scene;
}

/** A chart whose cursor follows pointer and arrow keys, together with that of its column. */
export const ChartPicture = memo(function ChartPicture({ chart, scene }: ChartPictureProps) {
  const compares = scene.others.some(({ pin }) => pin);
  const dispatch = useDispatch();
  const read = (at: number | null, event: SyntheticEvent<HTMLElement>) => {
    dispatch({ type: 'hover', hover: hoverAt(chart.axis, at) });
    if (!compares || event.type === 'keydown') return;
    const points = event.type === 'pointermove' || event.type === 'pointerdown';
    dispatch({ type: 'compare', does: 'point', at: points ? runAtPointer(event as PointerEvent<HTMLElement>) : null });
  };
  return <ReadPlot chart={chart} scene={scene} onRead={read} />;
});
