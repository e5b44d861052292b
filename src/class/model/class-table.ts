import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import type { Standing } from './standings.ts';

/** What the column "standing" says. */
const STANDS: { readonly [kind in Standing['kind']]: string } = {
  reached: 'reached',
  missed: 'not reached',
  diverged: 'diverged',
  over: 'over the budget',
  unplaced: 'without a place',
  waiting: 'not trained yet',
};

/** The wall as a table, a line per run in the order of the standings; numbers keep all their digits. */
export function classTable(standings: readonly Standing[], names: ReadonlyMap<number, string>, hidden: boolean) {
  return {
    columns: COLUMNS,
    rows: standings.map((standing) => {
      const { entry, error, numbers, kind } = standing;
      const { experiment: e, result, claim } = entry;
      const trained = result && !('why' in result) ? result : null;
      return [
        kind === 'reached' ? standing.place : null,
        names.get(entry.id) ?? '',
        STANDS[kind],
        kind === 'reached' || kind === 'over' ? standing.step : null,
        error,
        claim?.errors?.at(-1) ?? null,
        e.rank,
        numbers,
        countsOf(adapterOf(e)).share,
        e.opt,
        trained?.rate ?? e.lr,
        e.ratio,
        trained?.scaling ?? null,
        e.alpha,
        e.scaling,
        e.init,
        e.seed,
        e.steps,
        kind === 'unplaced' ? standing.why : null,
        // The link names who handed it in.
        hidden ? null : entry.link,
      ];
    }),
  };
}

const COLUMNS: readonly string[] = [
  'place',
  'name',
  'standing',
  'reached at step',
  'error at the last step allowed',
  'error that the file claims at its end',
  'rank',
  'trained numbers',
  'share of dk',
  'optimiser',
  'rate',
  'lambda',
  's',
  'alpha',
  'scaling',
  'initialisation',
  'seed',
  'steps',
  'why without a place',
  'link',
];
