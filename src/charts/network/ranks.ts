import { scaleLog } from 'd3-scale';
import { count, percent } from '../../experiment/numbers.ts';
import { fitTicks, hline, hoverLine, secondRow, type Tick, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type ReadableChart, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, type Point, polyline, segment } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture } from '../../kit/chart/picture.ts';
import { type RankFigures, type Scene, shownStep } from '../chart.ts';
import { tableOf } from '../drawing/columns.ts';
import { accuracyAt, chartOfRun, plotOverRow, shareAxis, shareText } from './shares.ts';

export interface RanksScene {
  /** Ascending. */
  readonly ranks: readonly RankFigures[];
  /** This run at the shown step; null: not measured. */
  readonly run: (Pick<RankFigures, 'rank' | 'trained'> & { readonly accuracy: number }) | null;
  /** Full fine-tuning at its end; null: not run. */
  readonly full: number | null;
  /** At step 0; null: not measured. */
  readonly before: number | null;
  /** An entry of `ranks`. */
  readonly pointed: number | null;
}

/** The scene of a run on a network. */
export function ranksOf(scene: Scene): RanksScene | null {
  const { network } = scene;
  if (!network) return null;
  const { losses, reference, rank, beside, trained, ranks } = network;
  const accuracy = accuracyAt(losses, 'accuracy', shownStep(scene));
  const full = accuracyAt(reference, 'accuracy', Number.POSITIVE_INFINITY);
  return {
    ...{ ranks, pointed: null },
    run: rank === null || accuracy === null ? null : { rank, trained, accuracy },
    full: rank === null && !beside ? accuracy : full,
    before: accuracyAt(losses, 'accuracy', 0),
  };
}

/** The places of an axis, those of `ranks` and of this run, ascending. */
function tickRanks({ ranks, run }: RanksScene): readonly Pick<RankFigures, 'rank' | 'trained'>[] {
  const between = run && ranks.every(({ rank }) => rank !== run.rank) ? [run] : [];
  return [...ranks, ...between].sort((a, b) => a.rank - b.rank);
}

function frameOf(scene: RanksScene, size: Size) {
  const plot = plotOverRow(size);
  const all = tickRanks(scene).map(({ rank }) => rank);
  const scale = scaleLog([1, Math.max(2, ...all)], [plot.left + 8, plot.right - 6]).base(2);
  return { size, plot, scale, all };
}

export function ranksPicture(scene: RanksScene, size: Size): Mark[] {
  const { plot, scale: x, all } = frameOf(scene, size);
  const { run, full, before, pointed } = scene;
  const y = shareAxis(plot, size);
  const radius = dotRadius(size);
  const byWeight = (ticks: readonly Tick[]) =>
    fitTicks(
      [...ticks].sort((a, b) => Number(b.strong) - Number(a.strong)),
      x,
      size.font,
    );
  const shares = tickRanks(scene).map(
    ({ rank, trained }): Tick => ({ value: rank, text: percent(trained), strong: rank === run?.rank }),
  );
  const cuts = knownAt(scene, 'cut').map(([rank, share]): Point => [x(rank), y.scale(share)]);
  const bests = knownAt(scene, 'best').map(([rank, share]): Point => [x(rank), y.scale(share)]);
  const at = pointed === null ? null : (scene.ranks[pointed]?.rank ?? null);
  return picture({
    size,
    plot,
    x: { name: 'rank', scale: x, ticks: byWeight(ticksAt(all, count, run?.rank)) },
    y,
    marks: [
      secondRow('trained', size.short ? '%' : 'of full', byWeight(shares), x, plot, size, 1.1),
      before !== null && hline('before', 'ref w0', y.scale(before), plot),
      full !== null && hline('full', 'ref dwt', y.scale(full), plot),
      cuts.length > 0 && polyline('cut', 'ref dwt dashed', cuts),
      cuts.map((point, i) => dot(`cut ${i}`, 'dwt', point, radius - 1)),
      run && [
        vline('rank', 'hair ink-3', x(run.rank), plot),
        segment('run', 'main dw', [x(run.rank), y.scale(before ?? 0)], [x(run.rank), y.scale(run.accuracy)]),
      ],
      hoverLine(at, [1, Math.max(...all)], x, plot),
      bests.map((point, i) => dot(`best ${i}`, 'open dw', point, radius + 1)),
      run && dot('run head', 'dw', [x(run.rank), y.scale(run.accuracy)], radius + 1.5),
    ],
    names: names(scene, cuts, bests, y.scale, x),
  });
}

const knownAt = ({ ranks }: RanksScene, name: 'best' | 'cut') =>
  ranks.flatMap(({ rank, [name]: share }) => (share === null ? [] : [[rank, share] as const]));

function names(
  { run, full, before }: RanksScene,
  cuts: readonly Point[],
  bests: readonly Point[],
  y: (share: number) => number,
  x: (rank: number) => number,
): Nested<MarginLabel> {
  return [
    run && {
      key: 'run label',
      className: 'dw strong',
      at: y(run.accuracy),
      from: x(run.rank),
      texts: [`this run ${shareText(run.accuracy)}`, shareText(run.accuracy)],
    },
    full !== null && {
      key: 'full label',
      className: 'dwt strong',
      at: y(full),
      texts: [['full fine-tuning', shareText(full)], `full ${shareText(full)}`],
    },
    cuts.slice(-1).map(([from, at]) => ({
      key: 'cut label',
      className: 'dwt',
      at,
      from,
      texts: ['full, cut to rank i', ['full, cut', 'to rank i'], 'full, cut'],
    })),
    bests.slice(-1).map(([from, at]) => ({
      key: 'best label',
      className: 'dw',
      at,
      from,
      texts: ['each at its best', 'at its best', 'best'],
    })),
    before !== null && {
      key: 'before label',
      className: 'ink-2',
      at: y(before),
      texts: [`before ${shareText(before)}`],
    },
  ];
}

