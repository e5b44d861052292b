import { capital, count, listed, number, plural, superscript, trim } from '../../experiment/numbers.ts';
import type { Measure } from '../../experiment/run-file/run-record.ts';
import type { Table } from '../../kit/chart/chart.ts';
import {
  APART,
  cellAt,
  cellName,
  figureOf,
  isComplete,
  isNear,
  isShare,
  lengthOf,
  readValue,
  SHARES_APART,
  type Summary,
  type SweepCell,
  type SweepScene,
  summaryOf,
} from './cells.ts';
import { breakEvenRank, type EnoughRank, enoughRank, hasRanks } from './rank-ends.ts';

/** Plain from 0.001 up, since a power of ten takes more space in a cell than a zero. */
export function cellNumber(value: number, digits: 2 | 3): string {
  if (value === 0) return '0';
  if (value >= 0.001 && value < 10 ** Math.max(3, digits)) {
    const power = Math.floor(Math.log10(Number(value.toPrecision(digits))));
    return value.toFixed(Math.max(0, digits - 1 - power));
  }
  const [mantissa, exponent] = value.toExponential(1).split('e');
  return `${mantissa}·10${superscript(Number(exponent))}`;
}

/** The value of a figure, in the digits of a cell. */
export function measureText(figure: number, measure: Measure, digits: 2 | 3 = 3): string {
  if (measure === 'steps') return String(Math.round(figure));
  return isShare(measure) ? readValue(figure, measure).toFixed(digits) : cellNumber(figure, digits);
}

export const cellPower = (figure: number, measure: Measure) =>
  isShare(measure) ? '' : cellNumber(figure, 2).split('·').slice(1).join('');

/** A cell for a screen reader: "α/√r, rank 16, rate 0.2: error 0.123, 1.59 times the floor, 3 seeds". */
export function cellWords(scene: SweepScene, cell: SweepCell): string {
  return `${cellName(scene, cell.at)}: ${cellFigures(scene, cell)}`;
}

export function cellFigures(scene: SweepScene, cell: SweepCell): string {
  if (cell.why !== null) return `impossible. ${cell.why}`;
  const main = summaryOf(cell, scene.network ? 'accuracy' : scene.samples ? 'heldOut' : 'error');
  if (main.n === 0) return 'not run yet';
  const seeds = plural(main.n, 'seed');
  if (main.median === Number.POSITIVE_INFINITY)
    return `diverged in ${main.diverged === main.n ? 'all of ' : `${main.diverged} of `}${seeds}`;
  if (scene.network) return networkWords(cell, main, seeds);
  const parts = [
    ...(main.median === null ? [] : [`${scene.samples ? 'held-out loss' : 'error'} ${number(main.median)}`]),
    ...ratioWords(scene, cell),
    ...(scene.measure === 'steps' ? stepsWords(summaryOf(cell, 'steps')) : []),
    seeds + spreadWords(main),
  ];
  if (main.diverged > 0) parts.push(`${main.diverged} of them diverged`);
  return parts.join(', ');
}

/** "accuracy 0.957, old task 0.571, held-out loss 0.162, 3 seeds". */
function networkWords(cell: SweepCell, main: Summary, seeds: string): string {
  const median = (measure: Measure, name: string) => {
    const { median: figure } = summaryOf(cell, measure);
    return figure !== null && Number.isFinite(figure) ? [`${name} ${measureText(figure, measure)}`] : [];
  };
  const finite = main.values.filter(Number.isFinite).map((figure) => measureText(figure, 'accuracy'));
  const [high, low] = [finite[0], finite.at(-1)];
  return [
    ...median('accuracy', 'accuracy'),
    ...median('oldAccuracy', 'old task'),
    ...median('heldOut', 'held-out loss'),
    seeds + (low === high ? '' : ` from ${low} to ${high}`),
    ...(main.diverged > 0 ? [`${main.diverged} of them diverged`] : []),
  ].join(', ');
}

function ratioWords(scene: SweepScene, cell: SweepCell): string[] {
  if (scene.samples) return [];
  const { median } = summaryOf(cell, 'ratio');
  return median === null || !Number.isFinite(median) ? [] : [`${number(median)} times the floor`];
}

