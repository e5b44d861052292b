import { wordsOf } from '../../experiment/preset-words.ts';
import { presets } from '../../experiment/presets.ts';
import { openPreset } from '../bar/experiments.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { Dialog } from './dialog.tsx';

/** Each experiment with what it shows, what to watch, and where it does not hold. */
export function PresetsPanel() {
  const open = useShown((s) => s.preset);
  const dispatch = useDispatch();
  return (
    <Dialog title="Experiments" kind="presets">
      <ul className="plain">
        {presets.all
          .map(({ name, label }) => ({ name, label, ...wordsOf(name) }))
          .map(({ name, label, claim, watch, limits, source }) => (
            <li key={name} className="preset">
              <h3>{label}</h3>
              <p>{claim}</p>
              <p>
                <b>Watch:</b> {watch}
              </p>
              <p className="note">
                <b>Limits:</b> {limits}
                {source && ` Source: ${source}.`}
              </p>
              <button type="button" className="btn" onClick={() => dispatch(openPreset(name))}>
                {name === open ? 'Open again' : 'Open'}
              </button>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}
