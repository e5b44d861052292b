import './compare.css';
import { useDispatch, useLab } from '../page.tsx';
import { pinNames } from '../words/run-names.ts';

/** A fifth pin: asks which of the four to replace, in place of the claim. */
export default function PinQuestion() {
  const names = useLab(pinNames);
  const pins = useLab((s) => s.compare.pins);
  const dispatch = useDispatch();
  const replace = (pin: number | null) => dispatch({ type: 'compare', does: 'replace', pin });
  return (
    <fieldset className="claim" aria-label="Replace a pinned run">
      Four runs are pinned. Replace which one?
      <span className="asks">
        {pins.map(({ id }, i) => (
          <button key={id} type="button" className="btn" onClick={() => replace(id)}>
            {names[i]}
          </button>
        ))}
        <button type="button" className="btn" onClick={() => replace(null)}>
          None
        </button>
      </span>
    </fieldset>
  );
}
