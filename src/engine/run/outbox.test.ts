import { expect, it } from 'vitest';
import type { Problem } from '../../experiment/layer/problem.ts';
import type { FrameMessage } from '../../protocol/frame.ts';
import type { Up } from '../../protocol/up.ts';
import { emptyEntries } from '../steppers/stepper.ts';
import { Outbox } from './outbox.ts';

/** One square module of rank 1, as far as an outbox looks at it. */
function problemOf(d: number): Problem {
  const module = { name: 'W', d, k: d, rank: 1, wanted: { norm: 1, spectrum: { vectors: null } } };
  return { kind: 'matrix', modules: [module] } as unknown as Problem;
}

const rethrow = (error: unknown) => {
  throw error;
};

/** An outbox on a clock that a test turns, with a page that takes every frame at once. */
function outbox(numbers: number) {
  const sent: FrameMessage[] = [];
  const time = { ms: 0 };
  const problem = problemOf(4);
  const send = (message: Up) => message.type === 'frame' && sent.push(message);
  const box = new Outbox(1, problem, { metrics: [], modules: null }, send, () => time.ms, rethrow);
  const factors = { A: new Float32Array(numbers / 2), B: new Float32Array(numbers / 2) };
  const present = { entries: emptyEntries(1), modules: [factors] };
  /** One step and what follows it. */
  const step = (at: number, ms: number, rests = false) => {
    time.ms += ms;
    const entries = { ...emptyEntries(1), series: { loss: Float64Array.of(at) } };
    box.add(at, entries);
    const gone = box.flush({ step: at, present, scaling: 1 }, rests);
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
  // The run rests: what is left goes at once.
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
    box.sample({ step, present, scaling: 1 });
  }
  box.note([{ step: 2, key: 'alpha', value: 32 }]);
  add(2);
  add(3);
  box.sample({ step: 3, present, scaling: 2 });
  box.flush({ step: 4, present, scaling: 2 }, true);
  expect(sent[0].between.map(({ step, spectra }) => [step, spectra[0]?.[0]])).toEqual([
    [1, 5],
    [3, 10],
  ]);
});
