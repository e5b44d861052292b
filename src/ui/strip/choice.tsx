import { count } from '../../charts/format.ts';
import type { CaptionFacts, Drawn } from './captions.ts';
import type { Painted } from './use-strip.ts';

interface Props {
  readonly facts: CaptionFacts;
  readonly wish: Drawn;
  readonly choose: (wish: Drawn) => void;
  readonly painted: Painted | null;
}

/** What a cell of a large layer shows of its block, and of which step where that is not the one on show. */
export function Choice({ facts: { blocks }, wish, choose, painted }: Props) {
  const late = wish === 'extremes' && painted?.extremes?.late;
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
      {late && `, at step ${count(painted.extremes.step)}`}
    </div>
  );
}
