import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineMessage } from '../protocol/worker-messages.ts';
import type { Stepper } from '../steppers/stepper.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { smallExperiment, TestPage } from '../testing/page.ts';
import { type Backend, type NoBackend, RunFault } from './backend.ts';

function world() {
  let now = 0;
  const alive = new Set<Stepper>();
  const backend = (name: string, cost: number, more: Partial<Backend> = {}): Backend => ({
    info: { backend: 'cpu', stepper: name, device: 'a test', emulated: false },
    leastPack: 1,
    open: async (start) => {
      const inner = typescriptStepper(start);
      const stepper: Stepper = {
        ...inner,
        steps: async (n) => {
          now += n * cost;
          return inner.steps(n);
        },
        dispose: () => alive.delete(stepper),
      };
      alive.add(stepper);
      return stepper;
    },
    alive: () => ({ tensors: 0, buffers: 0 }),
    ...more,
  });
  const rival = (found: Backend | NoBackend) => ({ name: 'a rival', start: async () => found });
  const page = (home: Backend, ...rivals: (Backend | NoBackend)[]) => new TestPage(home, rivals.map(rival), () => now);
  return { backend, page, alive };
}

/** A contest waits until a shape has stayed; here that takes no time. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.setTimerTickMode('nextTimerAsync');
});
afterEach(() => void vi.useRealTimers());

const isNews = (m: { type: string }): m is EngineMessage => m.type === 'engine';
const OF_RUN = { d: 9, k: 7, rank: 3, truerank: 3, seed: 5, steps: 400 };

describe('a contest', () => {
  it('goes on where a step is faster, from the same factors and the same optimiser state', async () => {
    const { backend, page, alive } = world();
    // The contest begins when the run has made its steps.
    vi.setTimerTickMode('manual');
    const slow = page(backend('slow', 4), backend('fast', 1));
    slow.run(1, OF_RUN);
    const order = slow.pace(1, Number.POSITIVE_INFINITY, 37);
    await slow.done(order);
    vi.setTimerTickMode('nextTimerAsync');
    const news = await slow.when(isNews);
    expect(news).toMatchObject({ run: 1, from: 37, engine: { stepper: 'fast' } });
    expect(news.engine.timed).toEqual([
      { stepper: 'slow', ms: 4, why: null },
      { stepper: 'fast', ms: 1, why: null },
    ]);
    expect(1000 * news.secondsPerStep).toBe(1);
    await slow.done(slow.pace(1, Number.POSITIVE_INFINITY, 60));
    expect(alive.size).toBe(1);

    const alone = page(backend('alone', 1));
    alone.run(1, OF_RUN);
    await alone.done(alone.pace(1, Number.POSITIVE_INFINITY, 60));
    // The same loops on both sides, so any difference would come from the hand-over.
    expect(slow.trace(1, 'loss')).toEqual(alone.trace(1, 'loss'));
  });

  it('is not held while another run makes steps in the same worker, in another lab or in none', async () => {
    const { backend, page } = world();
    const home = page(backend('home', 4), backend('fast', 1));
    const waited = () => new Promise((resolve) => setTimeout(resolve, 300));
    home.run(1, { ...OF_RUN, lr: 1e-7 }, { session: 1 });
    home.pace(1, 1, 400);
    home.run(2, OF_RUN);
    await home.done(home.pace(2, Number.POSITIVE_INFINITY, 20));
    await waited();
    expect(home.all('engine', 2)).toEqual([]);
    home.send({ type: 'leave', session: 1 });
    const order = { choice: { backend: null, stepper: null }, drawing: null, page: 'http://localhost/' } as const;
    home.send({ type: 'quiet', quiet: 1, experiment: smallExperiment({ ...OF_RUN, lr: 1e-7, steps: 1e6 }), ...order });
    home.run(3, OF_RUN);
    await home.done(home.pace(3, Number.POSITIVE_INFINITY, 20));
    await waited();
    expect(home.all('engine', 3)).toEqual([]);
    home.send({ type: 'cancel', quiet: 1 });
    home.run(4, OF_RUN);
    expect(await home.when(isNews)).toMatchObject({ run: 4, engine: { stepper: 'fast' } });
  });

  it('stays where the rival is not clearly faster, and disposes of it', async () => {
    const { backend, page, alive } = world();
    const home = page(backend('home', 8), backend('other', 7.5));
    home.run(1, OF_RUN);
    const news = await home.when(isNews);
    expect(news.engine.stepper).toBe('home');
    expect(news.engine.timed.map(({ ms }) => ms)).toEqual([8, 7.5]);
    expect(alive.size).toBe(1);
  });

  it('takes the fastest of several, and remembers it for the shape', async () => {
    const { backend, page } = world();
    const home = page(backend('home', 8), backend('better', 4), backend('best', 1));
    home.run(1, OF_RUN);
    await home.when((m): m is EngineMessage => isNews(m) && m.engine.timed.length === 3);
    home.run(2, { ...OF_RUN, seed: 6 });
    const again = await home.ready(2);
    expect(again.engine.stepper).toBe('best');
    expect(again.engine.timed.map(({ stepper }) => stepper)).toEqual(['home', 'better', 'best']);
    home.run(3, { ...OF_RUN, rank: 2 });
    expect((await home.ready(3)).engine.stepper).toBe('home');
  });

  it('goes back to what is there at once where the winner has no memory left', async () => {
    const { backend, page } = world();
    let full = false;
    const best = backend('best', 1);
    const sometimes: Backend = {
      ...best,
      open: (start) => (full ? Promise.reject(new RunFault('refused', 'Too little memory.')) : best.open(start)),
    };
    const home = page(backend('home', 8), sometimes);
    home.run(1, OF_RUN);
    await home.when(isNews);
    full = true;
    home.run(2, { ...OF_RUN, seed: 6 });
    expect((await home.ready(2)).engine.stepper).toBe('home');
    expect(home.all('failed')).toEqual([]);
  });

  it('does not hold up the next run where a rival never opens', async () => {
    const { backend, page } = world();
    let begins = () => {};
    const begun = new Promise<void>((resolve) => (begins = resolve));
    const open = () => new Promise<never>(() => begins());
    const home = page(backend('home', 4), backend('hangs', 1, { open }));
    home.run(1, OF_RUN);
    await home.ready(1);
    await begun;
    home.run(2, { ...OF_RUN, seed: 6 });
    expect((await home.ready(2)).engine.stepper).toBe('home');
    await home.done(home.pace(2, Number.POSITIVE_INFINITY, 20));
  });

  it('goes on as before where a rival is missing, does not fit, is not worth it or breaks', async () => {
    const { backend, page } = world();
    const home = page(
      backend('home', 4),
      { missing: 'No adapter.' },
      backend('small', 1, { unfit: () => 'Too small.' }),
      backend('emulated', 1, { untimed: () => 'Only emulated.' }),
      backend('broken', 1, { open: () => Promise.reject(new Error('It broke.')) }),
    );
    home.run(1, OF_RUN);
    const news = await home.when((m): m is EngineMessage => isNews(m) && m.engine.timed.length === 5);
    expect(news.engine.stepper).toBe('home');
    // Every starter keeps its own name, timed or not; one that breaks on the way has none yet.
    const names = news.engine.timed.map(({ stepper }) => stepper);
    expect(names).toEqual(['home', 'a rival', 'small', 'emulated', 'a rival']);
    expect(news.engine.timed.slice(1).map(({ why }) => why)).toEqual([
      'No adapter.',
      'Too small.',
      'Only emulated.',
      'It broke.',
    ]);
    expect(await home.done(home.pace(1, Number.POSITIVE_INFINITY, 40))).toMatchObject({ step: 40 });
    expect(home.all('failed')).toEqual([]);
  });

  it('fetches code only for a rival that is to be timed, and goes on where it is not available', async () => {
    const { backend, page } = world();
    const load = vi.fn(async () => 'It could not be loaded.');
    const emulated = backend('emulated', 1, { load, untimed: () => 'Only emulated.' });
    const home = page(backend('home', 4), emulated, backend('far', 1, { load }));
    home.run(1, OF_RUN);
    const news = await home.when((m): m is EngineMessage => isNews(m) && m.engine.timed.length === 3);
    expect(news.engine.timed.slice(1).map(({ why }) => why)).toEqual(['Only emulated.', 'It could not be loaded.']);
    expect(load).toHaveBeenCalledOnce();
    expect(news.engine.stepper).toBe('home');
  });

  it('waits for what has to be compiled while the run trains', async () => {
    const { backend, page } = world();
    let [begins, compiled] = [() => {}, () => {}];
    const begun = new Promise<void>((resolve) => (begins = resolve));
    const prepare = () => {
      begins();
      return new Promise<void>((resolve) => (compiled = resolve));
    };
    const home = page(backend('home', 4), backend('late', 1, { prepare }));
    home.run(1, OF_RUN);
    await begun;
    await home.done(home.pace(1, Number.POSITIVE_INFINITY, 20));
    expect(home.all('engine')).toEqual([]);
    compiled();
    expect((await home.when(isNews)).from).toBe(20);
  });
});
