import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DraftMessage, DraftResultMessage } from '../../engine/protocol/draft.ts';
import { blankSheet } from '../../state/draft.ts';
import { createStore, initialState } from '../../state/state.ts';
import { update } from '../../state/update.ts';
import { measureDrafts } from './measure-drafts.ts';

class PlayedWorker {
  readonly got: DraftMessage[] = [];
  ended = false;
  onmessage: ((event: { data: DraftResultMessage }) => void) | null = null;
  onerror: ((event: { preventDefault: () => void }) => void) | null = null;
  postMessage(message: DraftMessage) {
    this.got.push(message);
  }
  terminate() {
    this.ended = true;
  }
  answers() {
    const { on, order, d, k } = this.got[this.got.length - 1];
    this.onmessage?.({ data: { on, order, d, k, singularValues: new Float64Array(1) } as DraftResultMessage });
  }
}

async function setUp() {
  const store = createStore(initialState({ backend: null, stepper: null }), update, (redraw) => redraw());
  const worker = new PlayedWorker();
  const failed = vi.fn();
  store.dispatch({ type: 'draw', on: 'owl' });
  measureDrafts(store, failed, async () => worker as unknown as Worker);
  await vi.advanceTimersByTimeAsync(0);
  const stroke = (cell: number) => store.dispatch({ type: 'painted', paint: blankSheet().fill(1, cell, cell + 1) });
  return { store, worker, failed, stroke };
}

describe('measuring what is drawn', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks about the newest sheet, one at a time and four times a second at most', async () => {
    const { store, worker, stroke } = await setUp();
    expect(worker.got.map(({ order }) => order)).toEqual([0]);
    worker.answers();
    for (const cell of [1, 2, 3]) stroke(cell);
    await vi.advanceTimersByTimeAsync(249);
    expect(worker.got).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(worker.got.map(({ order }) => order)).toEqual([0, 3]);
    // It is slow: nothing more until it has answered.
    stroke(4);
    await vi.advanceTimersByTimeAsync(2000);
    expect(worker.got).toHaveLength(2);
    expect(store.state().drafts.owl?.answer?.order).toBe(0);
    worker.answers();
    expect(worker.got.map(({ order }) => order)).toEqual([0, 3, 4]);
  });

  it('asks again where the rank or the size is another, and about nothing twice', async () => {
    const { store, worker } = await setUp();
    worker.answers();
    await vi.advanceTimersByTimeAsync(1000);
    expect(worker.got).toHaveLength(1);
    store.dispatch({ type: 'changed', changes: { rank: 3 } });
    worker.answers();
    await vi.advanceTimersByTimeAsync(1000);
    store.dispatch({ type: 'changed', changes: { d: 32 } });
    expect(worker.got.map(({ d, ranks }) => [d, ranks.at(-1)])).toEqual([
      [64, 8],
      [64, 4],
      [32, 4],
    ]);
  });

  it('ends its worker with the editor, and says where it died', async () => {
    const closed = await setUp();
    closed.store.dispatch({ type: 'draw', on: null });
    expect(closed.worker.ended).toBe(true);
    closed.worker.answers();
    await vi.advanceTimersByTimeAsync(1000);
    expect(closed.worker.got).toHaveLength(1);
    expect(closed.failed).not.toHaveBeenCalled();
    const broken = await setUp();
    broken.worker.onerror?.({ preventDefault: () => {} });
    expect([broken.worker.ended, broken.failed.mock.calls.length]).toEqual([true, 1]);
  });
});
