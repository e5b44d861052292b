import type { Place } from '../model.ts';
import { columnOf } from './columns.ts';
import { type Row, rowOf } from './rows.ts';

/** Where modules stand in their model, one for each canonical name; null where it does not tell. */
export function placesOf(canonical: readonly string[]): readonly (Place | null)[] {
  const rows = canonical.map(rowOf);
  const columns = rows.map((row) => row && columnOf(row.rest));
  // An encoder and a decoder are told apart where both are there, blocks of an attention where one has several.
  const both = rows.some((row) => row?.tower === 'encoder') && rows.some((row) => row?.tower === 'decoder');
  const several = new Set(rows.flatMap((row) => (row?.sub ? [keyOf(row)] : [])));
  const crossed = columns.some((column) => column?.group === 'cross-attention');
  const taken = new Map<string, number>();
  return rows.map((row, i) => {
    const column = columns[i];
    if (!row || !column) return null;
    const sub = row.sub !== null && several.has(keyOf(row)) ? `·${row.sub}` : '';
    const layer = `${wordOf(row, both)} ${row.number}${sub}`.trim().replace(' ·', '·');
    const group = column.group === 'self-attention' && !crossed ? 'attention' : column.group;
    // Two modules never share a cell.
    const cell = `${layer}\n${group}\n${column.type}`;
    const times = (taken.get(cell) ?? 0) + 1;
    taken.set(cell, times);
    const type = times === 1 ? column.type : `${column.type} (${times})`;
    return { layer, order: [...row.order, row.sub ?? -1], group, type };
  });
}

const keyOf = (row: Row) => `${row.tower} ${row.word} ${row.number}`;

function wordOf({ tower, word }: Row, both: boolean): string {
  if (tower === null || ((tower === 'encoder' || tower === 'decoder') && !both)) return word;
  return tower;
}
