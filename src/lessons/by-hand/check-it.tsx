import { number, powerOfTen } from '../../experiment/numbers.ts';
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
  return (
    <section className="check-it" aria-label={`Check ${name}`}>
      <div className="head">
        <h2>Check it</h2>
        <span>central differences, h = {powerOfTen(Math.log10(DIFFERENCE))}</span>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            <th scope="col">by hand</th>
            <th scope="col">by differences</th>
          </tr>
        </thead>
        <tbody>
          {byHand.flatMap((row, i) =>
            row.map((value, j) => (
              <tr key={`${i},${j}`} className={i === at.row && j === at.col ? 'here' : undefined}>
                <th scope="row">
                  row {i + 1}, column {j + 1}
                </th>
                <td>{kept(i, j) ? '?' : fourDecimals(value)}</td>
                <td>{kept(i, j) ? '?' : nineDecimals(found[i][j])}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      <p>largest difference {number(largestDifference(byHand, found), 2)}</p>
    </section>
  );
}