function stepsWords({ median }: Summary): string[] {
  if (median === null) return [];
  return [
    Number.isFinite(median) ? `within 5% of the floor at step ${Math.round(median)}` : 'never within 5% of the floor',
  ];
}

function spreadWords({ values }: Summary): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [finite[0], finite[finite.length - 1]];
  if (low === undefined || high === undefined || finite.length < 2) return '';
  return low === high ? '' : ` from ${number(low)} to ${number(high)}`;
}

/** One row per cell: its settings, and over its seeds median, middle half, smallest and largest. */
export function sweepTable(scene: SweepScene): Table {
  const measure = scene.measure;
  const name = NAMES[measure];
  const finite = (value: number | null | undefined) =>
    value === null || value === undefined || !Number.isFinite(value) ? null : readValue(value, measure);
  // The least figure is the highest accuracy.
  const ascending = <T>(low: T, high: T) => (isShare(measure) ? [high, low] : [low, high]);
  return {
    columns: [
      ...scene.axes.map((axis) => axis.name),
      'seeds',
      'diverged',
      `median ${name}`,
      '1st quartile',
      '3rd quartile',
      'smallest',
      'largest',
      'note',
    ],
    rows: scene.cells.map((cell) => {
      const { n, diverged, median, quartiles, values } = summaryOf(cell, measure);
      const ended = values.filter(Number.isFinite);
      return [
        ...scene.axes.map((axis, i) => axis.numbers?.[cell.at[i] ?? 0] ?? axis.texts[cell.at[i] ?? 0] ?? ''),
        n,
        diverged,
        finite(median),
        ...ascending(finite(quartiles?.[0]), finite(quartiles?.[1])),
        ...ascending(finite(ended[0]), finite(ended[ended.length - 1])),
        cell.why ?? (median === Number.POSITIVE_INFINITY && diverged > 0 ? 'diverged' : null),
      ];
    }),
  };
}

const NAMES: Readonly<Record<Measure, string>> = {
  ratio: 'error ÷ floor',
  error: 'error',
  heldOut: 'held-out loss',
  steps: 'steps',
  accuracy: 'accuracy',
  oldAccuracy: 'accuracy on the old task',
};

const WHAT: Readonly<Record<Measure, string>> = {
  ...NAMES,
  ratio: 'error over its floor',
  steps: 'number of steps to within 5% of the floor',
};

/**
 * By rule: how the largest rate that trains moves with the rank; the rank that is enough; otherwise the best cell, or
 * that none stands out. Over ranks it names the break-even rank if the sweep passes it.
 */
export function sweepSentence(scene: SweepScene): string {
  const { cells, axes } = scene;
  const done = cells.filter(({ runs }) => runs.some((run) => run !== null));
  const names = axes.map(({ name }) => name).join(', ');
  if (axes.length === 0) return 'Choose a setting to vary.';
  if (done.length === 0) return `${capital(names)}: nothing has run yet.`;
  const all = isComplete(scene);
  if (isShare(scene.measure)) {
    const said = sharesSentence(scene, done);
    return scene.seeds === 1 ? `With one seed, ${lower(said)}` : all ? said : `So far, ${lower(said)}`;
  }
  const best = bestSentence(scene, done, all);
  const edge = all ? edgeSentence(scene) : null;
  const enough = edge === null && isErrorByRank(scene) ? enoughRank(scene) : null;
  if (enough) return enoughSentence(enough) + breakEvenSentence(scene);
  const said = edge ?? (axes.length === 1 ? winsSentence(scene, all) : null) ?? best;
  const seeds = scene.seeds === 1 ? 'With one seed, ' : all ? '' : 'So far, ';
  const whole = seeds === '' || said.startsWith(BEST) ? said : seeds + lower(said);
  return edge === null && isErrorByRank(scene) ? whole + breakEvenSentence(scene) : whole;
}

const isErrorByRank = (scene: SweepScene) => scene.measure === 'error' && !scene.samples && hasRanks(scene);

