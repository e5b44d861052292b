import { useMemo } from 'react';
import { type Goal, readGoal } from '../../../experiment/plan/goal.ts';
import { errorsOf } from '../../../experiment/run-file/run-record.ts';
import { adapterOf, trainedPerRank } from '../../../experiment/settings/counts.ts';
import type { PageEvent } from '../../../state/events.ts';
import { floorsOf } from '../../../state/select.ts';
import { useDispatch, useGetLab, useLab } from '../../../ui/page.tsx';
import type { WallRun, WallScene } from '../../charts/wall-ends.ts';
import { type ClassStanding, goalStep, namesOf, standingsOf, trainedOf } from '../../model/standings.ts';
import { NO_WALL, type Wall, type WallOrder } from '../../state/wall.ts';

export interface WallView {
  readonly wall: Wall;
  readonly goal: Goal | null;
  readonly standings: readonly ClassStanding[];
  readonly names: ReadonlyMap<number, string>;
}

export function useWall(): WallView {
  const wall = useLab((s) => s.wall ?? NO_WALL);
  const view = useLab((s) => s.view);
  const experiment = useLab((s) => s.experiment);
  const { entries, hidden } = wall;
  const goal = useMemo(() => readGoal(view.goal).goal, [view.goal]);
  const standings = useMemo(() => standingsOf(entries, { experiment, view }, goal), [entries, experiment, view, goal]);
  const names = useMemo(() => namesOf(entries, hidden), [entries, hidden]);
  return { wall, goal, standings, names };
}

/** Changes the present wall: results may have arrived since the page was drawn. */
export function useChangeWall(): (changes: (wall: Wall) => Partial<Wall>) => void {
  const dispatch = useDispatch();
  const now = useGetLab();
  return (changes) => {
    const wall = now().wall ?? NO_WALL;
    dispatch({ type: 'wall', wall: { ...wall, ...changes(wall) } });
  };
}

export const REHEARSE: PageEvent = { type: 'command', command: { wall: 'rehearse' } };

export const REHEARSE_HANDS: PageEvent = { type: 'command', command: { wall: 'rehearse-hands' } };

export const toggleNames = ({ hidden }: Wall) => ({ hidden: !hidden });

export function useWallOrder(): (order: WallOrder) => void {
  const dispatch = useDispatch();
  return (wall) => dispatch({ type: 'command', command: { wall } });
}

/** Input of the wall's charts: the trained runs with a standing. */
export function useWallScene({ standings, names, goal }: WallView, pointed: number | null): WallScene {
  const experiment = useLab((s) => s.experiment);
  const floors = useLab((s) => floorsOf(s)?.floor ?? null);
  const runs = useMemo(() => standings.flatMap((one, i) => runOf(one, names, i < NAMED)), [standings, names]);
  const waiting = standings.filter(({ kind }) => kind === 'waiting').length;
  return useMemo(
    () => ({ runs, waiting, goal, floors, perRank: trainedPerRank(adapterOf(experiment)), pointed }),
    [runs, waiting, goal, floors, experiment, pointed],
  );
}

/** Names in the charts while nothing is pointed at. */
const NAMED = 3;

function runOf(standing: ClassStanding, names: ReadonlyMap<number, string>, named: boolean): WallRun[] {
  const { kind, entry, error } = standing;
  const { id, experiment } = entry;
  const trained = trainedOf(entry);
  const errors = trained && errorsOf(trained);
  if (kind === 'unplaced' || kind === 'waiting' || !errors) return [];
  const first = named && kind === 'reached';
  return [
    { id, name: names.get(id) ?? '', kind, first, rank: experiment.rank, error, step: goalStep(standing), errors },
  ];
}