/** Shares closer than this count as the same. */
const SAME = 0.015;

const two = (share: number) => share.toFixed(2);

/** Training at a rank against cutting full fine-tuning to it; empty if neither is known. */
export function ranksSentence(scene: RanksScene): string {
  const { run, ranks } = scene;
  const rank = run?.rank ?? null;
  const here = ranks.find((one) => one.rank === rank);
  if (rank === null || !run) return '';
  const trained = here?.best ?? null;
  const cut = here?.cut ?? null;
  const first =
    trained === null
      ? `This run, at rank ${count(rank)}: ${two(run.accuracy)}.`
      : `Trained at rank ${count(rank)}: ${two(trained)}.`;
  if (cut === null) return first;
  return [
    first,
    `Full, cut to rank ${count(rank)}: ${two(cut)}.`,
    trained === null ? '' : crossing(scene, rank, trained, cut),
  ]
    .filter(Boolean)
    .join(' ');
}

/** The first higher rank from which on the cut is as good as training, if it is not so at this rank. */
function crossing({ ranks }: RanksScene, rank: number, trained: number, cut: number): string {
  if (cut >= trained - SAME) return cut > trained + SAME ? 'The cut is better here.' : 'The cut is as good here.';
  const higher = ranks.flatMap((one) =>
    one.rank > rank && one.best !== null && one.cut !== null ? [{ rank: one.rank, gain: one.cut - one.best }] : [],
  );
  const last = higher.findLastIndex(({ gain }) => gain < -SAME);
  const from = higher[last + 1];
  if (!from) return higher.length > 0 ? 'At none of these ranks is the cut as good.' : '';
  return `At rank ${count(from.rank)} the cut is ${from.gain > SAME ? 'better' : 'as good'}.`;
}

export const ranks: ReadableChart<RanksScene> & { readonly table: (scene: RanksScene) => Table } = {
  name: 'ranks',
  title: 'Accuracy against rank',
  help: ({ ranks: all }) =>
    all.some(({ best }) => best !== null)
      ? 'rings: each rank’s best run; below: % of full trained'
      : 'this run; below: % of full trained',
  places: ({ ranks: all, run, pointed }) => {
    const start = all.findIndex(({ rank }) => rank === run?.rank);
    return { first: 0, last: all.length - 1, start: Math.max(0, start), at: pointed };
  },
  locate: (scene, size, px) => {
    const { plot, scale } = frameOf(scene, size);
    if (px < plot.left || px > plot.right || scene.ranks.length === 0) return null;
    const away = scene.ranks.map(({ rank }) => Math.abs(scale(rank) - px));
    return away.indexOf(Math.min(...away));
  },
  readout: ({ ranks: all }, i) => {
    const one = all[i];
    if (!one) return '';
    const parts = [
      `${percent(one.trained)} of full’s parameters`,
      ...(one.best === null ? [] : [`best run ${shareText(one.best)}`]),
      ...(one.cut === null ? [] : [`full, cut ${shareText(one.cut)}`]),
    ];
    return `rank ${count(one.rank)}: ${parts.join(', ')}`;
  },
  draw: drawing(ranksPicture),
  describe,
  table: ({ ranks: all }) =>
    tableOf(all, [
      ['rank', ({ rank }) => rank],
      ['trained parameters, share of full', ({ trained }) => trained],
      ['best run', ({ best }) => best],
      ['full, cut to this rank', ({ cut }) => cut],
    ]),
};

/** Of the run on screen, for its files and panels. */
export const ranksChart = chartOfRun(ranks, ranksPicture, ranksOf, { name: 'ranks', short: 'Rank', axis: 'rank' });

function describe(scene: RanksScene): string {
  const { run, full, before } = scene;
  return [
    run
      ? `This run at rank ${count(run.rank)}: ${shareText(run.accuracy)} of the answers are right.`
      : full === null
        ? 'This run has not begun.'
        : '',
    full === null ? '' : `Full fine-tuning reaches ${shareText(full)}.`,
    before === null ? '' : `Before: ${shareText(before)}.`,
    ranksSentence(scene),
  ]
    .filter(Boolean)
    .join(' ');
}

/** "What am I looking at", in paragraphs. */
export function explainRanks({ ranks: all, run }: RanksScene): readonly string[] {
  const here = run ? `, and the thick line is this run at rank ${count(run.rank)}` : '';
  return [
    `The height is the share of right answers to the new task. A ring is the best run of its rank over all learning rates${here}.`,
    'The solid line is full fine-tuning, which trains every entry. The dashed line is the same network after its update is cut, in each matrix, to the i strongest directions.',
    'If a ring lies above the dashed line, training at that rank has found a better update of that rank than cutting the full one.',
    `Below each rank: the parameters that it trains, as a share of those of full fine-tuning.${all.some(({ best }) => best === null) ? ' Ranks without a ring have not run yet.' : ''}`,
  ];
}
