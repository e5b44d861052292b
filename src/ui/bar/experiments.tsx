import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import type { PageEvent } from '../../state/events.ts';
import { useDispatch, useShown } from '../page.tsx';

const OWN = '';
const ABOUT = '?';

/** Opens a preset, as its link would. */
export function openPreset(name: string): Extract<PageEvent, { type: 'opened' }> {
  const { experiment, view } = parseLink(presets.byName(name).link);
  return { type: 'opened', experiment, view, drawing: null, notices: [], preset: name };
}

/** What reads a painting is loaded with the first link that has one, so such a preset is opened by its address. */
const hasPainting = (name: string) => presets.byName(name).link.includes('&data=');

/** The experiment on screen by name; a choice opens another one. */
export function Experiments() {
  const preset = useShown((s) => s.preset);
  const dispatch = useDispatch();
  const choose = (value: string) => {
    if (value === ABOUT) dispatch({ type: 'panel', panel: { name: 'presets' } });
    else if (value !== OWN && hasPainting(value)) location.hash = presets.byName(value).link;
    else if (value !== OWN) dispatch(openPreset(value));
  };
  return (
    <select
      className="pick experiments"
      aria-label="Experiment"
      value={preset ?? OWN}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {preset === null && <option value={OWN}>Your own settings</option>}
      {presets.all.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
      <option value={ABOUT}>About the experiments …</option>
    </select>
  );
}
