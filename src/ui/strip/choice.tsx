import { count } from '../../experiment/numbers.ts';
import { useShown } from '../page.tsx';
import type { CaptionFacts, Drawn } from './captions.ts';
import { placeWords } from './read-out.ts';
import { placeOf } from './reading.ts';
import type { Painted } from './use-painted.ts';

interface Props {
  readonly facts: CaptionFacts;
  readonly wish: Drawn;
  readonly choose: (wish: Drawn) => void;
  readonly painted: Painted | null;
}

/** What a cell of a large layer shows of its block, and which one is pointed at. */
export function Choice({ facts: { d, k, blocks }, wish, choose, painted }: Props) {
  const cell = useShown((s) => s.cell);
  // Those of products are worked out now and then.
  const late = painted?.drawn === 'extremes' && painted.extremes?.late ? painted.extremes.step : null;
  return (
    <div className="drawn title">
      <select
        className="pick"
        aria-label="What a cell shows of its block"
        value={wish}
        onChange={(event) => choose(event.target.value as Drawn)}
      >
        <option value="means">mean of</option>
        <option value="extremes">largest in</option>
      </select>
      {`${count(blocks.rows)} × ${count(blocks.columns)} entries`}
      {late !== null && `, ΔW at step ${count(late)}`}
      {cell && painted && `: ${placeWords(placeOf(painted.means.dW, cell, d, k))}`}
    </div>
  );
}