const enoughSentence = ({ rank, why }: EnoughRank) =>
  why === 'noise'
    ? `From rank ${rank} on, only noise is gained.`
    : `Rank ${rank} is enough: higher ranks gain less than 5%.`;

function breakEvenSentence(scene: SweepScene): string {
  const rank = breakEvenRank(scene);
  return rank === null ? '' : ` Above rank ${trim(rank)}, LoRA trains more parameters than W₀ has.`;
}

/** The cell that the sentence names, and the action that opens it; null until all runs have ended, or if none has. */
export function answerOf(scene: SweepScene): { readonly label: string; readonly at: readonly number[] } | null {
  if (!isComplete(scene)) return null;
  const enough = isErrorByRank(scene) && edgeSentence(scene) === null ? enoughRank(scene) : null;
  const cell = enough?.cell ?? endedCells(scene).ended[0]?.cell;
  if (!cell) return null;
  const rank = enough?.rank ?? (scene.axes.length === 1 && scene.axes[0].key === 'rank' && rankAt(scene, cell));
  return { label: `Open ${rank ? `rank ${rank}` : 'the best'} in the lab`, at: cell.at };
}

const rankAt = ({ axes: [axis] }: SweepScene, { at }: SweepCell) => axis.numbers?.[at[0] ?? 0];

/** How far the rank that is enough is from its floor, and at what cost; null without such a rank. */
export function enoughDetail(scene: SweepScene): string | null {
  const enough = isErrorByRank(scene) ? enoughRank(scene) : null;
  if (!enough) return null;
  const { rank, error, why, last } = enough;
  const floor = scene.floors?.[rank] ?? 0;
  const over = error / floor - 1;
  const near = over < 0.001 ? 'reaches its floor' : `comes within ${trim(100 * over, 2)}% of its floor`;
  const far = over < 1 ? near : `ends at ${trim(over + 1)} times its floor`;
  const parameters = `with ${count(Math.round(rank * scene.perRank * scene.weights))} parameters`;
  const first = `Rank ${rank} ${floor > 0 ? far : `ends at an error of ${number(error)}`} ${parameters}.`;
  return why === 'noise' && last > rank
    ? `${first} Higher ranks, up to ${last}, come closer only to the noise that was added to the target.`
    : first;
}

/**
 * By rule: where an accuracy is highest, and over numbers from which value on it stays within 0.01 of that; otherwise
 * how many others are.
 */
function sharesSentence(scene: SweepScene, done: readonly SweepCell[]): string {
  const { measure, axes } = scene;
  const { medians, ended } = endedCells(scene);
  const [best] = ended;
  if (!best) return noneSentence(scene, done, medians.length > 0);
  const near = ended.filter(({ value }) => isNear(value, best.value, measure));
  const value = measureText(best.value, measure);
  if (near.length === medians.length && near.length > 1)
    return `No setting stands out: the ${WHAT[measure]} is ${value} at most, and everywhere within ${SHARES_APART}.`;
  const head = `${capital(WHAT[measure])} is highest at ${cellName(scene, best.cell.at)}, ${value}`;
  const first = axes.length === 1 ? firstOfPlateau(scene, best.value) : null;
  if (first && first !== best.cell) return `${head}; from ${cellName(scene, first.at)} on within ${SHARES_APART}.`;
  if (axes[0].numbers && axes.length === 1) return `${head}.`;
  const other = axes.length === 1 ? 'other value' : 'other cell';
  const others = near.length - 1;
  return others === 0
    ? `${head}.`
    : `${head}; ${plural(others, other)} ${others === 1 ? 'is' : 'are'} within ${SHARES_APART}.`;
}

/** The cell of the least number from which on every figure is near the best; null without numbers. */
function firstOfPlateau({ axes: [axis], cells, measure }: SweepScene, best: number): SweepCell | null {
  const { numbers } = axis;
  if (!numbers) return null;
  const descending = [...cells].sort((a, b) => numbers[b.at[0]] - numbers[a.at[0]]).filter(({ why }) => why === null);
  const end = descending.findIndex((cell) => !isNear(summaryOf(cell, measure).median ?? Number.NaN, best, measure));
  return (end < 0 ? descending : descending.slice(0, end)).at(-1) ?? null;
}

