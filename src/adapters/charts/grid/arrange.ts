import { visibleText } from '../../file/faults.ts';
import type { Module, ModulePlace } from '../../file/model.ts';
import { compareOrders, GROUPS, TYPES } from '../../file/places.ts';

export interface Arrangement {
  /** In the order of the forward pass. */
  readonly rows: readonly string[];
  readonly columns: readonly GridColumn[];
  /** Indices into the list of modules, row by row; null: empty. */
  readonly cells: readonly (number | null)[];
}

interface GridColumn {
  /** "self-attention", "mlp"; empty for others. */
  readonly group: string;
  readonly type: string;
}

/** In characters: a name may be as long as a header, and every label would be measured letter by letter. */
const LONGEST = 160;

/** A text from a file for display: the middle of a long one is left out, invisible characters are removed. */
export const boundedText = (text: string, max = LONGEST): string =>
  visibleText(text.length <= max ? text : `${text.slice(0, max - 60)}…${text.slice(-59)}`);

/** Row and column of a module. If its name has no layer, its prefix is the row. */
export function gridPlaceOf({ name, place }: Pick<Module, 'name' | 'place'>): ModulePlace {
  if (place) return { ...place, layer: boundedText(place.layer), type: boundedText(place.type) };
  const at = name.includes('.') ? name.lastIndexOf('.') : name.lastIndexOf('_');
  return {
    layer: boundedText(at > 0 ? name.slice(0, at) : name),
    order: [],
    group: '',
    type: at > 0 ? boundedText(name.slice(at + 1)) : 'ΔW',
  };
}

export function moduleTitle(module: Pick<Module, 'name' | 'place'>): string {
  const { layer, group, type } = gridPlaceOf(module);
  return `${layer} · ${group === '' ? type : `${group} ${type}`}`;
}

/**
 * A row per layer, a column per kind of module. Rows come in the order of the forward pass, those without a layer after
 * them in the order of the list; columns in groups, as a layer computes them. Two modules of one place get a row each,
 * so that none is hidden.
 */
export function arrange(modules: readonly Pick<Module, 'name' | 'place'>[]): Arrangement {
  const columns: GridColumn[] = [];
  const known = new Map<string, number>();
  const rows: GridRow[] = [];
  const byLayer = new Map<string, GridRow[]>();
  const taken = new Map<string, number>();
  modules.forEach((module, index) => {
    const { layer, order, group, type } = gridPlaceOf(module);
    const key = `${group}\n${type}`;
    const column = known.get(key) ?? columns.push({ group, type }) - 1;
    known.set(key, column);
    const ofLayer = byLayer.get(layer) ?? [];
    byLayer.set(layer, ofLayer);
    // The second module of a place goes into the second row of its layer.
    const before = taken.get(`${column}\n${layer}`) ?? 0;
    taken.set(`${column}\n${layer}`, before + 1);
    if (before === ofLayer.length) {
      const row = { text: before === 0 ? layer : `${layer} (${before + 1})`, order, at: new Map<number, number>() };
      rows.push(row);
      ofLayer.push(row);
    }
    ofLayer[before].at.set(column, index);
  });
  // If names make no grid, it would have more holes than cells: then each module is a row.
  if (rows.length * columns.length > MOST_CELLS) return listed(modules);
  const met = [...new Set(columns.map(({ group }) => group))];
  const rank = ({ group, type, i }: GridColumn & { readonly i: number }) =>
    [placed(GROUPS, group, met.indexOf(group)), placed(TYPES, type, i)] as const;
  const order = columns
    .map((column, i) => ({ ...column, i, rank: rank({ ...column, i }) }))
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  const sorted = rows.map((row, i) => ({ ...row, i })).sort((a, b) => compareRows(a, b) || a.i - b.i);
  return {
    rows: sorted.map(({ text }) => text),
    columns: order.map(({ group, type }) => ({ group, type })),
    cells: sorted.flatMap(({ at }) => order.map(({ i }) => at.get(i) ?? null)),
  };
}

/** More than the layers of any model times all of its kinds of layers. */
const MOST_CELLS = 20_000;

const listed = (modules: readonly Pick<Module, 'name' | 'place'>[]): Arrangement => ({
  rows: modules.map(moduleTitle),
  columns: [{ group: '', type: 'ΔW' }],
  cells: modules.map((_, i) => i),
});

/** Names missing from the list follow it, in the order of the file. */
function placed(list: readonly string[], name: string, met: number): number {
  const at = list.indexOf(name);
  return at < 0 ? list.length + met : at;
}

interface GridRow {
  readonly text: string;
  readonly order: readonly number[];
  readonly at: Map<number, number>;
}

/** Rows without a layer are last. */
function compareRows(a: GridRow, b: GridRow): number {
  const unplaced = Math.sign(b.order.length) - Math.sign(a.order.length);
  return unplaced || compareOrders(a.order, b.order);
}

export function groupsOf(columns: readonly GridColumn[]): { text: string; from: number; to: number }[] {
  const found: { text: string; from: number; to: number }[] = [];
  columns.forEach(({ group }, i) => {
    const last = found.at(-1);
    if (last?.text === group) last.to = i + 1;
    else found.push({ text: group, from: i, to: i + 1 });
  });
  return found;
}
