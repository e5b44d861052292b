import { count, number } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import type { Hover, OtherRun, Scene } from '../scene.ts';
import { pinnedWords, runState } from '../words.ts';
import { lossesAt, lossesShown, plainFloor } from './height.ts';
import { lossesPicture } from './picture.ts';

/** Training and held-out loss of a target with samples, each with its floor. */
export const losses: Chart = {
  name: 'losses',
  title: 'Loss on samples',
  short: 'Loss',
  help,
  axis: 'step',
  draw: (svg, scene, size) => render(svg, size, lossesPicture(scene, size)),
  locate: locateStep,
  readout,
  ofPin: ends,
  describe,
  table,
};

function help({ samples }: Scene): string {
  if (!samples) return '‖W·X − Y‖²/(2n), log scale';
  const { count: n, batch } = samples;
  const thin = batch < n ? `; thin line: the ${count(batch)} of each step` : ', all used in every step';
  return `log scale; ${count(n)} training samples${thin}`;
}

function readout({ samples, curves }: Scene, hover: Hover): string {
  if (hover.axis !== 'step' || !samples || hover.step >= curves.length) return '';
  const now = lossesAt(samples.losses, hover.step);
  if (!now) return `step ${count(hover.step)}: batch ${number(curves.loss[hover.step])}`;
  const batch = samples.batch < samples.count ? `, batch ${number(curves.loss[now.step])}` : '';
  return `step ${count(now.step)}: training ${number(now.training)}, held-out ${number(now.heldOut)}${batch}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { samples } = scene;
  if (!samples) return `${runState(scene)} This target has no samples.`;
  const { training, heldOut } = samples.floors;
  const now = lossesShown(scene);
  const largest = now ? Math.max(now.training, now.heldOut) : 1;
  const floor = (value: number | null) =>
    value === null ? '' : `, floor ${placeOf(scene)} ${number(plainFloor(value, largest))}`;
  if (!now) return runState(scene);
  return `${runState(scene)} At step ${count(now.step)}: training loss ${number(now.training)}${floor(training)}; held-out loss ${number(now.heldOut)}${floor(heldOut)}.${pinnedWords(scene, ends)}`;
}

/** Both losses of a pinned run at its end. */
function ends({ losses }: OtherRun): string | null {
  const last = (losses?.steps.length ?? 0) - 1;
  return losses && last >= 0
    ? `training ${number(losses.training[last])}, held-out ${number(losses.heldOut[last])}`
    : null;
}

function table(scene: Scene): Table {
  const { curves, samples, others } = scene;
  const runs = [samples?.losses ?? null, ...others.map(({ losses }) => losses)];
  const places = runs.map((losses) => new Map(losses?.steps.map((step, i) => [step, i])));
  const both = (run: number, step: number) => {
    const [losses, i] = [runs[run], places[run].get(step)];
    return losses && i !== undefined ? [losses.training[i], losses.heldOut[i]] : [null, null];
  };
  const last = Math.max(curves.length - 1, ...others.map(({ losses }) => losses?.steps.at(-1) ?? 0));
  const floors = [samples?.floors.training ?? null, samples?.floors.heldOut ?? null];
  return {
    columns: [
      ...['step', 'loss of the batch', 'training loss', 'held-out loss'],
      ...['training', 'held-out'].map((name) => `${name} floor ${placeOf(scene)}`),
      ...others.flatMap(({ name }) => [`training loss ${name}`, `held-out loss ${name}`]),
    ],
    rows: Array.from({ length: last + 1 }, (_, step) => [
      step,
      step < curves.length ? curves.loss[step] : null,
      ...both(0, step),
      ...floors,
      ...others.flatMap((__, i) => both(i + 1, step)),
    ]),
  };
}

/** What decides both floors: "at rank 8", or a factor that does not train. */
function placeOf({ rank, ownFloor }: Scene): string {
  if (ownFloor.by === 'frozen') return 'with a frozen factor';
  return `at rank ${count(rank)}${ownFloor.of ? ` with ${ownFloor.of}` : ''}`;
}
