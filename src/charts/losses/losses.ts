import { count, number, trimmed } from '../../experiment/numbers.ts';
import type { Chart, Table } from '../chart.ts';
import { locateStep } from '../drawing/columns.ts';
import { render } from '../drawing/render.ts';
import { type Hover, hasMoved, type OtherRun, type Scene } from '../scene.ts';
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
  explain,
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

/** The losses in words, both floors as formulas, and the numbers of this run. */
function explain(scene: Scene) {
  const { samples, rank, d, ownFloor } = scene;
  const [weight, wanted, learned] = hasMoved(scene)
    ? ['W_frozen', '(ΔW* + s₀·B₀·A₀)', 'adapter']
    : ['W₀', 'ΔW*', 'update'];
  const formula = `L = ‖W·X − Y‖²_F/(2n); training floor: (‖Y′ − Y′·P‖²_F + Σ σᵢ²(Y′·P))/(2n), i > r; held-out floor: (Σ σᵢ²(${wanted}·sqrt(C)) + d·noise²)/2, i > r`;
  if (!samples) return { paragraphs: ['This target has no samples.'], formula, numbers: '' };
  const { count: n, heldOut, batch, noise } = samples;
  const now = lossesShown(scene);
  const noiseFloor = (d * noise * noise) / 2;
  const frozen =
    ownFloor.by === 'frozen' ? ' One factor is frozen here, so the floors are the lowest losses within its span.' : '';
  const moved = hasMoved(scene)
    ? ' The initialisation has moved part of W₀ into the adapter, leaving W_frozen = W₀ − s₀·B₀·A₀; the floors are those for what s·B·A has to become, ΔW* + s₀·B₀·A₀.'
    : '';
  return {
    paragraphs: [
      `The training loss is taken over all ${count(n)} training samples, the held-out loss over ${count(heldOut)} samples that no step ever sees. Only the held-out loss says what the layer has learned about new inputs. ${batch < n ? `Each step uses ${count(batch)} samples; their loss is the thin, pale line.` : 'Every step uses all training samples.'}`,
      `Training floor: no ${learned} of rank ${count(rank)} fits these ${count(n)} samples better (reduced-rank regression). Y′ = Y − ${weight}·X is what remains to be added, and P = X⁺·X projects onto what linear maps of X can give. The fit includes the noise in Y, so with few samples this floor lies far below the other one.`,
      `Held-out floor: the smallest loss that any ${learned} of rank ${count(rank)} can have on average over all possible inputs, whose covariance is C. Noise cannot be predicted, so d·noise²/2 remains at every rank. The floor is an expectation: the loss of ${count(heldOut)} samples may lie a little below or above it.`,
      `If the training loss falls below the held-out floor while the held-out loss stays above it or rises, the run is learning the noise. A smaller rank leaves less room for that: rank acts as regularisation.${frozen}${moved}`,
    ],
    formula,
    numbers: [
      `n = ${count(n)}, d = ${count(d)}, noise = ${trimmed(noise)}`,
      ...(now ? [`training ${number(now.training)}${floorWords(samples.floors.training, now.training)}`] : []),
      ...(now ? [`held-out ${number(now.heldOut)}${floorWords(samples.floors.heldOut, now.heldOut)}`] : []),
      `d·noise²/2 = ${number(noiseFloor)}`,
    ].join('; '),
  };
}

/** What decides both floors: "at rank 8", or a factor that does not train. */
function placeOf({ rank, ownFloor }: Scene): string {
  if (ownFloor.by === 'frozen') return 'with a frozen factor';
  return `at rank ${count(rank)}${ownFloor.of ? ` with ${ownFloor.of}` : ''}`;
}

function floorWords(floor: number | null, loss: number): string {
  return floor === null ? '' : ` (floor ${number(plainFloor(floor, loss))})`;
}
