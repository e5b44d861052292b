import { isExercise, isLocked } from '../../experiment/settings/exercise.ts';
import { isActive, isParamKey } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { isViewKey, type View } from '../../experiment/settings/view.ts';
import { useLab } from '../page.tsx';

/** What of a view says which controls are there. */
type ControlRequest = Pick<View, 'show' | 'view'> & Partial<Pick<View, 'lock'>>;

/** The controls of a page in a frame whose link names none. */
const EMBEDDED: readonly ParamKey[] = ['rank'];

/** The controls that a link asks for; null: all. Names that are none are ignored. */
export function requestedControls({ show, view }: ControlRequest): readonly ParamKey[] | null {
  const known = show.split(',').filter(isParamKey);
  if (view === 'embed') return show === '' ? EMBEDDED : known;
  // One that names nothing but the pace, say, wants no control of a setting.
  return known.length > 0 || show.split(',').some(isViewKey) ? known : null;
}

/** True where a parameter has a use in this experiment and the link does not hide it. */
export function isVisible(of: ParamKey, e: Experiment, wish: ControlRequest): boolean {
  const { lock = '' } = wish;
  return isActive(of, e) && !isLocked(of, { lock }) && (requestedControls(wish)?.includes(of) ?? true);
}

export function useIsVisible(of: ParamKey): boolean {
  return useLab((s) => isVisible(of, s.experiment, s.view));
}

/** Those of some settings that are visible, in their order. */
export function useVisibleControls(keys: readonly ParamKey[]): readonly ParamKey[] {
  // Text, so that the same list is the same value.
  const visible = useLab((s) => keys.filter((key) => isVisible(key, s.experiment, s.view)).join());
  return visible.split(',').filter(isParamKey);
}

/** True where the link is an exercise. */
export function useExercise(): boolean {
  return useLab((s) => isExercise(s.view));
}

/** True where the link names the controls: then nothing is folded away. */
export function useNamedControls(): boolean {
  return useLab((s) => requestedControls(s.view) !== null);
}
