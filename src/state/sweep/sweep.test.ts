import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { type CellRun, NO_LOSSES } from '../../experiment/run-file/run-record.ts';
import type { PageEvent } from '../events.ts';
import { goTo } from '../places.ts';
import { shownRepeats } from '../run/listed-runs.ts';
import { linkOf } from '../select.ts';
import { initialState, type State } from '../state.ts';
import { endedState, play } from '../testing/page.ts';
import { plannedSweep, planProgress, roughSeconds, secondsLeft, sweepSpeed } from './plan.ts';
import type { RepeatedRun, SweepEvent } from './sweep.ts';

const sweep = (event: SweepEvent): PageEvent => ({ type: 'sweep', sweep: event });
const opened = (fragment: string, more: Partial<Extract<PageEvent, { type: 'opened' }>> = {}): PageEvent => {
  const { experiment, view } = parseLink(`#v=1&${fragment}`);
  return { type: 'opened', experiment, view, drawing: null, notices: [], preset: null, ...more };
};
const start = () => initialState({ backend: null, stepper: null });
const of = (fragment: string) => play(start(), opened(fragment));
const SIX = 'sweep=rank:1,2,4;scaling:standard,none&repeat=2';

const run: CellRun = {
  ...{ status: 'finished', steps: 300, error: 0.2, floor: 0.1, loss: 1, heldOut: null, training: null },
  ...{ effectiveRank: 2, rate: 0.01, reached: null, curve: { steps: [], values: [] }, ms: 5 },
};

function done(state: State, n: number): State {
  const outcomes = plannedSweep(state)
    .runs.slice(0, n)
    .map(({ key, cell }) => [key, { ...run, steps: cell.experiment?.steps ?? 0 }] as const);
  return play(state, sweep({ does: 'came', outcomes }));
}
const progress = (state: State) => planProgress(plannedSweep(state), state.sweep.results);

