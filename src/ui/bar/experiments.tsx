import { parseLink } from '../../experiment/link/link.ts';
import { PRESET_GROUPS, presets } from '../../experiment/presets.ts';
import type { PageEvent } from '../../state/events.ts';
import { goTo, WHICH_ADAPTER } from '../../state/places.ts';
import { experimentLinkOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useLab } from '../page.tsx';

const OWN = '';
const ALL = '?';
const KEEP = '+';
const CLASS = '!';

function openPreset(name: string): Extract<PageEvent, { type: 'opened' }> {
  const { experiment, view } = parseLink(presets.byName(name).link);
  return { type: 'opened', experiment, view, drawing: null, notices: [], preset: name };
}

/** The decoder for paintings is loaded with the first link that has one, so such a preset is opened by its address. */
const hasPainting = (name: string) => presets.byName(name).link.includes('&data=');

export function choosePreset(name: string, dispatch: (event: PageEvent) => void): void {
  // The map has a row for the update in the lab, which stays.
  if (name === WHICH_ADAPTER) dispatch(goTo('which'));
  else if (hasPainting(name)) {
    dispatch(goTo('lab'));
    location.hash = presets.byName(name).link;
  } else dispatch(openPreset(name));
}

let last: { readonly of: readonly unknown[]; readonly title: string | null } = { of: [], title: null };

/** Title of the state on screen in the person's own experiments (the last one saved); null if it is not among them. */
function keptTitle(state: State): string | null {
  const { mine, experiment, view, next, run } = state;
  if (!mine || mine.experiments.length === 0) return null;
  const of = [mine.experiments, experiment, view, next === null, run.ready];
  if (of.some((value, i) => value !== last.of[i])) {
    const link = experimentLinkOf(state);
    last = { of, title: mine.experiments.findLast((one) => one.link === link)?.title ?? null };
  }
  return last.title;
}

export function Experiments() {
  const kept = useLab(keptTitle);
  const preset = useLab((s) => (kept === null ? s.preset : null));
  const all = useLab((s) => s.view.view === 'experiments');
  const which = useLab((s) => s.view.view === 'which');
  const forClass = useLab((s) => s.view.view === 'class');
  const dispatch = useDispatch();
  const choose = (value: string) => {
    if (value === ALL) dispatch(goTo('experiments'));
    else if (value === CLASS) dispatch(goTo('class'));
    else if (value === KEEP) dispatch({ type: 'panel', panel: { name: 'keep' } });
    else if (value === OWN) dispatch(goTo('lab'));
    else choosePreset(value, dispatch);
  };
  return (
    <select
      className="pick experiments"
      aria-label="Experiment"
      value={all ? ALL : which ? WHICH_ADAPTER : forClass ? CLASS : (preset ?? OWN)}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {preset === null && <option value={OWN}>{kept ?? 'Your own settings'}</option>}
      {Object.entries(PRESET_GROUPS).map(([group, title]) => (
        <optgroup key={group} label={title}>
          {presets.all
            .filter((one) => one.group === group)
            .map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
        </optgroup>
      ))}
      <option value={KEEP}>Save these settings …</option>
      <option value={CLASS}>{forClass ? 'Class link' : 'Make a class link …'}</option>
      <option value={ALL}>{all ? 'Experiments' : 'All experiments …'}</option>
    </select>
  );
}
