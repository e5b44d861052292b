import { count, counted, number } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { type Hover, type OtherRun, type Scene, shownStep } from '../scene.ts';
import { pinnedWords, runState } from '../words.ts';
import { gradientsPicture } from './picture.ts';

export const gradients: Chart = {
  name: 'gradients',
  title: 'Gradient norms',
  short: 'Gradients',
  help: ({ samples }) =>
    samples && samples.batch < samples.count
      ? `Frobenius norm over the ${counted(samples.batch, 'sample')} of each step (log scale)`
      : 'Frobenius norm before each update (log scale)',
  axis: 'step',
  draw: (svg, scene, size) => render(svg, size, gradientsPicture(scene, size)),
  locate: locateStep,
  readout,
  ofPin: ends,
  describe,
  table,
};

function readout({ curves }: Scene, hover: Hover): string {
  if (hover.axis !== 'step' || hover.step >= curves.length) return '';
  const { step } = hover;
  return `step ${count(step)}: A ${number(curves.gradNormA[step])}, B ${number(curves.gradNormB[step])}`;
}

/** Why a gradient was exactly 0 at the start; empty where none was. */
function start({ curves, zeroAtStart }: Scene): string {
  const a = curves.gradNormA[0] === 0;
  const b = curves.gradNormB[0] === 0;
  if (a && b) return ` Both were exactly 0 at step 0${zeroAtStart === 'both' ? ', so nothing can move' : ''}.`;
  if (!a && !b) return '';
  const because = zeroAtStart === 'A' || zeroAtStart === 'B' ? `, because ${zeroAtStart} = 0` : '';
  return ` The gradient of ${a ? 'A' : 'B'} was exactly 0 at step 0${because}.`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  if (scene.curves.length === 0) return runState(scene);
  const { curves } = scene;
  const at = shownStep(scene);
  const values = `norm of the gradient of A ${number(curves.gradNormA[at])}, of B ${number(curves.gradNormB[at])}`;
  return `${runState(scene)} At step ${count(at)}: ${values}.${start(scene)}${pinnedWords(scene, ends)}`;
}

/** Both norms of a pinned run at its end. */
function ends({ curves: { gradNormA, gradNormB, length } }: OtherRun): string | null {
  return length > 0 ? `A ${number(gradNormA[length - 1])}, B ${number(gradNormB[length - 1])}` : null;
}

function table({ curves, others }: Scene): Table {
  const runs = [{ name: '', curves }, ...others];
  const steps = Math.max(...runs.map((run) => run.curves.length));
  const at = (list: ArrayLike<number>, length: number, i: number) => (i < length ? list[i] : null);
  return {
    columns: ['step', ...runs.flatMap(({ name }) => ['‖∂L/∂A‖', '‖∂L/∂B‖'].map((norm) => `${norm} ${name}`.trim()))],
    rows: Array.from({ length: steps }, (_, i) => [
      i,
      ...runs.flatMap((run) =>
        [run.curves.gradNormA, run.curves.gradNormB].map((list) => at(list, run.curves.length, i)),
      ),
    ]),
  };
}