describe('a sweep', () => {
  it('is opened by a link that has one, and does not train the lab’s run; the lab’s link says nothing of it', () => {
    const state = of(`${SIX}&run=1`);
    expect([state.view.view, state.next?.start]).toEqual(['sweep', 'no']);
    expect(linkOf(state)).toContain('sweep=rank:1,2,4;scaling:standard,none');
    expect(linkOf(play(state, goTo('lab')))).not.toContain('sweep=');
    expect([of('run=1').view.view, of('run=1').next?.start]).toEqual(['lab', 'link']);
  });

  it('runs seed 1 of every cell before seed 2 of any', () => {
    const { runs, possible } = plannedSweep(of(SIX));
    expect(possible).toBe(12);
    expect(runs.map(({ cell }) => cell.seed)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]);
    expect(new Set(runs.map(({ key }) => key)).size).toBe(12);
  });

  it('keeps what still counts when the plan changes, and nothing that it has to say of other settings', () => {
    const state = done(of(SIX), 12);
    expect(progress(state)).toMatchObject({ done: 12, possible: 12 });
    const more = play(state, { type: 'planned', changes: { sweep: 'rank:1,2,4,8;scaling:standard,none' } });
    expect(progress(more)).toMatchObject({ done: 12, possible: 16 });
    const seeds = play(state, { type: 'planned', changes: { repeat: 3 } });
    expect(progress(seeds)).toMatchObject({ done: 12, possible: 18 });
    const other = play(state, { type: 'changed', changes: { alpha: 4 } });
    expect(progress(other)).toMatchObject({ done: 0, possible: 12 });
    expect(progress(play(other, { type: 'undo' })).done).toBe(12);
    // The value on screen of a setting that varies does not matter.
    expect(progress(play(state, { type: 'changed', changes: { rank: 32 } })).done).toBe(12);
  });

  it('counts what failed among what is over, and beside it', () => {
    const six = done(of(SIX), 5);
    const [key] = plannedSweep(six)
      .runs.slice(5)
      .map((one) => one.key);
    const failed = play(six, sweep({ does: 'came', outcomes: [[key, { why: 'a bug' }]] }));
    expect([six, failed].map((state) => progress(state).failed)).toEqual([0, 1]);
    expect(progress(failed)).toMatchObject({ done: 6, possible: 12 });
  });

  it('is planned in steps of undo', () => {
    const state = play(of(SIX), { type: 'planned', changes: { sweep: 'lr:0.1,0.2' } });
    const back = play(state, { type: 'undo' });
    expect(back.view.sweep).toBe('rank:1,2,4;scaling:standard,none');
    expect(play(back, { type: 'redo' }).view.sweep).toBe('lr:0.1,0.2');
    const both = play(state, { type: 'changed', changes: { alpha: 4 } }, { type: 'undo' });
    expect([both.view.sweep, both.experiment.alpha]).toEqual(['lr:0.1,0.2', 16]);
  });

  it('adds up what it takes, and starts anew when it is run again', () => {
    let state = play(of(SIX), sweep({ does: 'run', now: 1000, done: 0 }), sweep({ does: 'stop', now: 3000 }));
    expect([state.sweep.going, state.sweep.spent]).toEqual([null, 2000]);
    state = play(state, sweep({ does: 'run', now: 9000, done: 4 }), sweep({ does: 'stop', now: 9500 }));
    expect(state.sweep.spent).toBe(2500);
    expect(play(state, sweep({ does: 'clear' })).sweep).toMatchObject({ spent: 0, results: new Map() });
    // A stop after the end changes nothing.
    expect(play(state, sweep({ does: 'stop', now: 99_999 })).sweep.spent).toBe(2500);
  });

  it('takes the time that is left from the runs that were made, by their work', () => {
    const state = done(of('sweep=steps:100,200&repeat=8'), 8);
    const left = secondsLeft(state);
    // Four runs of either kind took 5 ms each; as many are left.
    expect(left).toBeCloseTo(8 * 0.005, 6);
    expect(secondsLeft(done(state, 16))).toBe(0);
  });

  it('takes the time of another plan from the newest sweep of this device, in proportion to the work', () => {
    const plan = of('sweep=steps:100,200&repeat=8');
    expect(secondsLeft(plan)).toBeNull();
    const all = done(plan, 16);
    const planned = plannedSweep(all);
    const speed = sweepSpeed(planned, all.sweep.results) ?? 0;
    const timed = play(plan, sweep({ does: 'timed', speed }));
    // 16 runs of 5 ms; twice the speed takes half the time.
    expect(secondsLeft(timed)).toBeCloseTo(16 * 0.005, 9);
    expect(secondsLeft(play(timed, sweep({ does: 'timed', speed: 2 * speed })))).toBeCloseTo(8 * 0.005, 9);
    const twice = of('sweep=steps:100,200&repeat=16');
    expect(secondsLeft(play(twice, sweep({ does: 'timed', speed })))).toBeCloseTo(32 * 0.005, 9);
    const experiments = planned.runs.flatMap(({ cell }) => cell.experiment ?? []);
    expect(roughSeconds(timed, experiments)).toBeCloseTo(16 * 0.005, 9);
    expect(sweepSpeed(planned, new Map())).toBeNull();
  });

  it('opens a cell in the lab as a step of undo, and the way back is offered', () => {
    const state = done(of(SIX), 12);
    const { experiment } = plannedSweep(state).runs[4]?.cell ?? {};
    if (!experiment) throw new Error('no cell');
    const lab = play(state, sweep({ does: 'open', experiment }));
    expect(lab).toMatchObject({
      view: { view: 'lab' },
      experiment: { rank: 2, scaling: 'none' },
      sweep: { opened: true },
    });
    const back = play(lab, goTo('sweep'));
    expect(progress(back)).toMatchObject({ done: 12, possible: 12 });
  });

  it('says why a cell is impossible, and does not wait for it', () => {
    const state = of('d=8&k=8&rank=4&sweep=rank:1,2;init:orthogonal,gaussian');
    const { runs, possible } = plannedSweep(state);
    expect(possible).toBe(3);
    expect(runs.filter(({ cell }) => cell.experiment === null).map(({ cell }) => cell.why)).toEqual([
      expect.stringMatching(/Orthogonal/),
    ]);
    expect(progress(done(state, 4))).toMatchObject({ done: 3, possible: 3, left: [] });
  });
});

describe('the experiment of the lab over several seeds', () => {
  const other: RepeatedRun = {
    ...{ seed: 2, diverged: false, steps: [0, 1], relativeError: [1, 0.5], losses: NO_LOSSES },
    modules: [{ gradNormA: [0, 1], gradNormB: [1, 1], sampled: { steps: [], spectra: [] } }],
  };

  it('stands beside its own run and no other', () => {
    const lab = endedState();
    const { experiment } = lab;
    const state = play(
      lab,
      sweep({ does: 'repeat', experiment, seeds: 4 }),
      sweep({ does: 'repeated', run: other }),
      sweep({ does: 'all-repeated' }),
    );
    expect(shownRepeats(state)).toMatchObject({ seeds: 4, runs: [{ seed: 2 }], going: false });
    const changed = play(state, { type: 'changed', changes: { rank: 4 } });
    expect(shownRepeats(changed)).toBeNull();
    expect(shownRepeats(play(state, sweep({ does: 'unrepeat' })))).toBeNull();
  });
});
