import { useMemo } from 'react';
import { budgetOf } from '../../../experiment/methods/which/adapters.ts';
import { type MapView, OWN, type SizeFloors } from '../../../experiment/methods/which/map.ts';
import { count, trim } from '../../../experiment/numbers.ts';
import { leastOf } from '../../../experiment/settings/rate.ts';
import { Choice } from '../../../kit/choice.tsx';
import { rateOf } from '../../../state/select.ts';
import { useLab } from '../../page.tsx';
import { SEEDS } from './contest.ts';
import { ErrorBySize } from './error-by-size.tsx';
import { BEST_COLUMN, FairFight } from './fair-fight.tsx';
import { atRate, rowFighters, USUAL_RATE } from './fight.ts';
import { rowSizes } from './sizes.ts';
import { rowExperiment } from './updates.ts';

interface RowRunsProps {
  readonly view: MapView;
  /** The name of the row. */
  readonly label: string;
  readonly floors: SizeFloors;
  readonly onShow: (changes: Partial<MapView>) => void;
}

const AXES = [
  ['rate', 'learning rate'],
  ['size', 'trained parameters'],
] as const;

/** The runs of a row of the map: every adapter at several rates, or at several sizes. */
export function RowRuns({ view, label, floors, onShow }: RowRunsProps) {
  const own = useLab((s) => s.experiment);
  const rate = useLab((s) => {
    const known = rateOf(s);
    return known === null ? USUAL_RATE : leastOf(known);
  });
  const { kind, adapter, rank, places, against } = view;
  const fighters = useMemo(
    () => rowFighters({ kind, rank, places }, own, rate, floors(rank)),
    [kind, rank, places, own, rate, floors],
  );
  const sizes = useMemo(() => rowSizes({ kind, rank, places }, own, floors), [kind, rank, places, own, floors]);
  // From samples the Lab trains LoRA alone.
  if (fighters.length < 3) return null;
  const { d, k, steps } = rowExperiment(view, own);
  const budget = budgetOf(rank, d, k);
  const by = kind === OWN ? 'at your seed' : `median of ${SEEDS} seeds`;
  const drawn = `${label}; Adam, ${count(steps)} steps, ${by}`;
  const range = kind === OWN ? '' : ', with the range of its seeds';
  const axis = (
    <Choice aria-label="Error against" options={AXES} value={against} onChange={(to) => onShow({ against: to })} />
  );
  const shared = { title: 'The row of this cell: error against', row: axis, chosen: adapter };
  return (
    <section className="fair-fight" aria-label="The runs of this row">
      {against === 'rate' ? (
        <FairFight
          {...shared}
          entrants={fighters}
          rate={rate}
          help={`${drawn}; ring: the best rate of each${range}`}
          note={`The same runs. Tick: own floor, ${by}. Sorted by “${BEST_COLUMN}”.`}
          head={`at your rate, ${trim(rate)}`}
          asSet={atRate(rate)}
        />
      ) : (
        <ErrorBySize
          {...shared}
          entrants={sizes}
          budget={budget}
          d={d}
          k={k}
          help={`${drawn}, each at its automatic rate; dashed: own floors; dotted: lowest found, no bound`}
        />
      )}
    </section>
  );
}