const BEST = 'Best';

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The medians of all cells that have one, and the finite ones, the best first. */
function endedCells({ cells, measure }: SweepScene) {
  const medians = cells.flatMap((cell) => {
    const { median } = summaryOf(cell, measure);
    return median === null ? [] : [{ cell, value: median }];
  });
  const ended = medians.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.value - b.value);
  return { medians, ended };
}

function bestSentence(scene: SweepScene, done: readonly SweepCell[], all: boolean): string {
  const { medians, ended } = endedCells(scene);
  const [best] = ended;
  if (!best) return noneSentence(scene, done, medians.length > 0);
  const worst = medians.length > ended.length ? Number.POSITIVE_INFINITY : (ended.at(-1)?.value ?? best.value);
  if (medians.length > 1 && worst <= best.value * APART) return 'No setting stands out.';
  const equal = ended.filter(({ value }) => value <= best.value * APART).length;
  const head = `${BEST}${all ? '' : ' so far'}${scene.seeds === 1 ? ' with one seed' : ''}`;
  const other = scene.axes.length === 1 ? 'other value' : 'other cell';
  const others = equal > 1 ? ` ${plural(equal - 1, other)} ${equal === 2 ? 'is' : 'are'} within 5%.` : '';
  return `${head}: ${cellName(scene, best.cell.at)}, ${atWords(best.value, scene.measure)}.${others}`;
}

/** "at 1.00 times the floor": the median, after the name of its cell. */
function atWords(value: number, measure: Measure): string {
  switch (measure) {
    case 'ratio':
      return `at ${number(value)} times the floor`;
    case 'error':
      return `at an error of ${measureText(value, measure)}`;
    case 'heldOut':
      return `at a held-out loss of ${measureText(value, measure)}`;
    case 'accuracy':
    case 'oldAccuracy':
      return `at an accuracy of ${measureText(value, measure)}`;
    case 'steps':
      return `within 5% of the floor after ${plural(Math.round(value), 'step')}`;
  }
}

/** If no median is finite, though some runs may be. */
function noneSentence({ measure }: SweepScene, done: readonly SweepCell[], known: boolean): string {
  if (!known) return 'No run has a value of this measure.';
  const some = done.some((cell) => summaryOf(cell, measure).values.some(Number.isFinite));
  if (measure === 'steps')
    return some
      ? 'In no cell do more than half of the seeds get to within 5% of the floor.'
      : 'No run gets to within 5% of its floor.';
  return some ? 'In every cell at least half of the seeds diverged.' : 'Every run diverged.';
}

/** One setting, several seeds: in how many of them the same value is best. */
function winsSentence(scene: SweepScene, all: boolean): string | null {
  const { cells, seeds, measure } = scene;
  if (!all || seeds < 2 || cells.length < 2) return null;
  const possible = cells.filter(({ why }) => why === null);
  const wins = new Map<SweepCell, number>();
  for (let seed = 0; seed < seeds; seed++) {
    const at = (cell: SweepCell) => {
      const run = cell.runs[seed];
      return (run ? figureOf(run, measure) : null) ?? Number.POSITIVE_INFINITY;
    };
    const best = possible.reduce((a, b) => (at(b) < at(a) ? b : a));
    if (Number.isFinite(at(best))) wins.set(best, (wins.get(best) ?? 0) + 1);
  }
  const [first] = [...wins].sort((a, b) => b[1] - a[1]);
  if (!first) return null;
  const [cell, n] = first;
  // Winning narrowly in most seeds does not count.
  const medians = possible.map((one) => summaryOf(one, measure).median ?? Number.POSITIVE_INFINITY);
  const own = summaryOf(cell, measure).median ?? Number.POSITIVE_INFINITY;
  if (medians.every((median) => median <= own * APART)) return null;
  return `The ${WHAT[measure]} is lowest at ${cellName(scene, cell.at)} in ${n} of ${seeds} seeds${harmWords(scene, cell)}.`;
}

