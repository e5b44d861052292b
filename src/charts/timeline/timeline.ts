import { count, number } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { errorOf, floorOf } from '../error/values.ts';
import { type Curves, type Hover, type Scene, shownStep } from '../scene.ts';
import { runState } from '../words.ts';
import { timelinePicture } from './picture.ts';

/** The third plot on the step axis: the relative error, small, with the cursor that can be dragged. */
export const timeline: Chart = {
  name: 'timeline',
  title: 'Timeline',
  short: 'Timeline',
  help: () => 'relative error at each step; drag to look back',
  axis: 'step',
  needs: [],
  draw: (svg, scene, size) => render(svg, size, timelinePicture(scene, size)),
  locate: locateStep,
  readout,
  describe,
  table,
  explain,
};

function readout({ curves }: Scene, hover: Hover): string {
  if (hover.axis !== 'step' || hover.step >= curves.length) return '';
  return `step ${count(hover.step)}: relative error ${number(curves.relativeError[hover.step])}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const value = errorOf(scene);
  const shown = value === null ? '' : ` Relative error ${number(value)} at step ${count(shownStep(scene))}.`;
  return `${runState(scene)}${shown}`;
}

function table(scene: Scene): Table {
  const { curves, others } = scene;
  const floor = floorOf(scene);
  const at = ({ length, relativeError }: Curves, i: number) => (i < length ? relativeError[i] : null);
  return {
    columns: ['step', 'relative error', 'floor', ...others.map(({ name }) => `relative error ${name}`)],
    rows: Array.from({ length: Math.max(curves.length, ...others.map((other) => other.curves.length)) }, (_, i) => [
      i,
      at(curves, i),
      floor,
      ...others.map((other) => at(other.curves, i)),
    ]),
  };
}

function explain(scene: Scene) {
  const value = errorOf(scene);
  const floor = floorOf(scene);
  return {
    paragraphs: [
      'The error of the figure below it, step by step: 1 when nothing has been learned, 0 when ΔW is ΔW*.',
      'Drag the cursor to look back; every matrix and chart follows.',
    ],
    formula: '‖ΔW − ΔW*‖_F / ‖ΔW*‖_F',
    numbers: [value === null ? '' : number(value), floor === null ? '' : `floor ${number(floor)}`]
      .filter((part) => part !== '')
      .join('; '),
  };
}
