import { prepareProblem } from '../../../experiment/layer/problem.ts';
import { type AdapterName, budgetOf, type CellSize, sizeWithin } from '../../../experiment/methods/which/adapters.ts';
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
import { experimentOf } from '../../../experiment/methods/which/measured.ts';
import { change, isActive } from '../../../experiment/settings/experiment.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { inFullPrecision } from '../../../experiment/settings/storage.ts';
import type { Entries } from '../../rail/colours.ts';
import { SEEDS } from './contest.ts';
import type { OwnUpdate } from './own-update.ts';

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
