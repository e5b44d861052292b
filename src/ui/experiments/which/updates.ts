import { useEffect, useMemo, useState } from 'react';
import { prepareProblem } from '../../../experiment/layer/problem.ts';
import { besidePage } from '../../../experiment/methods/floors/beside-page.ts';
import { isFound, isSearched } from '../../../experiment/methods/floors/method-floor.ts';
import {
  ADAPTERS,
  type AdapterName,
  budgetOf,
  type CellSize,
  SIZE_RANKS,
  type SizeRank,
  sizeWithin,
} from '../../../experiment/methods/which/adapters.ts';
import { KINDS } from '../../../experiment/methods/which/kinds.ts';
import {
  type MapScale,
  type MapView,
  type OpenRow,
  OWN,
  type RowName,
  rowOf,
  type SizeFloors,
  type SizeScale,
} from '../../../experiment/methods/which/map.ts';
import { cellFloor, experimentOf, type UpdateMatrices, updateOf } from '../../../experiment/methods/which/measured.ts';
import { isNetwork, isQuantised } from '../../../experiment/settings/bounds.ts';
import { change, isActive } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { inFullPrecision } from '../../../experiment/settings/storage.ts';
import { targets } from '../../../experiment/targets/index.ts';
import type { State } from '../../../state/state.ts';
import { useLab } from '../../page.tsx';
import type { Entries } from '../../rail/colours.ts';
import { SEEDS } from './contest.ts';
import type { RowSize } from './map-words.ts';

/** ΔW* of the Lab as a row of the map. */
interface OwnUpdate extends RowSize {
  readonly brief: string;
  readonly entries: Entries | null;
  /** By the rank of LoRA that gives the budget. */
  readonly rows: ReadonlyMap<SizeRank, OpenRow>;
  /** Adapters whose lowest error at the budget of the map is not searched for: that would take minutes. */
  readonly without: readonly AdapterName[];
}

/** Above it the floors would hold the page up. */
const LARGEST_SIDE = 256;

/** Whether the update of the Lab has a row: ΔW* of a network is unknown. */
const hasRow = ({ experiment: e }: Pick<State, 'experiment'>): boolean =>
  !isNetwork(e) && Math.max(e.d, e.k) <= LARGEST_SIDE;

/** The row of the update in the Lab, null if it has none: what is in closed form at once, the rest when it is found. */
export function useOwnUpdate({
  rank,
  places,
  against,
}: Pick<MapView, 'rank' | 'places' | 'against'>): OwnUpdate | null {
  const shown = useLab(hasRow);
  const own = useLab((s) => s.experiment);
  const e = useMemo(() => inFullPrecision(own), [own]);
  const brief = briefOf(own);
  const drawing = useLab((s) => s.drawing);
  const [update, setUpdate] = useState<UpdateMatrices | null>(null);
  const [rows, setRows] = useState<OwnUpdate['rows']>(new Map());
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
    setRows(new Map());
    if (!update) return;
    let wanted = true;
    const ranks = against === 'size' ? [rank, ...SIZE_RANKS.filter((one) => one !== rank)] : [rank];
    void fillRows(update, ranks, places, () => wanted, setRows);
    return () => {
      wanted = false;
    };
  }, [update, rank, places, against]);
  return useMemo(() => {
    if (!shown) return null;
    const entries = update && { rows: update.wanted.rows, cols: update.wanted.cols, values: update.wanted.data };
    const without = ADAPTERS.filter((name) => !isMade(name, e, rank));
    return { d: e.d, k: e.k, brief, entries, rows, without };
  }, [shown, update, rows, e, rank, brief]);
}

/** What the row is, and that a quantised base is left out of it: floors and runs are those on W₀ itself. */
export const briefOf = (e: Experiment): string =>
  `the lab’s: ${targets.byName(e.target).label}, ${e.d} × ${e.k}${isQuantised(e) ? ', in full precision' : ''}`;

/** Whether the least error of an adapter is computed: a search must not take minutes. */
function isMade(name: AdapterName, { d, k }: RowSize, rank: SizeRank): boolean {
  if (name !== 'dora' && name !== 'hira') return true;
  return isSearched(name, { d, k, rank: sizeWithin(name, d, k, budgetOf(rank, d, k)).rank ?? 1 });
}

/** Errors that are known, by adapter and size: to look at another budget and back costs nothing. */
const known = new WeakMap<UpdateMatrices, Map<string, number>>();

