import { describe, expect, it } from 'vitest';
import { frameAt, type KeptFrame, keep } from './frames.ts';
import { cutAfter, emptyTrace, extend, listOf, TRACE_KEYS } from './trace.ts';

const frame = (from: number, values: number[]) => ({
  from,
  ...(Object.fromEntries(TRACE_KEYS.map((key) => [key, Float64Array.from(values)])) as Record<
    (typeof TRACE_KEYS)[number],
    Float64Array
  >),
});

describe('the trace', () => {
  it('grows by frames, and an older trace never sees what came after it', () => {
    let trace = emptyTrace();
    const seen = [];
    for (let t = 0; t < 300; t += 3) {
      trace = extend(trace, frame(t, [t, t + 1, t + 2]));
      seen.push(trace);
    }
    expect(Array.from(listOf(trace, 'loss'))).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(listOf(seen[2], 'loss')).toHaveLength(9);
  });

  it('takes a step that is measured again, and leaves the old trace as it was', () => {
    const old = extend(emptyTrace(), frame(0, [1, 2, 3]));
    const again = extend(old, frame(2, [30, 40]));
    expect(Array.from(listOf(again, 'loss'))).toEqual([1, 2, 30, 40]);
    expect(Array.from(listOf(old, 'loss'))).toEqual([1, 2, 3]);
    expect(cutAfter(again, 1).length).toBe(2);
  });
});

describe('kept frames', () => {
  const kept = (step: number, size = 4): KeptFrame => ({
    step,
    A: new Float32Array(size),
    B: new Float32Array(size),
    spectrum: null,
    alignment: null,
  });

  it('are thinned evenly when there are many; first and last stay', () => {
    let frames: readonly KeptFrame[] = [];
    for (let step = 0; step < 10_000; step++) frames = keep(frames, kept(step));
    expect(frames.length).toBeLessThanOrEqual(1500);
    expect(frames.length).toBeGreaterThan(700);
    expect(frames[0].step).toBe(0);
    expect(frames.at(-1)?.step).toBe(9999);
  });

  it('are bounded in bytes', () => {
    let frames: readonly KeptFrame[] = [];
    for (let step = 0; step < 200; step++) frames = keep(frames, kept(step, 500_000));
    const bytes = frames.reduce((sum, f) => sum + 4 * (f.A.length + f.B.length), 0);
    expect(bytes).toBeLessThan(110e6);
  });

  it('are found by step', () => {
    const frames = [0, 10, 20].map((s) => kept(s));
    expect([0, 9, 10, 15, 99].map((s) => frameAt(frames, s)?.step)).toEqual([0, 0, 10, 10, 20]);
    expect(frameAt([], 3)).toBeNull();
  });
});
