import { useLayoutEffect, useMemo, useState } from 'react';
import type { Palette, SweepScene } from '../../charts/sweep/cells.ts';
import { isExercise, violatedKeys } from '../../experiment/settings/exercise.ts';
import { param } from '../../experiment/settings/experiment.ts';
import type { State } from '../../state/state.ts';
import { plannedSweep, planProgress, secondsLeft } from '../../state/sweep/plan.ts';
import { useTheme } from '../looks/theme.tsx';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { currentPalette } from '../rail/colours.ts';
import { sweepSceneOf } from './sweep-scene.ts';

export function useSweep() {
  const planned = useLab(plannedSweep);
  const sweep = useLab((s) => s.sweep);
  return { planned, progress: planProgress(planned, sweep.results), sweep };
}

/** Seconds for the remaining runs; null if nothing is known of this machine yet. */
export function useSecondsLeft(): number | null {
  const now = useGetLab();
  const { planned, sweep } = useSweep();
  const { results, speed } = sweep;
  const step = useLab((s) => s.run.secondsPerStep);
  return useMemo(() => secondsLeft(now()), [planned, results, speed, step]);
}

export function useSweepScene(): SweepScene {
  const palette = usePalette();
  const now = useGetLab();
  const planned = useLab(plannedSweep);
  const sweep = useLab((s) => s.sweep);
  const ready = useLab((s) => s.run.ready);
  return useMemo(() => sweepSceneOf(now(), palette), [planned, sweep, ready, palette]);
}

export function usePalette(): Palette {
  const theme = useTheme();
  const [palette, setPalette] = useState(currentPalette);
  useLayoutEffect(() => setPalette(currentPalette()), [theme]);
  return palette;
}

const cellExperiment = (state: State, at: readonly number[]) =>
  plannedSweep(state).runs.find(({ cell }) => cell.at.every((v, i) => v === at[i]))?.cell.experiment;

/** Opens a cell of the sweep in the lab: its first seed, the same run. An impossible one stays closed. */
export function useOpenCell(): (at: readonly number[]) => void {
  const now = useGetLab();
  const dispatch = useDispatch();
  return (at) => {
    const experiment = cellExperiment(now(), at);
    if (experiment) dispatch({ type: 'sweep', sweep: { does: 'open', experiment } });
  };
}

/** Why a cell cannot be opened in the lab: its value of a locked setting differs. Null if it can. */
export function closedCellReason(state: State, at: readonly number[]): string | null {
  if (!isExercise(state.view)) return null;
  const own = cellExperiment(state, at);
  const [key] = own ? violatedKeys(state.experiment, own, state.view) : [];
  return key === undefined ? null : `${param(key).label} cannot be changed in this exercise`;
}
