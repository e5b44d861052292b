import { isExercise, isLocked } from '../../experiment/settings/exercise.ts';
import { isActive, isParamKey } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { isViewKey, type View } from '../../experiment/settings/view.ts';
import { useLab } from '../page.tsx';

type ControlRequest = Pick<View, 'show' | 'view'> & Partial<Pick<View, 'lock'>>;

const EMBEDDED: readonly ParamKey[] = ['rank'];

/** Controls that a link asks for, or null for all. Unknown names are ignored. */
export function requestedControls({ show, view }: ControlRequest): readonly ParamKey[] | null {
  const known = show.split(',').filter(isParamKey);
  if (view === 'embed') return show === '' ? EMBEDDED : known;
  // A link that names only view keys, such as the pace, asks for no control of a setting.
  return known.length > 0 || show.split(',').some(isViewKey) ? known : null;
}

/** Whether a parameter has an effect in this experiment and the link does not hide it. */
export function isVisible(of: ParamKey, e: Experiment, wish: ControlRequest): boolean {
  const { lock = '' } = wish;
  return isActive(of, e) && !isLocked(of, { lock }) && (requestedControls(wish)?.includes(of) ?? true);
}

export function useIsVisible(of: ParamKey): boolean {
  return useLab((s) => isVisible(of, s.experiment, s.view));
}

export function useVisibleControls(keys: readonly ParamKey[]): readonly ParamKey[] {
  // Joined as text so that an equal list is the same value.
  const visible = useLab((s) => keys.filter((key) => isVisible(key, s.experiment, s.view)).join());
  return visible.split(',').filter(isParamKey);
}

export function useExercise(): boolean {
  return useLab((s) => isExercise(s.view));
}

/** Whether the link names the controls: then nothing is folded away. */
export function useNamedControls(): boolean {
  return useLab((s) => requestedControls(s.view) !== null);
}
