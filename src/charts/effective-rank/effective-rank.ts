import { ticks } from 'd3-array';
import { count, number, trim } from '../../experiment/numbers.ts';
import { heightScale, type Scale, type Tick, verticalAxis, vline } from '../../kit/chart/axes.ts';
import type { Size, Table } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { dot, type Mark, segment, withAttributes } from '../../kit/chart/marks.ts';
import { dotRadius, isLarge, type Plot } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import {
  heightsOf,
  lastIndexUpTo,
  lastStep,
  liveRunClass,
  measuredStep,
  nameTexts,
  newestStep,
  type OtherRun,
  otherNameClass,
  otherRunClass,
  type RunChart,
  runData,
  type SampledSpectra,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../chart.ts';
import { stepColumn, stepReading } from '../drawing/columns.ts';
import { seedLabels, seedMarks, seedSentence } from '../drawing/seeds.ts';
import { sentence } from '../drawing/sentence.ts';
import { connect, type Measurement, measurementMarks } from '../drawing/trace.ts';
import { knowledgeSentence, pinnedWords, runState } from '../drawing/words.ts';
import type { StepCurve } from '../sweep/bands.ts';
import { DEFINITIONS, effectiveRankOf, effectiveRanks, targetRank } from './definitions.ts';

interface RankPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** The value at the upper edge; larger ones are drawn there. */
  readonly top: number;
}

export function effectiveRankPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  if (scene.empty !== null) return [...axis, ...sentence(scene.empty, plot, size.font)];
  const { definition, rank, target, others, sampled } = scene;
  const wanted = targetRank(target, definition);
  const top = heightOf(heightsOf(scene));
  const y = heightScale(plot, top);
  const ground: RankPlot = { plot, x, y, top };
  const shown = shownStep(scene);
  const list = measurements(sampled, scene, ground);
  const [until, after] = [list.filter(({ step }) => step <= shown), list.filter(({ step }) => step > shown)];
  const last = until.at(-1);
  const later = last && after.length > 0 ? [last, ...after] : [];
  const onAxis = ({ step }: Measurement) => step <= lastStep(scene);
  return [
    ...verticalAxis(ticksOf(top, plot, size), y, plot, size),
    ...axis,
    ...(wanted === null ? [] : [segment('wanted', 'ref dwt dashed', [plot.left, y(wanted)], [plot.right, y(wanted)])]),
    ...(rank <= top ? [segment('cap', 'hair ink', [plot.left, y(rank)], [plot.right, y(rank)])] : []),
    ...seedMarks('seeds', 'dw', seedRanks(scene), lastStep(scene), x, y),
    ...others.flatMap((other, i) => {
      const measured = measurements(other.sampled, scene, ground).filter(onAxis);
      const line = connect(measured, size.font);
      const className = otherRunClass('dw', other, scene);
      const last = measured.at(-1);
      const ring = other.pin && last && last.step < lastStep(scene) ? [last.at] : [];
      return withAttributes(
        [
          ...measurementMarks(`other ${i}`, 'pin', className, line, size),
          ...ring.map((at) => dot(`other end ${i}`, `open ${className}`, at, dotRadius(size))),
        ],
        runData(other),
      );
    }),
    ...(later.length > 0 ? measurementMarks('after', 'pin', 'dw pale', connect(later, size.font), size) : []),
    ...measurementMarks('run', 'main', liveRunClass('dw', scene), connect(until, size.font), size),
    vline('cursor', 'hair ink-3', x(shown), plot),
    ...hover,
    ...(last ? [dot('head', 'dw', last.at, dotRadius(size) * 1.3)] : []),
    ...marginLabels(labels(scene, size, ground, wanted), plot, size),
  ];
}

/** The effective ranks of the other seeds at their measured spectra. */
function seedRanks({ seeds, definition }: Scene): readonly StepCurve[] {
  return (seeds?.sampled ?? []).map(({ steps, spectra }) => ({
    steps,
    values: spectra.map((sigma) => effectiveRankOf(sigma, definition)),
    diverged: false,
  }));
}

/** The value at the head of the line, which is the live read-out, and the names of the references. */
function labels(scene: Scene, size: Size, { x, y, top }: RankPlot, wanted: number | null): MarginLabel[] {
  const { definition, rank, spectrum, others } = scene;
  const list: MarginLabel[] = [];
  if (spectrum) {
    const here = effectiveRankOf(spectrum, definition);
    const name = others.some(({ pin }) => pin) ? 'this run' : updateName(scene);
    const text = `${name} ${here > top ? '▲ ' : ''}${number(here)}`;
    const step = measuredStep(scene) ?? shownStep(scene);
    // If the cursor is far from the last measurement, the label includes its step.
    const old = x(shownStep(scene)) - x(step) > size.font;
    list.push({
      key: 'head label',
      className: 'dw strong',
      at: y(here),
      texts: old ? [[text, `at step ${count(step)}`]] : [text],
    });
  }
  if (wanted !== null)
    list.push({ key: 'wanted label', className: 'dwt strong', at: y(wanted), texts: [`ΔW* ${number(wanted)}`] });
  const cap = `r = ${count(rank)}${rank > top ? ' ▲' : ''}`;
  list.push({ key: 'cap label', className: 'ink', at: y(rank), texts: [`cap ${cap}`, cap] });
  list.push(...seedLabels('rank', 'ink-2', seedRanks(scene), y));
  for (const [i, other] of others.entries()) {
    const end = other.sampled.spectra.at(-1);
    if (!end) continue;
    const value = effectiveRankOf(end, definition);
    const { texts, kept } = nameTexts(other, number(value));
    list.push({
      key: `other label ${i}`,
      className: otherNameClass(other, scene),
      at: y(value),
      // ΔW of an initialisation that moves a part out of W₀ may lie above the line of the cap.
      texts: exceedsCap(other) ? [`${other.name}: ${number(value)}, up to 2r`, ...texts] : texts,
      kept,
      optional: true,
      more: runData(other),
    });
  }
  return list;
}