/** Computes the errors one after another, those in closed form first, and shows each. */
async function fillRows(
  update: UpdateMatrices,
  ranks: readonly SizeRank[],
  places: boolean,
  wanted: () => boolean,
  show: (rows: OwnUpdate['rows']) => void,
): Promise<void> {
  const size = { d: update.wanted.rows, k: update.wanted.cols };
  const kept = known.get(update) ?? new Map<string, number>();
  known.set(update, kept);
  let rows: OwnUpdate['rows'] = new Map();
  const cells = ranks.flatMap((rank) =>
    ADAPTERS.filter((name) => isMade(name, size, rank)).map((name) => ({ rank, name })),
  );
  for (const { rank, name } of cells.toSorted((a, b) => Number(isFound(a.name)) - Number(isFound(b.name)))) {
    const key = `${name} ${rank} ${places && name === 'shira'}`;
    const error = kept.get(key) ?? (await besidePage(cellFloor(name, update, rank, places), wanted));
    if (error === null || !wanted()) return;
    kept.set(key, error);
    rows = new Map(rows).set(rank, { ...rows.get(rank), [name]: error });
    show(rows);
  }
}

/** The settings of an adapter in the Lab. */
const SETTINGS_OF = {
  lora: ({ rank }) => ({ method: 'lora', rank }),
  'b-only': ({ rank }) => ({ method: 'lora', train: 'B', rank }),
  hira: ({ rank }) => ({ method: 'hira', rank }),
  lokr: ({ factor = [1, 1] }) => ({ method: 'lokr', factor: factor.join('x') }),
  oft: ({ block }) => ({ method: 'oft', block }),
  ia3: () => ({ method: 'ia3', side: 'out' }),
  shira: ({ entries }) => ({ method: 'shira', entries, places: 'gradient' }),
  dora: ({ rank }) => ({ method: 'dora', rank }),
  'lora-xs': ({ rank }) => ({ method: 'lora-xs', rank }),
} as const satisfies Record<AdapterName, (size: CellSize) => Partial<Experiment>>;

/** The experiment whose update is that of a row, before it has an adapter. */
export function rowExperiment({ kind }: Pick<MapView, 'kind'>, own: Experiment): Experiment {
  const update = KINDS.find(({ name }) => name === kind);
  return update ? experimentOf(update, 1) : inFullPrecision(own);
}

/**
 * The experiment of a cell, of one's own row with the update of the Lab. Null if the Lab does not train its adapter
 * there: from samples it trains LoRA alone.
 */
export function cellExperiment(
  { kind, adapter, rank, places }: Pick<MapView, 'kind' | 'adapter'> & SizeScale,
  own: Experiment,
): Experiment | null {
  const e = rowExperiment({ kind }, own);
  if (adapter !== 'lora' && !isActive('method', e)) return null;
  const size = sizeWithin(adapter, e.d, e.k, budgetOf(rank, e.d, e.k) / (places && adapter === 'shira' ? 2 : 1));
  return change(e, SETTINGS_OF[adapter](size));
}

/** With how many seeds the runs of a row are: another seed has another update, and one's own has the floors of one. */
export const seedsOfRow = ({ kind }: Pick<MapView, 'kind'>): number => (kind === OWN ? 1 : SEEDS);

/** A row of the map as it is drawn. */
export interface UpdateRow {
  readonly name: RowName;
  readonly label: string;
  readonly brief: string;
  readonly madeFor: readonly AdapterName[];
  readonly errors: OpenRow;
  /** The same at the other sizes. */
  readonly floors: SizeFloors;
  /** Adapters whose error stays unknown. */
  readonly without: readonly AdapterName[];
}

/** The rows of the table, and below them that of one's own update. */
export const updateRows = (view: MapScale, own: OwnUpdate | null): readonly UpdateRow[] => [
  ...KINDS.map(({ name, label, brief, madeFor }) => {
    const floors: SizeFloors = (rank) => rowOf(name, { rank, places: view.places });
    return { name, label, brief, madeFor, errors: floors(view.rank), floors, without: [] };
  }),
  ...(own ? [ownRow(own, view)] : []),
];

const ownRow = ({ brief, rows, without }: OwnUpdate, { rank }: MapScale): UpdateRow => {
  const floors: SizeFloors = (at) => rows.get(at) ?? {};
  return { name: OWN, label: 'your own update', brief, madeFor: [], errors: floors(rank), floors, without };
};

/** ΔW* of each row. */
export type UpdatePictures = ReadonlyMap<RowName, Entries>;

let made: UpdatePictures | null = null;

/** ΔW* of each kind at the first seed: some 20 ms each, once. */
export function updatePictures(): UpdatePictures {
  made ??= new Map(
    KINDS.flatMap((kind) => {
      const problem = prepareProblem(experimentOf(kind, 1), null, { vectors: false });
      if ('why' in problem) return [];
      return problem.modules.map(({ wanted: { matrix } }) => {
        const { rows, cols, data } = matrix;
        return [kind.name, { rows, cols, values: data }] as const;
      });
    }),
  );
  return made;
}
