import './which.css';
import { useMemo } from 'react';
import { count, trim } from '../../../experiment/numbers.ts';
import { leastOf } from '../../../experiment/settings/rate.ts';
import { foundOf } from '../../../state/select.ts';
import { liveColumn, pinnedColumns, type RunColumn } from '../../compare/run-columns.ts';
import { useLab, useLabObject } from '../../page.tsx';
import { Dialog } from '../../panels/dialog.tsx';
import { type Entrant, SEEDS } from './contest.ts';
import { BEST_COLUMN, FairFight } from './fair-fight.tsx';
import { fighter, USUAL_RATE } from './fight.ts';

/** The runs of *Compare* at several rates: the same rate may suit one of them and not the other. */
export default function LabFightPanel() {
  const live = useLabObject(liveColumn);
  const pins = useLab(pinnedColumns);
  const found = useLab((s) => foundOf(s.run));
  const entrants = useMemo(
    () => [fighterOf(live, found), ...pins.map((pin) => fighterOf(pin, null))],
    [live, pins, found],
  );
  const [{ key, own }] = entrants;
  return (
    <Dialog title="A fair fight" kind="fight">
      <section className="fair-fight" aria-label="Error against learning rate">
        <FairFight
          entrants={entrants}
          chosen={key}
          rate={own}
          title="Error against learning rate"
          help={`${count(live.experiment.steps)} steps, median of ${SEEDS} seeds; ring: the best rate of each, with the range of its seeds`}
          note={`Your rate is ${trim(own)}. Tick: the floor at your seed, where one is known. Sorted by “${BEST_COLUMN}”.`}
          head="at its own rate"
          asSet="At its own rate"
        />
      </section>
    </Dialog>
  );
}

function fighterOf({ at, name, experiment, rate, floor }: RunColumn, found: number | null): Entrant {
  return fighter({
    key: String(at),
    label: name,
    experiment,
    rate: rate === null ? USUAL_RATE : leastOf(rate),
    floor: floor ?? found,
    isFound: floor === null && found !== null,
  });
}
