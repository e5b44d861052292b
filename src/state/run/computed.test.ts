import { expect, it } from 'vitest';
import { computedWords, movedTo } from './computed.ts';

const wasm = { from: 0, backend: 'wasm', device: 'processor' };
const gpu = (from: number) => ({ from, backend: 'webgpu', device: 'a chip' });

it('names the one back end that a run was computed on', () => {
  expect(computedWords([wasm], 300)).toEqual({ backend: 'wasm', device: 'processor' });
  expect(computedWords([], 0)).toEqual({ backend: 'unknown', device: 'unknown' });
});

it('names each with its steps where there were several', () => {
  expect(computedWords(movedTo([wasm], gpu(40)), 300)).toEqual({
    backend: 'wasm 0–40, webgpu 41–300',
    device: 'processor 0–40, a chip 41–300',
  });
});

it('leaves out a place that has made no step', () => {
  expect(computedWords(movedTo([wasm], gpu(40)), 40).backend).toBe('wasm');
  expect(movedTo([wasm], gpu(0))).toEqual([gpu(0)]);
  expect(movedTo([wasm], { ...wasm, from: 20 })).toEqual([wasm]);
});

it('forgets what a step measured again has replaced', () => {
  const there = movedTo([wasm], gpu(40));
  expect(movedTo(there, { from: 20, backend: 'cpu', device: 'processor' }).map((c) => c.backend)).toEqual([
    'wasm',
    'cpu',
  ]);
});

it('goes on after what an opened file says', () => {
  const file = { from: 0, ...computedWords(movedTo([wasm], gpu(40)), 300) };
  expect(computedWords(movedTo([file], { ...wasm, from: 300 }), 350)).toEqual({
    backend: 'wasm 0–40, webgpu 41–300, wasm 301–350',
    device: 'processor 0–40, a chip 41–300, processor 301–350',
  });
});
