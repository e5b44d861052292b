import { describe, expect, it } from 'vitest';
import { change, defaults } from '../experiment/settings/experiment.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import { defaultView, type View } from '../experiment/settings/view.ts';
import type { PageEvent } from './events.ts';
import { enterAsLeft, goTo, LAB, TEACH, WHAT_IS_LORA } from './places.ts';
import { initialState, type State } from './state.ts';
import { frame, play, readyMessage, workerEvent } from './testing/page.ts';
import { nextStep, stepsDone, tourPace } from './tour.ts';

const OWL = change(defaults(), { target: 'edit', edit: 'sunglasses' });
const FIRST: View = { ...defaultView(), view: 'first' };
const opened = (experiment: Experiment = OWL, view = FIRST): PageEvent => ({
  ...{ type: 'opened', experiment, view, drawing: null, notices: [], preset: null },
});
const begun = (experiment?: Experiment, view?: View): State =>
  play(initialState({ backend: null, stepper: null }), opened(experiment, view), workerEvent(readyMessage(1)));
const done = (state: State, ending: 'finished' | 'paused' = 'finished', step = 300): State =>
  play(state, workerEvent({ type: 'done', run: state.run.number, order: state.run.wanted.order, ending, step }));
/** At the end of the run that is asked for. */
const trained = (state: State): State => {
  const made = state.next ? play(state, workerEvent(readyMessage(state.lastNumber))) : play(state, { type: 'train' });
  return done(play(made, workerEvent(frame(made.run.number, 0, 301))));
};
const main = (state: State) => nextStep(state.experiment, state.tour);
const press = (state: State) => play(state, main(state).event);
const DRAWING = { data: new Float64Array(4096).fill(0.5), rows: 64, cols: 64 };
const drawn: PageEvent = { type: 'drawn', data: 'Fwx', drawing: DRAWING, changes: { target: 'edit', data: 'Fwx' } };

describe('the steps that a run has done', () => {
  const origin = { experiment: OWL, view: FIRST, drawing: null, preset: null };
  const after = (
    changes: Partial<Experiment>,
    status: State['run']['status'] = 'finished',
    linked: Partial<Experiment> = {},
  ) =>
    stepsDone(
      { status, experiment: { ...OWL, ...changes } },
      { origin: { ...origin, experiment: { ...OWL, ...linked } } },
    );

  it('are none before its end', () => {
    for (const status of ['idle', 'preparing', 'training', 'paused', 'diverged'] as const)
      expect(after({ rank: 1, data: 'Fwx' }, status)).toBe(0);
  });

  it('are one after it, two at rank 1, three with a drawing, whatever its rank', () => {
    expect([after({}), after({ rank: 2 }), after({ rank: 1 })]).toEqual([1, 1, 2]);
    expect([after({ data: 'Fwx' }), after({ data: 'Fwx', rank: 1 }), after({}, 'converged')]).toEqual([3, 3, 1]);
  });

  it('do not count a drawing that a link has brought', () => {
    expect(after({ data: 'Fwx' }, 'finished', { data: 'Fwx' })).toBe(1);
    expect(after({ data: 'Fwy' }, 'finished', { data: 'Fwx' })).toBe(3);
  });
});

it('the lab is entered as it was left: as the owl alone, or with its charts', () => {
  const alone = play(begun(), WHAT_IS_LORA);
  expect(play(alone, enterAsLeft(LAB, alone)).view).toMatchObject({ view: 'first', lesson: '' });
  const charts = play(begun(), goTo('lab'), WHAT_IS_LORA);
  expect(play(charts, enterAsLeft(LAB, charts)).view).toMatchObject({ view: 'lab', lesson: '' });
  expect(play(alone, enterAsLeft(TEACH, alone)).view.view).toBe('teach');
});

