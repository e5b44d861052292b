import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageMessage } from '../engine/protocol/page-messages.ts';
import type { PageEvent } from '../state/events.ts';
import { initialPage, labOf, updatePage } from '../state/page.ts';
import { createStore } from '../state/state.ts';
import { frame, openedState, readyMessage, workerEvent } from '../state/testing/page.ts';
import { updateWorker } from './wire.ts';

type SentMessage = PageMessage | { readonly type: 'stop'; readonly session: number };

function wired(...events: PageEvent[]) {
  let told: SentMessage[] = [];
  const bridge = {
    send: (message: PageMessage) => void told.push(message),
    stop: (session: number) => void told.push({ type: 'stop', session }),
  };
  const store = createStore(initialPage({ backend: null, stepper: null }), updatePage, () => {});
  store.react((now, before) => updateWorker(bridge, now, before));
  const after = (...more: PageEvent[]): SentMessage[] => {
    told = [];
    more.forEach(store.dispatch);
    return told;
  };
  after(...events);
  return { after, lab: (session = 0) => labOf(store.state(), session) };
}

const changed = (changes: Extract<PageEvent, { type: 'changed' }>['changes']): PageEvent => ({
  type: 'changed',
  changes,
});
const paced = (pace: number): PageEvent => ({ type: 'viewed', changes: { pace } });
const idle = [openedState, workerEvent(readyMessage(1)), workerEvent(frame(1, 0, 1))];
const trained = [...idle, { type: 'train' } as const, workerEvent(frame(1, 1, 10))];
const types = (told: readonly SentMessage[]) => told.map(({ type }) => type);

