import { useEffect, useState } from 'react';
import { isFound } from '../../../experiment/methods/floors/method-floor.ts';
import { ADAPTERS, type AdapterName, type BudgetRank } from '../../../experiment/methods/which/adapters.ts';
import type { MapScale, OpenRow } from '../../../experiment/methods/which/map.ts';
import { cellFloor, type UpdateMatrices, updateOf } from '../../../experiment/methods/which/measured.ts';
import { isNetwork } from '../../../experiment/settings/bounds.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { targets } from '../../../experiment/targets/index.ts';
import type { State } from '../../../state/state.ts';
import { useLab } from '../../page.tsx';
import type { Entries } from '../../rail/colours.ts';
import type { RowSize } from './map-words.ts';

/** ΔW* of the Lab as a row of the map. */
export interface OwnUpdate extends RowSize {
  readonly brief: string;
  readonly entries: Entries | null;
  readonly row: OpenRow;
}

/** Above it the floors would hold the page up. */
const LARGEST_SIDE = 256;
/** Above it HiRA's search would take a minute. */
const LARGEST_SEARCH = 128;

/** Whether the update of the Lab has a row: ΔW* of a network is unknown. */
const hasRow = ({ experiment: e }: Pick<State, 'experiment'>): boolean =>
  !isNetwork(e) && Math.max(e.d, e.k) <= LARGEST_SIDE;

/** The row of the update in the Lab, null if it has none: what is in closed form at once, the rest when it is found. */
export function useOwnUpdate(scale: MapScale): OwnUpdate | null {
  const shown = useLab(hasRow);
  const e = useLab((s) => s.experiment);
  const drawing = useLab((s) => s.drawing);
  const [update, setUpdate] = useState<UpdateMatrices | null>(null);
  const [row, setRow] = useState<OpenRow>({});
  const { rank, places } = scale;
  useEffect(() => {
    setUpdate(null);
    if (!shown) return;
    const timer = setTimeout(() => {
      const made = updateOf(e, drawing);
      if (!('why' in made)) setUpdate(made);
    });
    return () => clearTimeout(timer);
  }, [shown, e, drawing]);
  useEffect(() => {
    setRow({});
    return update ? fillRow(update, rank, places, setRow) : undefined;
  }, [update, rank, places]);
  if (!shown) return null;
  const entries = update && { rows: update.wanted.rows, cols: update.wanted.cols, values: update.wanted.data };
  return { d: e.d, k: e.k, brief: briefOf(e), entries, row };
}

const briefOf = (e: Experiment) => `the lab’s: ${targets.byName(e.target).label}, ${e.d} × ${e.k}`;

/** ms of work before others get their turn. */
const SLICE = 8;

/** Computes the errors one after another, those in closed form first; returns a function that ends it. */
function fillRow(update: UpdateMatrices, rank: BudgetRank, places: boolean, show: (row: OpenRow) => void): () => void {
  const small = Math.max(update.wanted.rows, update.wanted.cols) <= LARGEST_SEARCH;
  const order = [...ADAPTERS.filter((name) => !isFound(name)), ...ADAPTERS.filter((name) => small && isFound(name))];
  const work = rowInSlices(update, order, rank, places);
  let timer = setTimeout(run);
  let last: OpenRow = {};
  function run() {
    const end = performance.now() + SLICE;
    do {
      const { done, value } = work.next();
      if (done) return;
      if (value) {
        last = value;
        show(last);
      }
    } while (performance.now() < end);
    timer = setTimeout(run);
  }
  return () => clearTimeout(timer);
}

/** Yields the row whenever an error is new, and nothing in between. */
function* rowInSlices(
  update: UpdateMatrices,
  order: readonly AdapterName[],
  rank: BudgetRank,
  places: boolean,
): Generator<OpenRow | null, void> {
  let row: OpenRow = {};
  for (const name of order) {
    const work = cellFloor(name, update, rank, places);
    let step = work.next();
    for (; !step.done; step = work.next()) yield null;
    row = { ...row, [name]: step.value };
    yield row;
  }
}
