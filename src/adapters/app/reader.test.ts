// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { createReader } from './reader.ts';

afterEach(() => void vi.useRealTimers());

/** Workers that take every message and never answer. */
function counted() {
  const started: string[] = [];
  const ended: string[] = [];
  const start = async (_script: string, name: string) => {
    started.push(name);
    return { postMessage: () => {}, terminate: () => void ended.push(name) } as unknown as Worker;
  };
  return { reader: createReader(vi.fn(), vi.fn(), start), started, ended };
}

const settled = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const sized = (size: number) => [{ file: { size } as File, path: 'a.safetensors' }];

it('the worker that is ready before a file is chosen is the one that reads it', async () => {
  vi.useFakeTimers();
  vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(4);
  const { reader, started, ended } = counted();
  reader.prepare();
  reader.prepare();
  expect(started).toEqual(['adapters']);
  void reader.calls.list(sized(1e6));
  await settled();
  expect(started).toEqual(['adapters']);
  void reader.calls.list(sized(20e6));
  await settled();
  expect(started).toEqual(['adapters', ...Array.from({ length: 4 }, () => 'adapters-pairs')]);
  // In use it stays.
  vi.runAllTimers();
  reader.prepare();
  await settled();
  expect(started.filter((name) => name === 'adapters')).toHaveLength(1);
  expect(ended).toEqual([]);
});

it('a worker that no file has come to ends, and the next file starts another', async () => {
  vi.useFakeTimers();
  const { reader, started, ended } = counted();
  reader.prepare();
  await settled();
  vi.runAllTimers();
  await settled();
  expect(ended).toEqual(['adapters']);
  void reader.calls.list(sized(1e6));
  await settled();
  expect(started).toEqual(['adapters', 'adapters']);
  vi.runAllTimers();
  expect(ended).toEqual(['adapters']);
});