/** Whether the ΔW of a pin has more directions than its adapter. */
export function exceedsCap({ pin, rank }: OtherRun): boolean {
  return pin !== undefined && pin.directions > rank;
}

/** The axis extends a little above the cap. */
const HEADROOM = 1.06 * 1.06;

/** High enough for ΔW* and, if it is of the same order, for the cap; constant during a run. */
function topOf({ rank, ...sides }: Scene, wanted: number | null): number {
  const reference = wanted ?? 0;
  const cap = wanted === null ? rank : Math.min(rank, Math.max(2 * reference, Math.min(8, valuesOf(sides))));
  return Math.max(1.25, Math.max(1.06 * 1.07 * reference, HEADROOM * cap));
}

/** A run that has exceeded it (learned noise) gets the whole height up to its cap. */
function heightOf(scene: Scene): number {
  const low = topOf(scene, targetRank(scene.target, scene.definition));
  return largestOf(scene.sampled, scene) > low ? Math.max(low, HEADROOM * scene.rank) : low;
}

function largestOf({ spectra }: SampledSpectra, { definition }: Scene): number {
  return spectra.reduce((largest, values) => Math.max(largest, effectiveRankOf(values, definition)), 0);
}

function ticksOf(top: number, plot: Plot, size: Size): Tick[] {
  const max = Math.max(1, Math.floor((plot.bottom - plot.top) / (size.font * (isLarge(size) ? 3.3 : 2.4))));
  return ticks(0, top, max).map((value) => ({ value, text: trim(value) }));
}

/** One per kept frame, or every n-th if there are more than two per column. */
function measurements(
  { steps, spectra }: SampledSpectra,
  { definition }: Scene,
  { x, y, plot }: RankPlot,
): Measurement[] {
  const stride = Math.max(1, Math.floor(spectra.length / (2 * (plot.right - plot.left))));
  const list: Measurement[] = [];
  for (let i = 0; i < spectra.length; i++) {
    if (i % stride === 0 || i === spectra.length - 1)
      list.push({ step: steps[i], at: [x(steps[i]), y(effectiveRankOf(spectra[i], definition))] });
  }
  return list;
}

export const effectiveRank: RunChart = {
  name: 'effectiveRank',
  title: 'Effective rank of ΔW',
  short: 'Eff. rank',
  help: ({ definition }) => `${DEFINITIONS[definition].formula}: how many directions carry weight`,
  ...stepReading,
  draw: (svg, scene, size) => render(svg, size, effectiveRankPicture(scene, size)),
  readout,
  ofPin: pinEnd,
  describe,
  table,
};

function readout({ sampled, definition }: Scene, at: number): string {
  const i = lastIndexUpTo(sampled.steps, at);
  return i < 0 ? '' : `step ${count(sampled.steps[i])}: ${number(effectiveRankOf(sampled.spectra[i], definition))}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { definition, rank, spectrum, target } = scene;
  const all = targetRank(target, definition);
  const wanted = all === null ? knowledgeSentence(target) : ` ΔW* has ${number(all)}.`;
  const here = spectrum
    ? ` Effective rank of ${updateName(scene)} ${number(effectiveRankOf(spectrum, definition))} of at most ${count(rank)}.`
    : '';
  return `${runState(scene)}${here}${measuredWords(scene)}${wanted}${seedSentence(seedRanks(scene), 'effective rank')}${pinnedWords(scene, (pin) => pinEnd(pin, scene))} Defined as ${DEFINITIONS[definition].formula}.`;
}

/** The number of steps with a value, if not all. */
function measuredWords(scene: Scene): string {
  const { steps } = scene.sampled;
  const all = newestStep(scene) + 1;
  if (steps.length === 0 || steps.length >= all) return '';
  return ` Measured at ${count(steps.length)} of ${count(all)} steps; step ${count(measuredStep(scene) ?? 0)} is shown.`;
}

function pinEnd(pin: OtherRun, { definition }: Scene): string | null {
  const values = pin.sampled.spectra.at(-1);
  if (!values) return null;
  return `${number(effectiveRankOf(values, definition))}${exceedsCap(pin) ? ', up to 2r' : ''}`;
}

function table(scene: Scene): Table {
  const { definition, sampled, others, rank, target } = scene;
  const wanted = targetRank(target, definition);
  const lists = [sampled, ...others.map((other) => other.sampled)].map(
    (list) => new Map(effectiveRanks(list, definition).map((value, i) => [list.steps[i], value])),
  );
  const steps = [...new Set(lists.flatMap((list) => [...list.keys()]))].sort((a, b) => a - b);
  const [now, ...old] = lists;
  return {
    columns: [
      'step',
      `effective rank of ${updateName(scene)}`,
      'cap r',
      'effective rank of ΔW*',
      ...others.map(({ name }) => name),
    ],
    rows: steps.map((step) => [
      step,
      now.get(step) ?? null,
      rank,
      wanted,
      ...old.map((list) => list.get(step) ?? null),
    ]),
  };
}
