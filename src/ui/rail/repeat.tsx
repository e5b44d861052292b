import { useId, useState } from 'react';
import { counted } from '../../experiment/numbers.ts';
import { Menu } from '../../kit/menu.tsx';
import { repeatedBeside } from '../../state/run/listed.ts';
import { useDispatch, useNow, useShown } from '../page.tsx';

const MOST_SEEDS = 32;
/** Enough for a band that does not hang on one run. */
const USUAL_SEEDS = 10;

/**
 * Beside the seed: the same experiment over several, whose median and middle half every chart over steps then shows. A low
 * window has no room there, and has it with the number of steps.
 */
export function Repeat({ place }: { readonly place: 'beside' | 'folded' }) {
  const lab = useShown((s) => s.view.view === 'lab');
  const wanted = useShown((s) => s.view.repeat);
  const repeated = useShown(repeatedBeside);
  const [seeds, setSeeds] = useState<number | null>(null);
  const now = useNow();
  const dispatch = useDispatch();
  const id = useId();
  if (!lab) return null;
  const n = seeds ?? (wanted > 1 ? wanted : USUAL_SEEDS);
  const start = () => {
    dispatch({ type: 'planned', changes: { repeat: n } });
    dispatch({ type: 'sweep', sweep: { does: 'repeat', experiment: now().experiment, seeds: n } });
  };
  const away = () => {
    dispatch({ type: 'planned', changes: { repeat: 1 } });
    dispatch({ type: 'sweep', sweep: { does: 'unrepeat' } });
  };
  const label = repeated
    ? repeated.going
      ? `seed ${repeated.runs.length} of ${repeated.seeds} …`
      : `median of ${counted(repeated.runs.length, 'seed')} shown`
    : `repeat over ${counted(n, 'seed')}`;
  return (
    <Menu label={label} kind={`repeat ${place}`} name={`${label}: repeat this experiment with other seeds`} room={240}>
      <p id={id}>
        One run may be lucky. Repeat it with other seeds to see the median and the middle half on every chart over
        steps.
      </p>
      <label className="row">
        Seeds
        <input
          className="num"
          type="number"
          min={2}
          max={MOST_SEEDS}
          value={n}
          aria-describedby={id}
          onChange={(event) => {
            const typed = Math.round(Number(event.currentTarget.value));
            if (typed >= 2 && typed <= MOST_SEEDS) setSeeds(typed);
          }}
        />
      </label>
      <div className="row">
        <button type="button" className="btn" onClick={start}>
          Repeat
        </button>
        {repeated && (
          <button type="button" className="btn" onClick={away}>
            Remove
          </button>
        )}
      </div>
    </Menu>
  );
}
