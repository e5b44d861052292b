import { useId } from 'react';
import { Button } from '../../kit/button.tsx';
import { shownRepeats } from '../../state/run/listed-runs.ts';
import { useDispatch, useGetLab, useLab } from '../page.tsx';

const MOST_SEEDS = 32;

interface RepeatFormProps {
  readonly seeds: number;
  readonly onSeeds: (seeds: number) => void;
}

/** What the menu of repetitions holds: how many seeds, and the buttons that start and remove them. */
export default function RepeatForm({ seeds, onSeeds }: RepeatFormProps) {
  const repeated = useLab(shownRepeats);
  const now = useGetLab();
  const dispatch = useDispatch();
  const id = useId();
  const start = () => {
    dispatch({ type: 'planned', changes: { repeat: seeds } });
    dispatch({ type: 'sweep', sweep: { does: 'repeat', experiment: now().experiment, seeds } });
  };
  const away = () => {
    dispatch({ type: 'planned', changes: { repeat: 1 } });
    dispatch({ type: 'sweep', sweep: { does: 'unrepeat' } });
  };
  return (
    <>
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
          value={seeds}
          aria-describedby={id}
          onChange={(event) => {
            const typed = Math.round(Number(event.currentTarget.value));
            if (typed >= 2 && typed <= MOST_SEEDS) onSeeds(typed);
          }}
        />
      </label>
      <div className="row">
        <Button onClick={start}>Repeat</Button>
        {repeated && <Button onClick={away}>Remove</Button>}
      </div>
    </>
  );
}
