import { ticks } from 'd3-array';
import { cached } from '../../experiment/layer/cached.ts';
import { count, number, trim } from '../../experiment/numbers.ts';
import { heightScale, hline, type Scale, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Plot, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import { effectiveRank as rankOf } from '../../math/spectral/spectra.ts';
import {
  heightsOf,
  lastIndexUpTo,
  lastStep,
  liveRunClass,
  measuredStep,
  newestStep,
  type OtherRun,
  type RunChart,
  type SampledSpectra,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../chart.ts';
import { stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { nameTexts, otherName, otherRuns, seedLabel, seedMarks, seedSentence } from '../drawing/seeds.ts';
import { connect, type Measurement, measurementMarks } from '../drawing/trace.ts';
import { knowledgeSentence, pinnedWords, runState } from '../drawing/words.ts';
import type { StepCurve } from '../sweep/marks.ts';

type Definition = Scene['definition'];

interface DefinitionWords {
  /** Formula in one line, for below the title. */
  readonly formula: string;
  /** The same with the limits of its sums, for typesetting. */
  readonly typeset: readonly string[];
  readonly meaning: string;
  /** The formula with the numbers of a spectrum. */
  readonly numbers: (sigma: readonly number[]) => string;
}

const sum = (list: readonly number[]) => list.reduce((total, v) => total + v, 0);
const squares = (list: readonly number[]) => list.map((v) => v * v);
const result = (sigma: readonly number[], kind: Definition) => rankOf(Float64Array.from(sigma), kind);

function entropyNumbers(sigma: readonly number[], kind: Definition): string {
  const value = result(sigma, kind);
  return value > 0
    ? `exp(−Σ pᵢ ln pᵢ) = exp(${number(Math.log(value))}) = ${number(value)}`
    : 'ΔW = 0: 0 by convention';
}

/** The texts of each definition of the effective rank. */
export const DEFINITIONS: Readonly<Record<Definition, DefinitionWords>> = {
  entropy: {
    formula: 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ/Σσ',
    typeset: ['exp(−Σ[i] pᵢ ln pᵢ)', 'pᵢ = σᵢ / Σ[j] σⱼ'],
    meaning: 'the number of equally strong directions with the same entropy',
    numbers: (sigma) => entropyNumbers(sigma, 'entropy'),
  },
  'entropy-squared': {
    formula: 'exp(−Σ pᵢ ln pᵢ), pᵢ = σᵢ²/Σσ²',
    typeset: ['exp(−Σ[i] pᵢ ln pᵢ)', 'pᵢ = σᵢ² / Σ[j] σⱼ²'],
    meaning:
      'the number of equally strong directions with the same entropy of the energies σᵢ², so that weak directions count less',
    numbers: (sigma) => entropyNumbers(sigma, 'entropy-squared'),
  },
  participation: {
    formula: '(Σσ²)²/Σσ⁴',
    typeset: ['(Σ[i] σᵢ²)² / Σ[i] σᵢ⁴'],
    meaning: 'the participation ratio of the energies σᵢ²',
    numbers: (sigma) => {
      const square = sum(squares(sigma));
      const fourth = sum(squares(squares(sigma)));
      const value = result(sigma, 'participation');
      return value > 0
        ? `(Σσ²)²/Σσ⁴ = ${number(square)}²/${number(fourth)} = ${number(value)}`
        : 'ΔW = 0: 0 by convention';
    },
  },
  stable: {
    formula: '(Σσᵢ²)/σ₁²',
    typeset: ['Σ[i] σᵢ² / σ₁²'],
    meaning: 'the stable rank: the total energy divided by that of the strongest direction',
    numbers: (sigma) => {
      const value = result(sigma, 'stable');
      return value > 0
        ? `(Σσᵢ²)/σ₁² = ${number(sum(squares(sigma)))}/${number(sigma[0] * sigma[0])} = ${number(value)}`
        : 'ΔW = 0: 0 by convention';
    },
  },
};

const evaluated = (kind: Definition) => cached((sigma: ArrayLike<number>) => rankOf(Float64Array.from(sigma), kind));

/** Kept spectra do not change, so each is evaluated once, however often it is drawn. */
const BY_KIND: Readonly<Record<Definition, (sigma: ArrayLike<number>) => number>> = {
  entropy: evaluated('entropy'),
  'entropy-squared': evaluated('entropy-squared'),
  participation: evaluated('participation'),
  stable: evaluated('stable'),
};

export const effectiveRankOf = (sigma: ArrayLike<number>, kind: Definition): number => BY_KIND[kind](sigma);

function effectiveRanks({ spectra }: SampledSpectra, kind: Definition): number[] {
  return spectra.map((sigma) => effectiveRankOf(sigma, kind));
}

/** Null if too few of its singular values are known; the stable rank needs only σ₁. */
export function targetRank(target: Scene['target'], kind: Definition): number | null {
  if (!target) return null;
  if (target.how !== 'leading') return effectiveRankOf(target.values, kind);
  return kind === 'stable' && target.values[0] > 0 ? (target.norm / target.values[0]) ** 2 : null;
}

interface RankPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** The value at the upper edge; larger ones are drawn there. */
  readonly top: number;
}

export function effectiveRankPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  if (scene.empty !== null) return picture({ ...frame, marks: sentence(scene.empty, plot, size.font) });
  const { definition, rank, target, sampled } = scene;
  const wanted = targetRank(target, definition);
  const top = heightOf(heightsOf(scene));
  const [x, y] = [frame.x.scale, heightScale(plot, top)];
  const ground: RankPlot = { plot, x, y, top };
  const shown = shownStep(scene);
  const end = lastStep(scene);
  const list = measurements(sampled, scene, ground);
  const [until, after] = [list.filter(({ step }) => step <= shown), list.filter(({ step }) => step > shown)];
  const last = until.at(-1);
  const line = (key: string, weight: string, className: string, measured: readonly Measurement[]) =>
    measurementMarks(key, weight, className, connect(measured, size.font), size);
  return picture({
    ...frame,
    y: { scale: y, ticks: ticksOf(top, plot, size) },
    marks: [
      wanted !== null && hline('wanted', 'ref dwt dashed', y(wanted), plot),
      rank <= top && hline('cap', 'hair ink', y(rank), plot),
      seedMarks('seeds', 'dw', seedRanks(scene), end, x, y),
      otherRuns(scene, (other, i, className) => {
        const measured = measurements(other.sampled, scene, ground).filter(({ step }) => step <= end);
        const newest = measured.at(-1);
        const early = other.pin && newest && newest.step < end;
        return [
          line(`other ${i}`, 'pin', className, measured),
          early && dot(`other end ${i}`, `open ${className}`, newest.at, dotRadius(size)),
        ];
      }),
      last && after.length > 0 && line('after', 'pin', 'dw pale', [last, ...after]),
      line('run', 'main', liveRunClass('dw', scene), until),
      vline('cursor', 'hair ink-3', x(shown), plot),
      hover,
      last && dot('head', 'dw', last.at, dotRadius(size) * 1.3),
    ],
    names: names(scene, size, ground, wanted),
  });
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
function names(scene: Scene, size: Size, { x, y, top }: RankPlot, wanted: number | null): Nested<MarginLabel> {
  const { definition, rank, spectrum, others } = scene;
  const cap = `${scene.method ? 'rank' : 'r ='} ${count(rank)}${rank > top ? ' ▲' : ''}`;
  const head = (value: number): MarginLabel => {
    const name = others.some(({ pin }) => pin) ? 'this run' : updateName(scene);
    const text = `${name} ${value > top ? '▲ ' : ''}${number(value)}`;
    const step = measuredStep(scene) ?? shownStep(scene);
    // If the cursor is far from the last measurement, the label includes its step.
    const old = x(shownStep(scene)) - x(step) > size.font;
    const texts = old ? [[text, `at step ${count(step)}`]] : [text];
    return { key: 'head label', className: 'dw strong', at: y(value), texts };
  };
  return [
    spectrum && head(effectiveRankOf(spectrum, definition)),
    wanted !== null && {
      key: 'wanted label',
      className: 'dwt strong',
      at: y(wanted),
      texts: [`ΔW* ${number(wanted)}`],
    },
    { key: 'cap label', className: 'ink', at: y(rank), texts: [`limit: ${cap}`, cap] },
    seedLabel('rank', seedRanks(scene), y),
    others.map((other, i) => {
      const end = other.sampled.spectra.at(-1);
      if (!end) return null;
      const value = effectiveRankOf(end, definition);
      const { texts, kept } = nameTexts(other, number(value));
      // ΔW of an initialisation that moves a part out of W₀ may lie above the line of the cap.
      const long = exceedsCap(other) ? [`${other.name}: ${number(value)}, up to 2r`] : [];
      return { ...otherName(other, scene, i), at: y(value), texts: [...long, ...texts], kept };
    }),
  ];
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

function ticksOf(top: number, plot: Plot, size: Size) {
  const max = Math.max(1, Math.floor((plot.bottom - plot.top) / (size.font * (isLarge(size) ? 3.3 : 2.4))));
  return ticksAt(ticks(0, top, max), trim);
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
  draw: drawing(effectiveRankPicture),
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
  const runs = [{ name: `effective rank of ${updateName(scene)}`, sampled }, ...others];
  const steps = new Set(runs.flatMap((run) => run.sampled.steps));
  const columns = runs.map((run) => {
    const values = new Map(effectiveRanks(run.sampled, definition).map((value, i) => [run.sampled.steps[i], value]));
    return [run.name, (step: number) => values.get(step) ?? null] as const;
  });
  return tableOf(
    [...steps].sort((a, b) => a - b),
    [
      ['step', (step) => step],
      columns[0],
      ['limit r', () => rank],
      ['effective rank of ΔW*', () => wanted],
      ...columns.slice(1),
    ],
  );
}
