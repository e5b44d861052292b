import { describe, expect, it } from 'vitest';
import { parseLink } from '../experiment/link/link.ts';
import { presets } from '../experiment/presets.ts';
import { emptyTrace } from '../experiment/run-file/run-record.ts';
import { MAX_BUDGET, MAX_RUN_STEPS } from '../experiment/settings/bounds.ts';
import { NO_HAND } from '../state/hand/hand.ts';
import { extend } from '../state/run/run.ts';
import type { State } from '../state/state.ts';
import { entries, idleState, trainedState } from '../state/testing/page.ts';
import { update } from '../state/update.ts';
import { openLink } from './address.ts';
import { ownAnswers } from './embed.ts';
import { createInterface } from './page-interface.ts';
import { trainingStore } from './testing/store.ts';

it('train(n) past the longest run is refused with a sentence, and nothing is trained', async () => {
  const at = MAX_RUN_STEPS - 5;
  const start = idleState();
  const trace = extend(emptyTrace(), entries(0, new Float64Array(at + 1)));
  const store = trainingStore({ ...start, run: { ...start.run, status: 'paused', trace, workerStep: at } });
  const lora = createInterface(store, '1', Promise.resolve());
  await expect(lora.train(6)).rejects.toThrow(`A run has at most ${MAX_RUN_STEPS} steps; this one is at step ${at}.`);
  expect(store.state().run.status).toBe('paused');
  await expect(lora.train(MAX_BUDGET + 1)).rejects.toThrow(/whole number of steps from 1 to 100000/);
  void lora.train(5);
  await Promise.resolve().then(() => {});
  await expect.poll(() => store.state().run.wanted.until).toBe(MAX_RUN_STEPS);
});

it('sweep() is refused with a sentence where the link asks for none', async () => {
  const lora = createInterface(trainingStore(idleState()), '1', Promise.resolve());
  await expect(lora.sweep()).rejects.toThrow('The link asks for no sweep');
});

describe('open(link) of a link whose settings are those of a preset', () => {
  const { link } = presets.byName('pissa-vs-default');
  /** Opens a link, then the one above, and returns the requested lab. */
  const after = async (first: string): Promise<State> => {
    const { event } = await openLink(first);
    const store = trainingStore(update(idleState(), { ...event, fromAddress: true }));
    void createInterface(store, '1', Promise.resolve()).open(link);
    await expect.poll(() => store.state().origin?.experiment).toEqual(parseLink(link).experiment);
    return store.state();
  };

  it('opens it over an exercise with locks', async () => {
    const { experiment, notices } = await after('#v=1&rank=3&show=alpha&lock=rank');
    expect(experiment).toEqual(parseLink(link).experiment);
    expect(notices.map(({ title }) => title)).toEqual([]);
  });

  it('takes the place of a sweep', async () => {
    const { view } = await after('#v=1&sweep=rank:1,2&repeat=3');
    expect(view).toMatchObject({ sweep: parseLink(link).view.sweep, repeat: 1 });
  });
});

const opened = async (link: string) => ({ ...(await openLink(link)).event, fromAddress: true }) as const;

it('a matrix of the link is told, one that was drawn is not, also when the address brings it back', async () => {
  const store = trainingStore();
  const isOwn = ownAnswers(store);
  const drawn = 'Dmine';
  expect([isOwn('link'), isOwn('run'), isOwn('height')]).toEqual([false, false, false]);
  store.dispatch({ type: 'drawn', data: drawn, drawing: null });
  expect(isOwn('link')).toBe(true);
  store.dispatch(await opened('#v=1'));
  expect(isOwn('link')).toBe(false);
  const back = await opened('#v=1');
  store.dispatch({ ...back, experiment: { ...back.experiment, target: 'picture', data: drawn } });
  expect(isOwn('link')).toBe(true);
});

it('a run that is on drawings of digits, or that was dropped, is not told', async () => {
  const store = trainingStore();
  const isOwn = ownAnswers(store);
  store.dispatch(await opened('#v=1&target=digits&adapt=hand'));
  expect(isOwn('link')).toBe(false);
  store.dispatch({ type: 'hand', hand: NO_HAND, does: null });
  expect(isOwn('link')).toBe(true);

  const dropped = trainingStore();
  const isDropped = ownAnswers(dropped);
  dropped.dispatch({ type: 'recorded', run: trainedState().run, drawing: null, notices: [] });
  expect([isDropped('run'), isDropped('link')]).toEqual([true, true]);
  // The frame is given another link: until that has its matrices, the dropped run is on screen.
  dropped.dispatch(await opened('#v=1&d=8&k=8'));
  expect([isDropped('run'), isDropped('link')]).toEqual([true, false]);
});
