// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Store } from '../state/state.ts';
import { frame, idleState, workerEvent } from '../state/testing/page.ts';
import { storeWork } from './stored-work.ts';
import { trainingStore } from './testing/store.ts';

function keeping(store: Store, write: (text: string) => Promise<boolean> = async () => true) {
  const kept: (readonly [string, number])[] = [];
  const keepNow = storeWork(store, '1', (text) => {
    const file = JSON.parse(text);
    kept.push([file.status, file.trace.loss.length - 1]);
    return write(text);
  });
  const step = (from: number, count = 1) => store.dispatch(workerEvent(frame(1, from, count)));
  const end = (at: number) => {
    const { order } = store.state().run.wanted;
    store.dispatch(workerEvent({ type: 'done', run: 1, order, ending: 'finished', step: at }));
  };
  return { kept, keepNow, step, end };
}

const setHidden = (hidden: boolean) => {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  localStorage.clear();
  vi.restoreAllMocks();
});

describe('a run is kept', () => {
  it('every five seconds while it trains, as it stands then', async () => {
    const { kept, step } = keeping(trainingStore());
    for (let at = 11; at <= 22; at++) {
      step(at);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(kept).toEqual([
      ['training', 15],
      ['training', 20],
    ]);
  });

  it('half a second after training has ended, whatever was asked for meanwhile', async () => {
    const store = trainingStore();
    const { kept, step, end } = keeping(store);
    step(11);
    end(11);
    store.dispatch({ type: 'rewind' });
    await vi.advanceTimersByTimeAsync(499);
    expect(kept).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(kept).toEqual([['finished', 11]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kept).toHaveLength(1);
  });

  it('at once when the page is hidden, left, or about to be loaded again', async () => {
    const { kept, step, keepNow } = keeping(trainingStore());
    step(11);
    setHidden(true);
    await vi.advanceTimersByTimeAsync(0);
    step(12);
    dispatchEvent(new Event('pagehide'));
    await vi.advanceTimersByTimeAsync(0);
    step(13);
    await keepNow();
    expect(kept.map(([, at]) => at)).toEqual([11, 12, 13]);
    setHidden(false);
    await keepNow();
    expect(kept).toHaveLength(3);
  });

  it('before anything else has a turn when the page is left, though an earlier text is still being written', async () => {
    const answers: (() => void)[] = [];
    const { step } = keeping(
      trainingStore(),
      () => new Promise<boolean>((resolve) => void answers.push(() => resolve(true))),
    );
    step(11);
    await vi.advanceTimersByTimeAsync(5000);
    step(12);
    dispatchEvent(new Event('pagehide'));
    // No timers: a page that is being left only gets what follows a handler at once.
    for (let i = 0; i < 200; i++) await null;
    const left = () => localStorage.getItem('lora-explorer/left-run');
    expect(JSON.parse(left() ?? '').trace.loss).toHaveLength(13);
    answers[0]();
    await vi.advanceTimersByTimeAsync(0);
    expect(left(), 'the older text does not stand for the newer one').not.toBeNull();
    answers[1]();
    await vi.advanceTimersByTimeAsync(0);
    expect(left()).toBeNull();
  });

  it('never before it has moved', async () => {
    const store = trainingStore(idleState());
    const { kept, keepNow } = keeping(store);
    store.dispatch({ type: 'changed', changes: { alpha: 4 } });
    store.dispatch({ type: 'train' });
    await vi.advanceTimersByTimeAsync(60_000);
    await keepNow();
    expect(kept).toEqual([]);
  });

  it('less often where that takes long, so that a twentieth of the time goes into it', async () => {
    const slow = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 1000));
    const { kept, step } = keeping(trainingStore(), slow);
    for (let at = 11; at <= 70; at++) {
      step(at);
      await vi.advanceTimersByTimeAsync(1000);
    }
    // The second was requested before the first had been timed; from then on every 20 s.
    expect(kept.map(([, at]) => at)).toEqual([15, 20, 40, 60]);
  });

  it('or not, where storage is refused or hangs: nothing throws, and nobody waits for it for long', async () => {
    const refused = keeping(trainingStore(), async () => false);
    refused.step(11);
    await refused.keepNow();
    const hangs = keeping(trainingStore(), () => new Promise(() => {}));
    hangs.step(11);
    const waited = hangs.keepNow();
    await vi.advanceTimersByTimeAsync(3000);
    await waited;
    expect([refused.kept, hangs.kept].map((kept) => kept.length)).toEqual([1, 1]);
  });
});
