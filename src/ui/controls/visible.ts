import { isActive, isParamKey } from '../../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { useShown } from '../page.tsx';

/** The controls that `show=` asks for; null: all. Names that are none are ignored. */
export function wantedControls(show: string): readonly ParamKey[] | null {
  const known = show.split(',').filter(isParamKey);
  return known.length > 0 ? known : null;
}

/** True where a parameter has a use in this experiment and the link does not hide it. */
export function isVisible(of: ParamKey, e: Experiment, show: string): boolean {
  return isActive(of, e) && (wantedControls(show)?.includes(of) ?? true);
}

export function useVisible(of: ParamKey): boolean {
  return useShown((s) => isVisible(of, s.experiment, s.view.show));
}

/** Those of some settings that are visible, in their order. */
export function useVisibleOf(keys: readonly ParamKey[]): readonly ParamKey[] {
  // Text, so that the same list is the same value.
  const visible = useShown((s) => keys.filter((key) => isVisible(key, s.experiment, s.view.show)).join());
  return visible.split(',').filter(isParamKey);
}

/** True where the link names the controls: then nothing is folded away. */
export function usePicked(): boolean {
  return useShown((s) => wantedControls(s.view.show) !== null);
}
