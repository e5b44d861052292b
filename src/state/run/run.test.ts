import { describe, expect, it } from 'vitest';
import type { HistoryFrame, Trace } from '../../experiment/run-file/run-record.ts';
import { emptyTrace } from '../../experiment/run-file/run-record.ts';
import { entries } from '../testing/page.ts';
import { addFrame, frameAt } from './history.ts';
import { backendTexts, extend, traceList, traceUpTo, withBackendSpan } from './run.ts';

const wasm = { from: 0, backend: 'wasm', device: 'processor' };
const gpu = (from: number) => ({ from, backend: 'webgpu', device: 'a chip' });

it('names the one back end that a run was computed on', () => {
  expect(backendTexts([wasm], 300)).toEqual({ backend: 'wasm', device: 'processor' });
  expect(backendTexts([], 0)).toEqual({ backend: 'unknown', device: 'unknown' });
});

it('names each with its steps where there were several', () => {
  expect(backendTexts(withBackendSpan([wasm], gpu(40)), 300)).toEqual({
    backend: 'wasm 0–40, webgpu 41–300',
    device: 'processor 0–40, a chip 41–300',
  });
});

it('leaves out a place that has made no step', () => {
  expect(backendTexts(withBackendSpan([wasm], gpu(40)), 40).backend).toBe('wasm');
  expect(withBackendSpan([wasm], gpu(0))).toEqual([gpu(0)]);
  expect(withBackendSpan([wasm], { ...wasm, from: 20 })).toEqual([wasm]);
});

it('forgets what a step measured again has replaced', () => {
  const there = withBackendSpan([wasm], gpu(40));
  expect(withBackendSpan(there, { from: 20, backend: 'cpu', device: 'processor' }).map((c) => c.backend)).toEqual([
    'wasm',
    'cpu',
  ]);
});

it('goes on after what an opened file says', () => {
  const file = { from: 0, ...backendTexts(withBackendSpan([wasm], gpu(40)), 300) };
  expect(backendTexts(withBackendSpan([file], { ...wasm, from: 300 }), 350)).toEqual({
    backend: 'wasm 0–40, webgpu 41–300, wasm 301–350',
    device: 'processor 0–40, a chip 41–300, processor 301–350',
  });
});

const lossOf = (trace: Trace) => Array.from(traceList(trace, trace.series.loss));

describe('the trace', () => {
  it('grows by frames, and an older trace never sees what came after it', () => {
    let trace = emptyTrace();
    const seen = [];
    for (let t = 0; t < 300; t += 3) {
      trace = extend(trace, entries(t, [t, t + 1, t + 2]));
      seen.push(trace);
    }
    expect(lossOf(trace)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(lossOf(seen[2])).toHaveLength(9);
  });

  it('takes a step that is measured again, and leaves the old trace as it was', () => {
    const old = extend(emptyTrace(), entries(0, [1, 2, 3]));
    const again = extend(old, entries(2, [30, 40]));
    expect(lossOf(again)).toEqual([1, 2, 30, 40]);
    expect(lossOf(old)).toEqual([1, 2, 3]);
    expect(traceUpTo(again, 1).length).toBe(2);
  });
});

it('a trace has the norms of each module, and no error where no ΔW* is known', () => {
  const of = (...values: number[]) => entries(0, values).modules[0];
  const loss = Float64Array.of(1, 2);
  const trace = extend(emptyTrace(), { from: 0, series: { loss }, modules: [of(3, 4), of(5, 6)] });
  const longer = extend(trace, { from: 1, series: { loss: loss.map((v) => 10 * v) }, modules: [of(7, 8), of(9, 0)] });
  expect(longer.series).not.toHaveProperty('relativeError');
  expect(longer.modules.map(({ gradNormB }) => Array.from(traceList(longer, gradNormB)))).toEqual([
    [3, 7, 8],
    [5, 9, 0],
  ]);
});

describe('kept frames', () => {
  const kept = (step: number, size = 4): HistoryFrame => ({
    step,
    modules: [{ A: new Float32Array(size), B: new Float32Array(size), spectrum: null, alignment: null }],
  });

  it('are thinned evenly when there are many; first and last stay', () => {
    let frames: readonly HistoryFrame[] = [];
    for (let step = 0; step < 10_000; step++) frames = addFrame(frames, kept(step));
    expect(frames.length).toBeLessThanOrEqual(1500);
    expect(frames.length).toBeGreaterThan(700);
    expect(frames[0].step).toBe(0);
    expect(frames.at(-1)?.step).toBe(9999);
  });

  it('are bounded in bytes', () => {
    let frames: readonly HistoryFrame[] = [];
    for (let step = 0; step < 200; step++) frames = addFrame(frames, kept(step, 500_000));
    const bytes = frames.reduce((sum, f) => sum + 4 * (f.modules[0].A.length + f.modules[0].B.length), 0);
    expect(bytes).toBeLessThan(110e6);
  });

  it('are found by step', () => {
    const frames = [0, 10, 20].map((s) => kept(s));
    expect([0, 9, 10, 15, 99].map((s) => frameAt(frames, s)?.step)).toEqual([0, 0, 10, 10, 20]);
    expect(frameAt([], 3)).toBeNull();
  });
});
