import { useLayoutEffect, useMemo, useState } from 'react';
import type { Palette, SweepScene } from '../../charts/sweep/cells.ts';
import { broken, isExercise } from '../../experiment/settings/exercise.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { State } from '../../state/state.ts';
import { type Planned, type PlanProgress, plannedOf, progressOf, secondsLeft } from '../../state/sweep/plan.ts';
import type { Sweep } from '../../state/sweep/sweep.ts';
import { useTheme } from '../looks/theme.tsx';
import { useDispatch, useNow, useShown } from '../page.tsx';
import { paletteNow } from '../rail/colours.ts';
import { sweepSceneOf } from './sweep-scene.ts';

export interface SweepShown {
  readonly planned: Planned;
  readonly progress: PlanProgress;
  readonly sweep: Sweep;
}

/** The plan of the page and how far it has come. */
export function useSweep(): SweepShown {
  const planned = useShown(plannedOf);
  const sweep = useShown((s) => s.sweep);
  return { planned, progress: progressOf(planned, sweep.results), sweep };
}

/** Seconds that the runs which are left take; null where nothing is known of this machine yet. */
export function useSecondsLeft(): number | null {
  const now = useNow();
  const { planned, sweep } = useSweep();
  const { results } = sweep;
  const step = useShown((s) => s.run.secondsPerStep);
  return useMemo(() => secondsLeft(now()), [planned, results, step]);
}

/** What the charts of the sweep draw, in the colours of the theme. */
export function useSweepScene(): SweepScene {
  const palette = usePalette();
  const now = useNow();
  const planned = useShown(plannedOf);
  const sweep = useShown((s) => s.sweep);
  const ready = useShown((s) => s.run.ready);
  return useMemo(() => sweepSceneOf(now(), palette), [planned, sweep, ready, palette]);
}

/** The colours that a map mixes, as the theme in force has them. */
export function usePalette(): Palette {
  const theme = useTheme();
  const [palette, setPalette] = useState(paletteNow);
  useLayoutEffect(() => setPalette(paletteNow()), [theme]);
  return palette;
}

/** Opens a cell of the sweep in the lab: its first seed, the same run. An impossible one stays closed. */
export function useOpenCell(): (at: readonly number[]) => void {
  const now = useNow();
  const dispatch = useDispatch();
  return (at) => {
    const run = plannedOf(now()).runs.find(({ cell }) => cell.at.every((v, i) => v === at[i]));
    const experiment = run?.cell.experiment;
    if (experiment) dispatch({ type: 'sweep', sweep: { does: 'open', experiment } });
  };
}

/** Why a cell cannot be opened in the lab: it has another value of what an exercise keeps. Null where it can be. */
export function whyClosed(state: State, at: readonly number[]): string | null {
  if (!isExercise(state.view)) return null;
  const own = plannedOf(state).runs.find(({ cell }) => cell.at.every((v, i) => v === at[i]))?.cell.experiment;
  const [key] = own ? broken(state.experiment, own, state.view) : [];
  return key === undefined ? null : `${param(key).label} cannot be changed in this exercise`;
}
