import type { ComponentType } from 'react';
import type { Chart } from '../../charts/chart.ts';
import { type Scene, titleOf } from '../../charts/scene.ts';
import { useCalm } from '../calm.ts';
import { useDispatch, useShown } from '../page.tsx';
import { sceneOf } from '../scene-of.ts';
import { ChartPicture } from './chart-picture.tsx';
import { Definition } from './definition.tsx';
import { LossesSwitch } from './losses-switch.tsx';
import { Save } from './save.tsx';

/** Choices that belong in a chart's title, by the chart's name. */
const CHOICES: Readonly<Record<string, ComponentType>> = {
  effectiveRank: Definition,
  gradients: LossesSwitch,
  losses: LossesSwitch,
};

/** A chart with its title, its help line, and the values under the cursor at the end of the title's row. */
export function ChartFigure({ chart }: { readonly chart: Chart }) {
  const scene = useShown((state) => sceneOf(state, chart.axis));
  const Choice = CHOICES[chart.name];
  return (
    <figure data-chart={chart.name}>
      <figcaption>
        <div className="title">
          <h2>{titleOf(chart, scene)}</h2>
          {Choice && <Choice />}
          <Explain chart={chart} />
          <Save chart={chart} />
          <ReadOut chart={chart} scene={scene} />
        </div>
        <p className="help">{chart.help(scene)}</p>
      </figcaption>
      <ChartPicture chart={chart} scene={scene} />
    </figure>
  );
}

function Explain({ chart }: { readonly chart: Chart }) {
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="link why"
      aria-label={`What am I looking at: ${chart.title}`}
      title="What am I looking at?"
      onClick={() => dispatch({ type: 'panel', panel: { name: 'explain', chart: chart.name } })}
    >
      ?
    </button>
  );
}

function ReadOut({ chart, scene }: { readonly chart: Chart; readonly scene: Scene }) {
  const text = scene.hover && !scene.empty ? chart.readout(scene, scene.hover) : '';
  const said = useCalm(text);
  return (
    <>
      <span className="readout" aria-hidden="true">
        {text}
      </span>
      <span className="unseen" aria-live="polite">
        {said}
      </span>
    </>
  );
}
