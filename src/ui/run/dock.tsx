import { count } from '../../experiment/numbers.ts';
import { shownStep } from '../../state/select.ts';
import { RankSlider } from '../controls/rank.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { MainButton } from './buttons.tsx';

/** At the foot of a phone: train, the sheet with the other settings, rank, and how far the run is. */
export function Dock() {
  const dispatch = useDispatch();
  return (
    <section className="dock" aria-label="Controls">
      <div className="row">
        <MainButton />
        <button type="button" className="btn" onClick={() => dispatch({ type: 'panel', panel: { name: 'rail' } })}>
          Set up
        </button>
      </div>
      <RankSlider beside={<Step />} />
    </section>
  );
}

function Step() {
  const step = useShown(shownStep);
  return <> · step {count(step)}</>;
}
