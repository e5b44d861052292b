import type { Chart, Table } from './chart.ts';
import { locateStep } from './columns.ts';
import { count, number } from './format.ts';
import { explainLosses } from './loss-explain.ts';
import { lossesAt, lossesShown, plainFloor } from './loss-values.ts';
import { lossesPicture } from './losses-picture.ts';
import { render } from './render.ts';
import { runState } from './run-state.ts';
import type { Hover, Scene } from './scene.ts';

/** Training and held-out loss of a target with samples, each with its floor. */
export const losses: Chart = {
  name: 'losses',
  title: 'Loss on samples',
  short: 'Loss',
  help,
  axis: 'step',
  needs: [],
  draw: (svg, scene, size) => render(svg, size, lossesPicture(scene, size)),
  locate: locateStep,
  readout,
  describe,
  table,
  explain: explainLosses,
};

function help({ samples }: Scene): string {
  if (!samples) return '‖W·X − Y‖²/(2n), log scale';
  const { count: n, batch } = samples;
  const thin = batch < n ? `; thin line: the ${count(batch)} of each step` : ', all in every step';
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
  const { samples, rank } = scene;
  if (!samples) return `${runState(scene)} This target has no samples.`;
  const { training, heldOut } = samples.floors;
  const now = lossesShown(scene);
  const largest = now ? Math.max(now.training, now.heldOut) : 1;
  const floor = (value: number | null) =>
    value === null ? '' : `, floor at rank ${count(rank)} ${number(plainFloor(value, largest))}`;
  if (!now) return runState(scene);
  return `${runState(scene)} At step ${count(now.step)}: training loss ${number(now.training)}${floor(training)}; held-out loss ${number(now.heldOut)}${floor(heldOut)}.`;
}

function table({ curves, samples, ghost, rank }: Scene): Table {
  const at = new Map(samples?.losses.steps.map((step, i) => [step, i]));
  const old = ghost?.losses ?? null;
  const before = new Map(old?.steps.map((step, i) => [step, i]));
  const value = (list: ArrayLike<number> | undefined, i: number | undefined) =>
    list && i !== undefined ? list[i] : null;
  const last = Math.max(curves.length - 1, old?.steps.at(-1) ?? 0);
  const floors = [samples?.floors.training ?? null, samples?.floors.heldOut ?? null];
  return {
    columns: [
      ...['step', 'loss of the batch', 'training loss', 'held-out loss'],
      ...['training', 'held-out'].map((name) => `${name} floor at rank ${count(rank)}`),
      ...(old ? ['training loss before', 'held-out loss before'] : []),
    ],
    rows: Array.from({ length: last + 1 }, (_, step) => [
      step,
      step < curves.length ? curves.loss[step] : null,
      value(samples?.losses.training, at.get(step)),
      value(samples?.losses.heldOut, at.get(step)),
      ...floors,
      ...(old ? [value(old.training, before.get(step)), value(old.heldOut, before.get(step))] : []),
    ]),
  };
}
