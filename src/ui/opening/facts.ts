import { reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { CaptionFacts } from './show-words.ts';

/** What the captions of the show go by: the run, or the one that has been asked for. */
export function factsOf(state: State): CaptionFacts {
  const { run, next, show } = state;
  const { target, edit, data, rank } = (next?.run ?? run).experiment;
  const ended = next === null && (run.status === 'finished' || run.status === 'converged');
  return {
    caption: show?.caption ?? 1,
    subject: target !== 'edit' ? null : data === '' ? edit : 'drawing',
    rank,
    ended,
    error: run.trace.series.relativeError?.[shownStep(state)] ?? null,
    floor: reachOf(run)?.floor ?? null,
  };
}