/** How much worse the highest rank does on samples that were held out; empty if it does not. */
function harmWords(scene: SweepScene, best: SweepCell): string {
  const ranks = scene.axes[0].key === 'rank' && scene.measure === 'heldOut' ? scene.axes[0].numbers : null;
  const last = ranks && scene.cells[argmax(ranks)];
  if (!last) return '';
  const [own, other] = [best, last].map((cell) => summaryOf(cell, 'heldOut').median ?? Number.NaN);
  return own > 0 && other > own * APART && Number.isFinite(other)
    ? `; at ${cellName(scene, last.at)} it is ${trim(other / own, 2)} times as large`
    : '';
}

/** If rank and rate vary: how the edge of divergence moves from the first rank to the last, one clause per panel. */
export function edgeSentence(scene: SweepScene): string | null {
  const { axes } = scene;
  // Of networks errors are not known, so that a seed that diverged would count as all.
  if (scene.network) return null;
  const [rate, rank] = [axes.findIndex(({ key }) => key === 'lr'), axes.findIndex(({ key }) => key === 'rank')];
  if (rate < 0 || rank < 0 || rate > 1 || rank > 1) return null;
  const rates = axes[rate]?.numbers;
  const ranks = axes[rank]?.numbers;
  if (!rates || !ranks || ranks.length < 2) return null;
  const ends = [argmin(ranks), argmax(ranks)] as const;
  const clauses: { verb: string; rest: string }[] = [];
  for (let panel = 0; panel < lengthOf(scene, 2); panel++) {
    const edges = ends.map((at) => edgeAt(scene, { rate, rank, at, panel, rates }));
    const [from, to] = edges;
    if (from === null || to === null || from === undefined || to === undefined) return null;
    const under = axes[2] ? ` under ${axes[2].before}${axes[2].texts[panel]}` : '';
    const factor = to / from;
    const [verb, what] =
      factor === 1
        ? ['stays', `at ${trim(from)}`]
        : factor > 1
          ? ['grows', `${trim(factor)}-fold`]
          : ['falls', fallsTo(1 / factor)];
    clauses.push({ verb, rest: `${what}${under}` });
  }
  const groups: { readonly verb: string; readonly rests: string[] }[] = [];
  for (const { verb, rest } of clauses) {
    const last = groups.at(-1);
    if (last?.verb === verb) last.rests.push(rest);
    else groups.push({ verb, rests: [rest] });
  }
  const said = groups.map(({ verb, rests }) => `${verb} ${listed(rests)}`);
  const nested = groups.length > 1 && groups.some(({ rests }) => rests.length > 1);
  const whole = nested ? `${said.slice(0, -1).join(', ')}, and ${said.at(-1)}` : listed(said);
  return `From rank ${ranks[ends[0]]} to ${ranks[ends[1]]}, the largest rate that still trains ${whole}.`;
}

/** A factor after "falls": "to a half", "to 1/2.5". */
function fallsTo(times: number): string {
  const names: Readonly<Record<string, string>> = {
    2: 'a half',
    3: 'a third',
    4: 'a quarter',
    5: 'a fifth',
    10: 'a tenth',
  };
  const text = trim(times);
  return `to ${names[text] ?? `1/${text}`}`;
}

interface Edge {
  /** The index of the axis of the rates, and of the ranks. */
  readonly rate: number;
  readonly rank: number;
  /** The index of the rank. */
  readonly at: number;
  readonly panel: number;
  readonly rates: readonly number[];
}

/** The largest rate below the smallest at which half the seeds diverge; null if none does, or all do. */
function edgeAt(scene: SweepScene, { rate, rank, at, panel, rates }: Edge): number | null {
  const order = rates.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  let edge: number | null = null;
  for (const { value, i } of order) {
    const place = [0, 0, panel];
    place[rate] = i;
    place[rank] = at;
    const cell = cellAt(scene, place);
    if (!cell || cell.why !== null) continue;
    if (summaryOf(cell, 'error').median === Number.POSITIVE_INFINITY) return edge;
    edge = value;
  }
  return null;
}

const argmin = (values: readonly number[]) => values.indexOf(Math.min(...values));
const argmax = (values: readonly number[]) => values.indexOf(Math.max(...values));
