import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment/settings/params.ts';
import { type Backend, RunFault } from './backends/backend.ts';
import { startWasmBackend, typescriptBackend } from './backends/own-backends.ts';
import type { Stepper } from './steppers/stepper.ts';
import { TestPage } from './testing/page.ts';

const MAX = Number.POSITIVE_INFINITY;

/** Notes whose packs are made, by the run's rank, and undisposed steppers. A step takes a millisecond of its clock. */
function noted(inner: Backend) {
  let now = 0;
  const packs: number[] = [];
  const alive = new Set<Stepper>();
  const open: Backend['open'] = async (start) => {
    const plain = await inner.open(start);
    const stepper: Stepper = {
      ...plain,
      steps: (n) => {
        packs.push(start.modules[0].rank);
        now += n;
        return plain.steps(n);
      },
      dispose: () => {
        alive.delete(stepper);
        plain.dispose();
      },
    };
    alive.add(stepper);
    return stepper;
  };
  return { backend: { ...inner, open }, packs, alive, clock: () => now };
}

function wasm(): Backend {
  const started = startWasmBackend('plain');
  if ('missing' in started) throw new Error(started.missing);
  return started;
}

const ONE = { d: 33, k: 20, rank: 5, opt: 'adam', steps: 700 } as const;
/** So slow that it never ends by itself. */
const OTHER = { d: 18, k: 41, rank: 3, opt: 'momentum', lr: 1e-5, init: 'pissa', steps: 900, seed: 4 } as const;

async function train(page: TestPage, run: number, { steps }: { readonly steps: number }) {
  await page.done(page.pace(run, MAX, steps));
  return recordOf(page, run);
}

function recordOf(page: TestPage, run: number) {
  const keys = ['loss', 'gradNormA', 'gradNormB', 'updateNormA', 'updateNormB', 'relativeError'] as const;
  const last = page.all('frame', run).at(-1)?.modules[0];
  return { traces: keys.map((key) => page.trace(run, key)), A: last?.A, B: last?.B, spectrum: last?.spectrum };
}

async function alone(backend: Backend, experiment: Partial<Experiment> & { readonly steps: number }) {
  const page = new TestPage(backend);
  page.run(1, experiment);
  return train(page, 1, experiment);
}

describe('runs of two sessions in one worker', () => {
  it.each([
    ['TypeScript', typescriptBackend],
    ['WebAssembly', wasm()],
  ])('give each, bit for bit, what it gives alone: %s', async (_, backend) => {
    const page = new TestPage(backend);
    page.run(1, ONE);
    page.run(2, OTHER, { session: 1 });
    const both = await Promise.all([train(page, 1, ONE), train(page, 2, OTHER)]);
    expect(both).toEqual([await alone(backend, ONE), await alone(backend, OTHER)]);
    expect(both[0].traces[0]).toHaveLength(701);
  });

  it('make a pack in turn', async () => {
    const { backend, packs, clock } = noted(typescriptBackend);
    const page = new TestPage(backend, [], clock);
    page.run(1, ONE);
    page.run(2, OTHER, { session: 1 });
    await Promise.all([page.ready(1), page.ready(2)]);
    packs.length = 0;
    await Promise.all([train(page, 1, ONE), train(page, 2, OTHER)]);
    const both = packs.slice(0, Math.min(packs.lastIndexOf(ONE.rank), packs.lastIndexOf(OTHER.rank)));
    expect(both.length).toBeGreaterThan(50);
    expect(both.every((rank, i) => i === 0 || rank !== both[i - 1])).toBe(true);
  });

  it('a new run supersedes that of its own session and leaves the other', async () => {
    const { backend, alive } = noted(typescriptBackend);
    const page = new TestPage(backend);
    page.run(1, ONE);
    page.run(2, { ...OTHER, steps: 1e5 }, { session: 1 });
    const order = page.pace(1, MAX, ONE.steps);
    const never = page.pace(2, MAX, 1e5);
    await page.frameAt(2, 10);
    page.run(3, OTHER, { session: 1 });
    const sent = page.all('frame', 2).length;
    expect(await train(page, 3, OTHER)).toEqual(await alone(backend, OTHER));
    await page.done(order);
    expect(recordOf(page, 1)).toEqual(await alone(backend, ONE));
    expect(page.all('frame', 2)).toHaveLength(sent);
    expect(page.all('done').map((done) => done.order)).not.toContain(never);
    // Nobody closes the two references.
    expect(alive.size).toBe(4);
  });

  it('leaving frees what the session had, in the middle of its steps or of its preparation, and nothing else', async () => {
    const { backend, alive } = noted(typescriptBackend);
    const page = new TestPage(backend);
    page.run(1, ONE);
    page.run(2, { ...OTHER, steps: 1e5 }, { session: 1 });
    page.run(3, OTHER, { session: 2 });
    page.send({ type: 'leave', session: 2 });
    page.pace(2, MAX, 1e5);
    await page.frameAt(2, 10);
    expect(alive.size).toBe(2);
    page.send({ type: 'leave', session: 1 });
    expect(await train(page, 1, ONE)).toEqual(await alone(typescriptBackend, ONE));
    expect(alive.size).toBe(1);
    expect(page.all('ready').map(({ run }) => run)).toEqual([1, 2]);
    page.send({ type: 'leave', session: 0 });
    page.run(4, OTHER);
    await page.ready(4);
    expect(alive.size).toBe(1);
  });

  it('one that fails leaves the other', async () => {
    const { backend, alive } = noted(typescriptBackend);
    const failing: Backend = {
      ...backend,
      open: async (start) => {
        const stepper = await backend.open(start);
        const steps = () => Promise.reject(new RunFault('refused', 'no more'));
        return start.modules[0].rank === ONE.rank ? stepper : { ...stepper, steps };
      },
    };
    const page = new TestPage(failing);
    page.run(1, ONE);
    page.run(2, OTHER, { session: 1 });
    page.pace(2, MAX, 100);
    expect(await page.failed(2)).toMatchObject({ kind: 'refused', why: 'no more' });
    expect(await train(page, 1, ONE)).toEqual(await alone(typescriptBackend, ONE));
    expect(alive.size).toBe(1);
  });
});
