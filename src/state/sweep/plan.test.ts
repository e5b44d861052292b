import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { State } from '../state.ts';
import { endedState, play } from '../testing/page.ts';
import { pinsNotice } from './plan.ts';

const LARGE = { d: 4096, k: 4096, rank: 256, steps: 100_000 } as const;

/** A lab with these settings as untrained pins. */
function beside(secondsPerStep: number, ...changes: Partial<Experiment>[]): State {
  const state = endedState();
  const pins = changes.map((one) => ({ own: null, experiment: change(state.experiment, one) }));
  const opened = play(state, { type: 'compare', does: 'open', pins });
  return { ...opened, run: { ...opened.run, secondsPerStep } };
}
const notice = (state: State) => pinsNotice(state, state.compare.pins);

beforeEach(() => vi.stubGlobal('navigator', { hardwareConcurrency: 2 }));
afterEach(() => vi.unstubAllGlobals());

describe('pins of a link', () => {
  it('are trained without a question where that is soon done', () => {
    expect(notice(beside(1e-5, { rank: 4 }, { rank: 2 }))).toBeNull();
    expect(notice(beside(0, { rank: 4 }))).toBeNull();
    expect(notice(beside(1e-5))).toBeNull();
  });

  it('ask where they take more than a minute, or one of them needs 500 MB', () => {
    const long = notice(beside(1e-4, ...[1, 2, 3, 4].map((seed) => ({ ...LARGE, seed }))));
    expect(long?.title).toBe('4 pinned runs wait to be trained.');
    expect(long?.actions[0]?.label).toMatch(/^Train the pins, about \d/);
    expect(notice(beside(0, LARGE))).not.toBeNull();
    expect(notice(beside(1e-9, { ...LARGE, steps: 1 }))?.title).toBe('1 pinned run waits to be trained.');
  });

  it('wait until a person says yes', () => {
    const state = beside(1e-4, LARGE, { rank: 2 });
    const [large, small] = state.compare.pins;
    const question = notice(state);
    if (!question || !large || !small) throw new Error('nothing is asked');
    const waiting = play(
      state,
      { type: 'notice', notice: question },
      { type: 'compare', does: 'wait', pins: [large.id], waits: true },
    );
    expect(waiting.compare.pins.map(({ waits }) => waits)).toEqual([true, undefined]);
    expect(waiting.notices.some(({ about }) => about === 'pins')).toBe(true);
    const action = question.actions[0]?.event;
    const answered = action ? play(waiting, action) : waiting;
    expect(answered.compare.pins.map(({ waits }) => waits)).toEqual([false, false]);
    expect(answered.notices.some(({ about }) => about === 'pins')).toBe(false);
  });
});
