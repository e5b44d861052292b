import { expect, it } from 'vitest';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { WorkerMessage } from '../protocol/worker-messages.ts';
import { emptyEntries, type StepEntries } from '../steppers/stepper.ts';
import { credits, Outbox, unsentEntries } from './outbox.ts';

/** One square module of rank 1, as far as an outbox looks at it. */
function problemOf(d: number): Problem {
  const module = { name: 'W', d, k: d, rank: 1, wanted: { norm: 1, spectrum: { vectors: null } } };
  return { kind: 'matrix', modules: [module] } as unknown as Problem;
}

const rethrow = (error: unknown) => {
  throw error;
};

function outbox(numbers: number) {
  const sent: FrameMessage[] = [];
  const time = { ms: 0 };
  const problem = problemOf(4);
  const send = (message: WorkerMessage) => message.type === 'frame' && sent.push(message);
  const box = new Outbox(1, problem, { metrics: [], modules: null }, send, () => time.ms, rethrow);
  const factors = { A: new Float32Array(numbers / 2), B: new Float32Array(numbers / 2) };
  const present = { entries: emptyEntries(1), modules: [factors] };
  const step = (at: number, ms: number, rests = false) => {
    time.ms += ms;
    const entries = { ...emptyEntries(1), series: { loss: Float64Array.of(at) } };
    box.add(at, entries);
    const gone = box.flush({ step: at, present, scalings: [1] }, rests);
    box.acknowledged();
    return gone;
  };
  return { sent, step };
}

it('frames with large factors come less often, and hold every step', () => {
  // 8 MB a frame, as at 4096 × 4096 with rank 256.
  const { sent, step } = outbox(2 ** 21);
  for (let at = 0; at < 101; at++) step(at, 20);
  const seconds = 2;
  expect(sent.length).toBeGreaterThan(3 * seconds);
  expect(sent.length).toBeLessThan(6 * seconds);
  // The run rests: the rest goes at once.
  expect(step(101, 1, true)).toBe(true);
  expect(sent.flatMap((frame) => [...frame.series.loss])).toEqual(Array.from({ length: 102 }, (_, i) => i));
});

it('frames with small factors go after every step', () => {
  const { sent, step } = outbox(2048);
  for (let at = 0; at < 50; at++) step(at, 16);
  expect(sent).toHaveLength(50);
});

it('what was observed of a step is dropped where a change measures the step again', () => {
  const sent: FrameMessage[] = [];
  const problem = problemOf(2);
  // Time stands still: after the first frame no second spectrum is due.
  const box = new Outbox(
    1,
    problem,
    { metrics: ['spectrum'], modules: null },
    (message) => message.type === 'frame' && sent.push(message),
    () => 0,
    rethrow,
  );
  const present = { entries: emptyEntries(1), modules: [{ A: Float32Array.of(1, 0), B: Float32Array.of(3, 4) }] };
  const add = (step: number) => box.add(step, emptyEntries(1));
  for (const step of [1, 2]) {
    add(step);
    box.sample({ step, present, scalings: [1] });
  }
  box.note([{ step: 2, key: 'alpha', value: 32 }]);
  add(2);
  add(3);
  box.sample({ step: 3, present, scalings: [2] });
  box.flush({ step: 4, present, scalings: [2] }, true);
  expect(sent[0].between.map(({ step, spectra }) => [step, spectra[0]?.[0]])).toEqual([
    [1, 5],
    [3, 10],
  ]);
});

it('lets two frames be under way, and keeps one credit for the last near the end', () => {
  const left = credits(() => 0);
  left.toGo(1000);
  left.spend(0);
  expect(left.mayGo(false)).toBe(true);
  left.toGo(10);
  expect(left.mayGo(false)).toBe(false);
  // The run rests: its last frame goes at once.
  expect(left.mayGo(true)).toBe(true);
  left.spend(0);
  expect(left.mayGo(true)).toBe(false);
  left.returned();
  expect(left.mayGo(true)).toBe(true);
});

it('lets frames go no closer together than they are looked at, but the last', () => {
  const time = { ms: 0 };
  const left = credits(() => time.ms);
  left.every(40);
  left.toGo(10_000);
  const gone: number[] = [];
  // Packs of 14 ms: a frame that fell due meanwhile goes at the end of one, and does not put off the next.
  for (time.ms = 14; time.ms <= 1000; time.ms += 14) {
    if (!left.mayGo(false)) continue;
    gone.push(time.ms);
    left.spend(0);
    left.returned();
  }
  expect(gone[0]).toBe(42);
  expect(gone).toHaveLength(24);
  time.ms = 2000;
  left.toGo(39);
  expect([left.mayGo(false), left.mayGo(true)]).toEqual([false, true]);
  left.toGo(1000);
  expect(left.mayGo(false)).toBe(true);
  left.every(0);
  left.spend(0);
  left.returned();
  expect(left.mayGo(false)).toBe(true);
});

it('lets large factors wait until the page has room, unless they are the last', () => {
  const time = { ms: 0 };
  const left = credits(() => time.ms);
  left.spend(32e6);
  time.ms = 500;
  expect([left.mayGo(false), left.mayGo(true)]).toEqual([false, true]);
  time.ms = 1001;
  expect(left.mayGo(false)).toBe(true);
});

function entries(...loss: number[]): StepEntries {
  return { ...emptyEntries(loss.length), series: { loss: Float64Array.from(loss) } };
}

it('joins what was added, in order', () => {
  const list = unsentEntries();
  list.add(3, entries(3, 4));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { series: { loss: Float64Array.of(3, 4, 5) } }, changes: [] });
  expect(list.isEmpty()).toBe(true);
});

it('keeps the newer of two entries of one step', () => {
  const list = unsentEntries();
  list.add(3, entries(3, 4));
  list.add(4, entries(40));
  list.add(4, entries(400));
  list.add(5, entries(5));
  expect(list.take()).toMatchObject({ from: 3, entries: { series: { loss: Float64Array.of(3, 400, 5) } } });
});

it('sends a step again that was sent before', () => {
  const list = unsentEntries();
  list.add(4, entries(4));
  list.take();
  list.note({ step: 4, key: 'lr', value: 0.1 });
  list.add(4, entries(40));
  list.add(4, entries(400));
  expect(list.take()).toMatchObject({
    from: 4,
    entries: { series: { loss: Float64Array.of(400) } },
    changes: [{ step: 4, key: 'lr', value: 0.1 }],
  });
});

it('joins the lists of every module, and those of the distance where there are any', () => {
  const list = unsentEntries();
  const of = (...values: number[]) => Float64Array.from(values);
  const norms = (...values: number[]) => ({
    ...emptyEntries(values.length).modules[0],
    gradNormB: of(...values),
    updateNormA: of(...values).map((v) => -v),
  });
  list.add(1, { series: { loss: of(1, 2), distance: of(3, 4) }, modules: [norms(5, 6), norms(7, 8)] });
  list.add(2, { series: { loss: of(20, 30), distance: of(40, 50) }, modules: [norms(60, 70), norms(80, 90)] });
  const { entries } = list.take();
  expect(entries.series).toEqual({ loss: of(1, 20, 30), distance: of(3, 40, 50) });
  expect(entries.modules).toEqual([norms(5, 60, 70), norms(7, 80, 90)]);
});
