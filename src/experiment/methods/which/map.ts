import { median } from '../../../math/median.ts';
import {
  ADAPTERS,
  type AdapterName,
  BUDGET_RANKS,
  type BudgetRank,
  budgetOf,
  type SizeRank,
  sizeWithin,
} from './adapters.ts';
import { KINDS, type KindName, SIDE } from './kinds.ts';
import type { FloorTable } from './measured.ts';
import json from './table.json' with { type: 'json' };

const TABLE: FloorTable = json;

export const TABLE_SEEDS: number = TABLE.seeds.length;

/** The row of the update that is in the Lab. */
export const OWN = 'own';
export type RowName = KindName | typeof OWN;

/** What the map shows, and where one is in it. */
export interface MapView {
  readonly kind: RowName;
  readonly adapter: AdapterName;
  /** The budget: as many parameters as LoRA has at this rank. */
  readonly rank: BudgetRank;
  /** SHiRA's places count as parameters too: it gets half as many entries. */
  readonly places: boolean;
  /** What the runs of a row differ in: their learning rate, or the size of their adapter. */
  readonly against: 'rate' | 'size';
}
export type RowScale = Pick<MapView, 'kind' | 'rank' | 'places'>;
export type MapScale = Pick<MapView, 'rank' | 'places'>;

/** The same at any of the sizes that are compared. */
export interface SizeScale extends Pick<MapView, 'places'> {
  readonly rank: SizeRank;
}

const USUAL: MapView = { kind: 'rotation', adapter: 'lora', rank: 8, places: false, against: 'rate' };

/** The view that a link's `which` names, such as "rotation,lora,8,places"; what it leaves out or misspells is as usual. */
export function readMapView(text: string): MapView {
  const words = text.split(',');
  const kind = words.includes(OWN) ? OWN : (KINDS.find(({ name }) => words.includes(name))?.name ?? USUAL.kind);
  const adapter = ADAPTERS.find((name) => words.includes(name)) ?? USUAL.adapter;
  const rank = BUDGET_RANKS.find((one) => words.includes(String(one))) ?? USUAL.rank;
  const against = words.includes('sizes') ? 'size' : 'rate';
  return { kind, adapter, rank, places: words.includes('places'), against };
}

export const mapViewText = ({ kind, adapter, rank, places, against }: MapView): string =>
  [kind, adapter, rank, ...(places ? ['places'] : []), ...(against === 'size' ? ['sizes'] : [])].join();

/** Trained parameters of an adapter; of SHiRA with its places, if they count. */
export const parametersOf = (adapter: AdapterName, { rank }: SizeScale, d = SIDE, k = SIDE): number =>
  sizeWithin(adapter, d, k, budgetOf(rank, d, k)).parameters;

/** The median over the seeds of the table. */
export const cellOf = (kind: KindName, adapter: AdapterName, scale: SizeScale): number =>
  median(seedsOf(kind, adapter, scale));

function seedsOf(kind: KindName, adapter: AdapterName, { rank, places }: SizeScale): readonly number[] {
  const row = TABLE.floors[`${rank}`][kind];
  return adapter === 'shira' && places ? row['shira-places'] : row[adapter];
}

export type MapRow = Readonly<Record<AdapterName, number>>;
/** Without the errors that are not known yet. */
export type OpenRow = Partial<MapRow>;

/** The least errors of a row at each size; without those that are not known yet. */
export type SizeFloors = (rank: SizeRank) => OpenRow;

export const rowOf = (kind: KindName, scale: SizeScale): MapRow =>
  Object.fromEntries(ADAPTERS.map((adapter) => [adapter, cellOf(kind, adapter, scale)])) as MapRow;

/** Errors this close count as equal: what is printed as 0. */
export const NOTHING = 5e-4;

/** The adapters with the least error of a row. */
export function bestOf(row: OpenRow): readonly AdapterName[] {
  const known = ADAPTERS.filter((adapter) => row[adapter] !== undefined);
  const least = Math.min(...known.map((adapter) => row[adapter] ?? 1));
  return known.filter((adapter) => (row[adapter] ?? 1) < least + NOTHING);
}