describe('the path of the first visit', () => {
  it('leads through its five steps by the main action alone, α following the rank', () => {
    let state = begun();
    const labels = [main(state).label];
    state = trained(press(state));
    labels.push(main(state).label);
    state = press(state);
    expect(state.experiment).toMatchObject({ rank: 1, alpha: 2 });
    state = trained(state);
    labels.push(main(state).label);
    state = press(state);
    expect(state.editor).toBe('owl');
    state = trained(play(state, drawn, { type: 'discarded', on: 'owl' }, { type: 'train' }));
    expect(state.run.experiment).toMatchObject({ data: 'Fwx', rank: 8, alpha: 16 });
    labels.push(main(state).label);
    state = press(state);
    expect(state.panel?.name).toBe('share-owl');
    labels.push(main(state).label);
    expect(labels).toEqual(['Train', 'Try rank 1', 'Draw your own', 'Share my owl', 'What is LoRA?']);
    expect(press(state).view).toMatchObject({ view: 'lab', lesson: 'what-is-lora' });
  });

  it('goes on from its furthest step, whatever is done in between', () => {
    const one = trained(play(trained(begun()), { type: 'retry', changes: { rank: 1 } }));
    expect(main(one).label).toBe('Draw your own');
    expect(main(trained(play(one, { type: 'retry', changes: { rank: 8 } }))).label).toBe('Draw your own');
    expect(main(play(one, { type: 'panel', panel: { name: 'share-owl' } })).label).toBe('Draw your own');
    expect(main(trained(play(begun(), drawn))).label).toBe('Share my owl');
  });

  it('trains another rank at once, unless that takes long or nothing was trained', () => {
    const rank: PageEvent = { type: 'changed', changes: { rank: 64 } };
    expect(play(begun(), rank).next?.start).toBe('no');
    const state = trained(begun());
    const start = (secondsPerStep: number) =>
      play({ ...state, run: { ...state.run, secondsPerStep } }, rank).next?.start;
    expect([1e-5, 1e-3, 1].map(start)).toEqual(['quick', 'yes', 'no']);
  });

  it('lets α follow the rank, and nothing in the lab with its charts', () => {
    const set = (changes: Partial<Experiment>, view?: View) =>
      play(begun(OWL, view), { type: 'changed', changes }).experiment;
    expect(set({ rank: 13 })).toMatchObject({ rank: 13, alpha: 26 });
    expect(set({ alpha: 4 })).toMatchObject({ rank: 8, alpha: 4 });
    expect(set({ rank: 13 }, defaultView())).toMatchObject({ rank: 13, alpha: 16 });
    expect(play(begun(change(OWL, { rank: 2 }), defaultView()), drawn).experiment.rank).toBe(2);
  });
});

describe('a first visit', () => {
  it('is the whole lab for a class link, a sweep, and every target but the owl', () => {
    const shown = (changes: Partial<View>, experiment = OWL) => begun(experiment, { ...FIRST, ...changes }).view.view;
    expect(shown({})).toBe('first');
    expect([shown({ title: 'Task' }), shown({ lock: 'rank' }), shown({ handin: true })]).toEqual(['lab', 'lab', 'lab']);
    expect([shown({ sweep: 'rank:1,2' }), shown({ experiments: 'x' })]).toEqual(['sweep', 'experiments']);
    expect(shown({}, defaults())).toBe('lab');
    expect(play(begun(), { type: 'changed', changes: { target: 'rotation' } }).view.view).toBe('lab');
    expect(play(begun(), goTo('lab'), goTo('first')).view.view).toBe('first');
  });

  it('is slow while the picture appears, and over in about four seconds', () => {
    for (const steps of [120, 300]) {
      let seconds = 0;
      for (let step = 0; step < steps; step++) {
        if (step === 20) expect(seconds).toBeGreaterThan(1.5);
        seconds += 1 / tourPace(step, steps);
      }
      expect(seconds).toBeGreaterThan(3.5);
      expect(seconds).toBeLessThan(10);
    }
  });

  it('trains at the pace of its step, but for scripts and for a pace that somebody has chosen', () => {
    const state = play(begun(), { type: 'train' });
    expect(state.run.wanted).toMatchObject({ pace: tourPace(0, 300), until: 300 });
    expect(play(state, workerEvent(frame(1, 0, 51))).run.wanted.pace).toBe(tourPace(50, 300));
    expect(play(begun(), { type: 'train', scripted: true }).run.wanted.pace).toBe(Number.POSITIVE_INFINITY);
    expect(play(begun(OWL, { ...FIRST, pace: 1 }), { type: 'train' }).run.wanted.pace).toBe(1);
  });

  it('waits in a hidden tab and goes on when that is seen again', () => {
    let state = play(begun(), { type: 'train' }, workerEvent(frame(1, 0, 5)), { type: 'hidden', hidden: true });
    expect(state.run.wanted.pace).toBe(0);
    state = play(done(state, 'paused', 4), { type: 'hidden', hidden: false });
    expect(state.run).toMatchObject({ status: 'training', wanted: { pace: tourPace(4, 300) } });
  });
});
