import { number, powerOfTen } from '../../experiment/numbers.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { DIFFERENCE, largestDifference } from '../one-step/differences.ts';
import type { Rows } from '../one-step/one-step.ts';
import { fourDecimals } from '../slow-motion/number-words.ts';

interface CheckItProps {
  readonly of: 'A' | 'B';
  readonly byHand: Rows;
  readonly found: Rows;
  /** The entry that is looked at. */
  readonly at: { readonly row: number; readonly col: number };
  /** The entry that the reader is asked for. */
  readonly asked: { readonly row: number; readonly col: number } | null;
}

const nineDecimals = (value: number) => {
  const text = value.toFixed(9).replace('-', '−');
  return text === '−0.000000000' ? '0.000000000' : text;
};

/** The gradient by the formula, and by moving each entry a little up and down: entry by entry. */
export function CheckIt({ of, byHand, found, at, asked }: CheckItProps) {
  const name = `∂L/∂${of}`;
  const kept = (row: number, col: number) => asked?.row === row && asked.col === col;
  const entries = byHand.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
  return (
    <section className="check-it" aria-label={`Check ${name}`}>
      <div className="head">
        <h2>Check it</h2>
        <span>central differences, h = {powerOfTen(Math.log10(DIFFERENCE))}</span>
      </div>
      <DataTable
        rows={entries}
        rowClass={({ i, j }) => (i === at.row && j === at.col ? 'here' : undefined)}
        columns={[
          { key: 'entry', head: name, cell: ({ i, j }) => `row ${i + 1}, column ${j + 1}` },
          { key: 'hand', head: 'by hand', cell: ({ i, j, value }) => (kept(i, j) ? '?' : fourDecimals(value)) },
          {
            key: 'differences',
            head: 'by differences',
            cell: ({ i, j }) => (kept(i, j) ? '?' : nineDecimals(found[i][j])),
          },
        ]}
      />
      <p>largest difference {number(largestDifference(byHand, found), 2)}</p>
    </section>
  );
}