beforeEach(() => {
  vi.stubGlobal('document', { baseURI: 'http://here/' });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what the worker is told', () => {
  it('opening asks for a run with the settings on screen; its rate is left to the worker where nobody set one', () => {
    const [run, ...rest] = wired().after(openedState);
    expect(rest).toEqual([]);
    expect(run).toMatchObject({ type: 'run', run: 1, session: 0, page: 'http://here/', drawing: null, replay: null });
    expect(run).toMatchObject({ experiment: { rank: 8, lr: null }, choice: { backend: null, stepper: null } });
  });

  it('the text of a drawing stays on the page; the worker is sent what it holds', () => {
    const drawing = { rows: 1, cols: 2, data: Float64Array.from([0, 1]) };
    const told = wired(...idle).after({ type: 'drawn', data: 'abc', drawing });
    expect(told).toMatchObject([{ type: 'run', drawing, experiment: { data: '' } }]);
  });

  it('a frame, a look back or a panel is nothing to the worker', () => {
    const { after } = wired(...trained);
    expect(
      after(workerEvent(frame(1, 11, 5)), { type: 'look', step: 3 }, { type: 'panel', panel: { name: 'keys' } }),
    ).toEqual([]);
  });

  it('settings that tune are sent to the run that goes on, with the rate that is in force', () => {
    const { after } = wired(...trained);
    const tuning = { alpha: 16, scaling: 'standard', opt: 'adam', ratio: 1, epsilon: 1e-8, steps: 300, lr: 0.5 };
    expect(after(changed({ lr: 0.5 }))).toEqual([{ type: 'tune', run: 1, tuning }]);
    expect(after(changed({ alpha: 32 }))).toMatchObject([{ type: 'tune', run: 1, tuning: { alpha: 32, lr: 0.5 } }]);
    expect(after(changed({ alpha: 32 }))).toEqual([]);
  });

  it('a run that a script waits for is looked at 25 times a second, and now and then where the page is hidden', () => {
    const { after } = wired(...idle);
    const scripted = { type: 'train', scripted: true } as const;
    const hidden = (is: boolean) => ({ type: 'hidden', hidden: is }) as const;
    expect(after(scripted)).toMatchObject([
      { type: 'watch', run: 1, watch: { every: 40, modules: null } },
      { type: 'pace', run: 1 },
    ]);
    expect(after(workerEvent(frame(1, 1, 10)))).toEqual([]);
    expect(after(hidden(true))).toMatchObject([{ type: 'watch', watch: { every: 1000 } }]);
    expect(after(hidden(false))).toMatchObject([{ type: 'watch', watch: { every: 40 } }]);
    const [watch, ...more] = after(workerEvent({ type: 'done', run: 1, order: 1, ending: 'paused', step: 10 }));
    expect(watch).toMatchObject({ type: 'watch', run: 1 });
    expect(watch).not.toHaveProperty('watch.every');
    expect(more).toEqual([]);
    expect(types(after({ type: 'train' }))).toEqual(['pace']);
  });

  it('a run at full speed is looked at 25 times a second, one at a pace as often as it moves', () => {
    const { after } = wired(...idle);
    expect(types(after({ type: 'train' }))).toEqual(['pace']);
    expect(after({ type: 'viewed', changes: { pace: Number.POSITIVE_INFINITY } })).toMatchObject([
      { type: 'watch', run: 1, watch: { every: 40 } },
      { type: 'pace', run: 1 },
    ]);
  });

  it('a larger layer that a script trains is looked at 10 times a second, and one that a person watches at every frame', () => {
    const large = [openedState, workerEvent(readyMessage(1, 257)), workerEvent(frame(1, 0, 1))];
    expect(wired(...large).after({ type: 'train', scripted: true })).toMatchObject([
      { type: 'watch', run: 1, watch: { every: 100 } },
      { type: 'pace', run: 1 },
    ]);
    const { after } = wired(...large, { type: 'viewed', changes: { pace: Number.POSITIVE_INFINITY } });
    expect(types(after({ type: 'train' }))).toEqual(['pace']);
  });

  it('a script that waits for a run which is still being made has it looked at as often', () => {
    const { after } = wired(openedState, { type: 'train', scripted: true });
    expect(after(workerEvent(readyMessage(1)))).toMatchObject([
      { type: 'watch', run: 1, watch: { every: 40 } },
      { type: 'pace', run: 1 },
    ]);
  });

  it('settings that need new matrices ask for another run, and for no tuning', () => {
    const { after } = wired(...trained);
    expect(after(changed({ rank: 4 }))).toMatchObject([{ type: 'run', run: 2, experiment: { rank: 4 } }]);
  });

  it('after a finished run another setting asks for a run, and for its steps as soon as it is ready', () => {
    const { after, lab } = wired(...trained, workerEvent(frame(1, 11, 290)));
    const done = (run: number) => workerEvent({ type: 'done', run, order: 1, ending: 'finished', step: 300 });
    after(done(1));
    expect(types(after(changed({ rank: 4 }), changed({ rank: 3 })))).toEqual(['run']);
    expect(after(workerEvent(readyMessage(2)))).toEqual([
      { type: 'pace', run: 2, order: 1, pace: Number.POSITIVE_INFINITY, until: 300 },
    ]);
    expect(after(workerEvent(frame(2, 0, 301)))).toEqual([]);
    expect(after(done(2))).toMatchObject([{ type: 'run', run: 3, experiment: { rank: 3 } }]);
    expect(types(after({ type: 'cancel' }))).toEqual(['stop']);
    expect(lab().run.number).toBe(2);
  });

  it('another pace is another order to the run that goes on, and nothing to one that stands', () => {
    const going = wired(...trained);
    const order = going.lab().run.wanted.order;
    expect(going.after(paced(1))).toEqual([
      { type: 'pace', run: 1, order: order + 1, pace: 1, until: going.lab().experiment.steps },
    ]);
    expect(going.after({ type: 'pause' })).toMatchObject([{ type: 'pace', order: order + 2, pace: 0 }]);
    expect(wired(...idle).after(paced(1))).toEqual([]);
  });

  it('a run that is ready goes at once where Train was pressed meanwhile', () => {
    const { after } = wired(...trained, changed({ rank: 4 }));
    expect(after(workerEvent(readyMessage(2)))).toMatchObject([{ type: 'pace', run: 2, order: 1 }]);
  });

  it('a cancelled preparation ends what the worker is in the middle of; the previous run is asked for again when it goes on', () => {
    const { after } = wired(...trained, changed({ rank: 4 }));
    expect(after({ type: 'cancel' })).toEqual([{ type: 'stop', session: 0 }]);
    expect(after({ type: 'train' })).toMatchObject([
      { type: 'run', run: 3, replay: { to: 10, changes: [] }, experiment: { rank: 8, lr: 0.02 } },
    ]);
  });

  it('a preparation that shows how far it is, is not waited for when another one is asked for', () => {
    const progress = { type: 'progress', run: 2, stage: 'the matrices', fraction: 0.5 } as const;
    const { after } = wired(...idle, changed({ d: 512 }));
    expect(types(after(changed({ d: 500 })))).toEqual(['run']);
    expect(types(after(workerEvent({ ...progress, run: 3 }), changed({ d: 400 })))).toEqual(['stop', 'run']);
  });

  it('a run that was repeated goes on with what was set meanwhile', () => {
    const lost = workerEvent({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' });
    const { after } = wired(...trained, lost, { type: 'train' });
    expect(types(after(changed({ lr: 0.5 })))).not.toContain('tune');
    const { after: again } = wired(...trained, lost, changed({ lr: 0.5 }), { type: 'train' });
    expect(again(workerEvent(readyMessage(2)))).toMatchObject([
      { type: 'tune', run: 2, tuning: { lr: 0.5 } },
      { type: 'pace', run: 2 },
    ]);
  });

  it('another back end ends the worker; the run is repeated on the new one', () => {
    const told = wired(...trained).after({ type: 'choose', choice: { backend: 'cpu', stepper: null } });
    expect(told).toMatchObject([
      { type: 'stop', session: 0 },
      { type: 'run', run: 2, choice: { backend: 'cpu' }, replay: { to: 10 } },
    ]);
  });

  it('a run is told what the charts and the strip need', () => {
    const told = wired(...trained).after({ ...changed({ seed: 9 }) });
    expect(told).toMatchObject([
      { type: 'run', watch: { metrics: ['spectrum', 'alignment', 'directions', 'extremes'], modules: null } },
    ]);
  });

  it('a merge sends the factors on screen', () => {
    const adapter = { module: 'W', A: new Float32Array(2), B: new Float32Array(2), scaling: 2, step: 3 };
    const { step: _, ...sent } = adapter;
    expect(wired(...trained).after({ type: 'merge', adapter })).toEqual([{ type: 'merge', run: 1, order: 1, ...sent }]);
  });

  it('each lab has its own run; one that is taken away is left', () => {
    const { after } = wired(...trained);
    expect(after({ type: 'joined', session: 1 })).toEqual([]);
    expect(after({ ...openedState, session: 1 })).toMatchObject([{ type: 'run', run: 2, session: 1 }]);
    expect(after(workerEvent(readyMessage(2)), { type: 'train', session: 1 })).toMatchObject([
      { type: 'pace', run: 2 },
    ]);
    expect(after({ ...changed({ lr: 0.5 }), session: 1 })).toMatchObject([{ type: 'tune', run: 2 }]);
    expect(after({ type: 'left', session: 1 })).toEqual([{ type: 'leave', session: 1 }]);
  });
});
