import './compare.css';
import { Press, useLab } from '../page.tsx';
import { pinNames } from '../words/run-names.ts';

/** A fifth pin: asks which of the four to replace, in place of the claim. */
export default function PinQuestion() {
  const names = useLab(pinNames);
  const pins = useLab((s) => s.compare.pins);
  return (
    <fieldset className="claim" aria-label="Replace a pinned run">
      Four runs are pinned. Replace which one?
      <span className="asks">
        {pins.map(({ id }, i) => (
          <Press key={id} event={{ type: 'compare', does: 'replace', pin: id }}>
            {names[i]}
          </Press>
        ))}
        <Press event={{ type: 'compare', does: 'replace', pin: null }}>None</Press>
      </span>
    </fieldset>
  );
}
