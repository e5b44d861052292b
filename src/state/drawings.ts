import { isMatrixData } from '../experiment/settings/data-kind.ts';
import type { State } from './state.ts';
import type { ReadyDrawing } from './view.ts';

/** The state with a drawing or matrix to its `data`; the newest comes last. */
export function withDrawing(state: State, data: string, drawing: ReadyDrawing | null): State {
  if (!drawing) return state;
  const drawings = new Map(state.drawings);
  drawings.delete(data);
  return { ...state, drawings: drawings.set(data, drawing) };
}

/**
 * Without the drawings that nothing leads back to: a matrix of one's own has up to 8 MB. Settings on screen and of the
 * runs, undo and redo, and what a notice offers lead back, and so does the target's tile to the matrix that was brought
 * last.
 */
export function withoutUnused(state: State): State {
  const { experiment, run, next, past, future, notices, drawings } = state;
  const settings = [experiment, run.experiment, ...past, ...future];
  if (next) settings.push(next.run.experiment, next.fallback);
  const used = new Set<string | undefined>(settings.map(({ data }) => data));
  for (const { actions } of notices)
    for (const { event } of actions) if ('changes' in event && event.type !== 'viewed') used.add(event.changes?.data);
  used.add([...drawings.keys()].findLast(isMatrixData));
  const kept = [...drawings].filter(([data]) => used.has(data));
  return kept.length === drawings.size ? state : { ...state, drawings: new Map(kept) };
}
