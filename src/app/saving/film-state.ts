import { number } from '../../experiment/numbers.ts';
import { presets } from '../../experiment/presets.ts';
import { type KeptFrame, lossesUntil } from '../../state/run/history.ts';
import { lastStep, SHOWN } from '../../state/run/run.ts';
import { decidesOf, reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';

/** Most pictures of a film, and how many it shows in a second; it ends on the last for a while. */
const MOST_PICTURES = 100;
const PER_SECOND = 12.5;
const SHORTEST_S = 2;
export const HELD_S = 1.4;

/** The steps that a film shows, ascending: some of those whose factors are kept, the first and the last among them. */
export function filmSteps(frames: readonly KeptFrame[]): number[] {
  const kept = frames.filter(({ modules }) => modules[SHOWN].A.length > 0).map(({ step }) => step);
  if (kept.length <= MOST_PICTURES) return kept;
  return Array.from(
    { length: MOST_PICTURES },
    (_, i) => kept[Math.round((i * (kept.length - 1)) / (MOST_PICTURES - 1))],
  );
}

/** How long the steps of a film take, in seconds; at most 8. */
export function filmSeconds(pictures: number): number {
  return Math.max(SHORTEST_S, pictures / PER_SECOND);
}

/** The lab as it stood at a step of the run on screen. */
export function stateAt(state: State, step: number): State {
  const { run } = state;
  const last = step >= lastStep(run);
  const changes = run.changes.filter((change) => change.step <= step);
  const experiment = { ...run.experiment };
  for (const { key, value } of changes) Object.assign(experiment, { [key]: value });
  return {
    ...state,
    experiment: last && !state.next ? state.experiment : experiment,
    run: {
      ...run,
      status: last ? run.status : 'training',
      trace: { ...run.trace, length: Math.min(run.trace.length, step + 1) },
      frames: run.frames.filter((frame) => frame.step <= step),
      samples: run.samples.filter((sample) => sample.step <= step),
      losses: lossesUntil(run.losses, step),
      changes,
    },
    next: null,
    ghost: null,
    look: null,
    hover: null,
    cell: null,
  };
}

/** Title and figures of a film at a step. */
export function filmWords(state: State): { readonly title: string; readonly subtitle: string } {
  const { run, preset } = state;
  const { rank } = run.experiment;
  const known = presets.all.find(({ name }) => name === preset);
  const error = run.trace.series.relativeError?.[shownStep(state)];
  const floor = reachOf(run)?.floor ?? null;
  const decides = decidesOf(run);
  const by = decides === null ? `at rank ${rank}` : `with ${decides}`;
  const best = floor === null ? [] : [`best possible ${by}: ${number(floor)}`];
  return {
    title: known?.label ?? `ΔW = s·B·A learns its target at rank ${rank}`,
    subtitle: [
      `Step ${shownStep(state)}`,
      ...(error === undefined ? [] : [`relative error ${number(error)}`]),
      ...best,
    ].join(' · '),
  };
}
