import type { Chart, Table } from '../chart.ts';
import { locateStep, shownStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { errorOf, floorOf } from '../error/values.ts';
import { count, number } from '../format.ts';
import type { Hover, Scene } from '../scene.ts';
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
  const { curves, ghost } = scene;
  const floor = floorOf(scene);
  const old = ghost?.curves;
  return {
    columns: ['step', 'relative error', 'floor', ...(old ? ['relative error before'] : [])],
    rows: Array.from({ length: Math.max(curves.length, old?.length ?? 0) }, (_, i) => [
      i,
      i < curves.length ? curves.relativeError[i] : null,
      floor,
      ...(old ? [i < old.length ? old.relativeError[i] : null] : []),
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
