import { useId, useRef, useState } from 'react';
import { presets } from '../../experiment/presets.ts';
import { targets } from '../../experiment/targets/index.ts';
import { MAX_NOTE_LENGTH, MAX_TITLE_LENGTH } from '../../state/collection/collection.ts';
import type { State } from '../../state/state.ts';
import { LengthLimit } from '../controls/field.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

function titleOf({ preset, experiment }: State): string {
  if (preset !== null) return presets.byName(preset).label;
  return `${targets.byName(experiment.target).label}, rank ${experiment.rank}`;
}

export function KeepPanel() {
  const proposed = useLab(titleOf);
  const [title, setTitle] = useState(proposed);
  const [note, setNote] = useState('');
  const dispatch = useDispatch();
  const first = useRef<HTMLInputElement>(null);
  const id = useId();
  const keep = () => {
    dispatch({ type: 'panel', panel: null });
    dispatch({ type: 'command', command: { mine: { keep: { title, note } } } });
  };
  return (
    <Dialog title="Save these settings" kind="keep" first={first}>
      <form
        className="keep-form"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <label htmlFor={`${id}-title`}>Title</label>
        <input
          ref={first}
          id={`${id}-title`}
          maxLength={MAX_TITLE_LENGTH}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <LengthLimit text={title} most={MAX_TITLE_LENGTH} />
        <label htmlFor={`${id}-note`}>Note (one line, optional)</label>
        <input
          id={`${id}-note`}
          maxLength={MAX_NOTE_LENGTH}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <LengthLimit text={note} most={MAX_NOTE_LENGTH} />
        <p className="note">
          Saved on this device only, with a small picture of what is on screen: the settings, not the trained run.
        </p>
        <button type="submit" className="btn main">
          Save
        </button>
      </form>
    </Dialog>
  );
}
