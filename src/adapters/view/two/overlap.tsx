import { type CSSProperties, useState } from 'react';
import { Choice } from '../../../kit/choice.tsx';
import { Figure } from '../../../kit/figure.tsx';
import type { PairFigures } from '../../file/model.ts';

/** So many directions are shown in numbers. */
const SHOWN = 8;

/** φ(i, j) of the leading directions of two updates, in numbers on their tint. */
export function Overlap({ figures }: { readonly figures: PairFigures }) {
  const [side, setSide] = useState<'left' | 'right'>('left');
  const { rows, cols, data } = figures[side];
  const [height, width] = [Math.min(rows, SHOWN), Math.min(cols, SHOWN)];
  const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
  return (
    <Figure
      className="overlap"
      level={3}
      title="Overlap φ(i, j)"
      help={`${side === 'left' ? '‖UᵢᵀÛⱼ‖²' : '‖VᵢᵀV̂ⱼ‖²'} / min(i, j): 1 = same subspace`}
    >
      {height === 0 || width === 0 ? (
        <p className="note">A module without a direction has nothing to compare.</p>
      ) : (
        <table className={width > 5 ? 'many' : undefined}>
          <caption className="unseen">Rows: the leading i directions of a. Columns: the leading j of b.</caption>
          <thead>
            <tr>
              <td />
              {numbers(width).map((j) => (
                <th key={j} scope="col">
                  {j + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {numbers(height).map((i) => (
              <tr key={i}>
                <th scope="row">{i + 1}</th>
                {numbers(width).map((j) => {
                  const value = data[i * cols + j] ?? 0;
                  return (
                    <td key={j} style={{ '--tint': `${Math.round(46 * value)}%` } as CSSProperties}>
                      {value.toFixed(2)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="axes" aria-hidden="true">
        <span>i of a ↓</span>
        <span>j of b →</span>
      </p>
      <Choice
        aria-label="Which directions"
        options={[
          ['left', 'outputs U'],
          ['right', 'inputs V'],
        ]}
        value={side}
        onChange={setSide}
      />
    </Figure>
  );
}
