import { inits } from '../../../experiment/inits/index.ts';
import { shortName } from '../../../experiment/inits/init.ts';
import { count, display, number, trim } from '../../../experiment/numbers.ts';
import { optimisers } from '../../../experiment/optimisers.ts';
import type { Goal } from '../../../experiment/plan/goal.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { leastOf, rateText, SCALINGS } from '../../../experiment/settings/rate.ts';
import { type Sort, sortRows } from '../../../kit/grids/data-table.tsx';
import { type ClassStanding, goalStep, scalingIn, trainedOf } from '../../model/standings.ts';

/** A column of the table, in addition to place and name. */
export interface WallColumn {
  readonly key: string;
  readonly head: readonly string[];
  readonly left?: boolean;
  readonly text: (standing: ClassStanding, reference: Experiment) => string;
  /** Sort key; unknown values come last. */
  readonly value: (standing: ClassStanding) => number | string | null;
  /** A phone and a projector show only some columns. */
  readonly phone?: boolean;
  readonly present?: boolean;
}

const displayed = (value: number | null) => (value === null ? '' : display(value));

const rateIn = (entry: ClassStanding['entry']) => trainedOf(entry)?.rate ?? entry.experiment.lr;

/** "16, α/r", and other differences from the class link. */
function ruleText({ entry: { experiment: e } }: ClassStanding, reference: Experiment): string {
  const more = [
    e.init === reference.init ? null : shortName(inits.byName(e.init)),
    e.seed === reference.seed ? null : `seed ${e.seed}`,
    e.steps === reference.steps ? null : `${count(e.steps)} steps`,
  ].filter((word) => word !== null);
  return [trim(e.alpha), SCALINGS[e.scaling], ...more].join(', ');
}

export const WALL_COLUMNS: readonly WallColumn[] = [
  {
    key: 'step',
    head: ['reached', 'at step'],
    text: (standing) => {
      const step = goalStep(standing);
      return standing.kind === 'diverged' ? '▲' : step === null ? '–' : count(step);
    },
    value: goalStep,
    phone: true,
    present: true,
  },
  {
    key: 'error',
    head: ['final', 'error'],
    text: (standing) =>
      standing.kind === 'diverged'
        ? `diverged, ${standing.step}`
        : standing.error === null
          ? '–'
          : number(standing.error),
    value: (standing) => (standing.kind === 'diverged' ? null : standing.error),
    phone: true,
    present: true,
  },
  {
    key: 'rank',
    head: ['rank'],
    text: ({ entry }) => count(entry.experiment.rank),
    value: ({ entry }) => entry.experiment.rank,
    phone: true,
    present: true,
  },
  { key: 'numbers', head: ['numbers'], text: ({ numbers }) => count(numbers), value: ({ numbers }) => numbers },
  {
    key: 'optimiser',
    head: ['optimiser'],
    left: true,
    text: ({ entry }) => optimisers.byName(entry.experiment.opt).label,
    value: ({ entry }) => optimisers.byName(entry.experiment.opt).label,
    present: true,
  },
  {
    key: 'rate',
    head: ['rate'],
    text: ({ entry }) => {
      const { ratio } = entry.experiment;
      const rate = rateIn(entry);
      return `${rate === null ? '' : rateText(rate)}${ratio === 1 ? '' : ` ×${trim(ratio)}`}`;
    },
    value: ({ entry }) => leastOf(rateIn(entry) ?? Number.NaN),
    present: true,
  },
  { key: 's', head: ['s'], text: (standing) => displayed(scalingIn(standing)), value: scalingIn },
  { key: 'rule', head: ['α, rule'], left: true, text: ruleText, value: ({ entry }) => entry.experiment.alpha },
];

/** Sort key for the order of the standings. */
export const PLACE_KEY = 'place';

export function rankedRuns(
  standings: readonly ClassStanding[],
  names: ReadonlyMap<number, string>,
  sort: Sort,
): readonly ClassStanding[] {
  if (sort.key === PLACE_KEY) return sort.down ? [...standings].reverse() : standings;
  const name = { key: 'name', value: ({ entry }: ClassStanding) => names.get(entry.id) ?? '' };
  return sortRows(standings, [name, ...WALL_COLUMNS], sort);
}

/** Headings of the groups of standings; null for the first, which needs none. */
export function groupHeadings(
  standings: readonly ClassStanding[],
  goal: Goal | null,
): ReadonlyMap<ClassStanding, string> {
  const { numbers = null, steps = null } = goal ?? {};
  const of = (kinds: readonly ClassStanding['kind'][]) => standings.filter(({ kind }) => kinds.includes(kind));
  const over = (what: 'numbers' | 'steps') => standings.some((one) => one.kind === 'over' && one.budget === what);
  const budget = [
    over('numbers') && numbers !== null ? `${count(numbers)} numbers` : null,
    over('steps') && steps !== null ? `${count(steps)} steps` : null,
  ].filter((part) => part !== null);
  const missed = numbers === null && steps === null ? 'goal not reached' : 'within the budget, goal not reached';
  const groups = [
    { runs: of(['missed', 'diverged']), text: goal ? missed : 'by final error' },
    { runs: of(['over']), text: `over the budget of ${budget.join(' or ')}, not scored` },
    { runs: of(['unplaced']), text: 'without a place' },
    { runs: of(['waiting']), text: 'not trained here yet' },
  ];
  return new Map(groups.flatMap(({ runs, text }) => (runs[0] ? [[runs[0], `${text}: ${runs.length}`] as const] : [])));
}
