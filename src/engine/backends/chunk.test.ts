import { afterEach, expect, it } from 'vitest';
import { fetched, handOver } from './chunk.ts';

const NAME = 'loraTestChunk';
const parts = handOver<{ readonly value: number }>(NAME);
const NAMED = 'The kernels for the graphics device';

afterEach(() => {
  Reflect.deleteProperty(globalThis, NAME);
});

it('says in a sentence that a chunk could not be fetched, whatever the runtime says', async () => {
  expect(await fetched(parts, 'nowhere.js', 'http://localhost:1/', NAMED)).toEqual({
    missing: 'The kernels for the graphics device could not be loaded.',
  });
});

it('says so where a chunk was fetched and gave nothing', async () => {
  expect(await fetched(parts, 'data:text/javascript,', 'http://localhost:1/', NAMED)).toHaveProperty('missing');
});

it('fetches a chunk once', async () => {
  const gives = `data:text/javascript,globalThis.${NAME}={value:3}`;
  expect(await fetched(parts, gives, 'http://localhost:1/', NAMED)).toEqual({ value: 3 });
  expect(await fetched(parts, 'nowhere.js', 'http://localhost:1/', NAMED)).toEqual({ value: 3 });
});
