import { afterEach, expect, it } from 'vitest';
import { chunkParts, fetchChunk } from './chunk.ts';

const NAME = 'loraTestChunk';
const parts = chunkParts<{ readonly value: number }>(NAME);
const NAMED = 'The kernels for the graphics device';

afterEach(() => {
  Reflect.deleteProperty(globalThis, NAME);
});

it('says in a sentence that a chunk could not be fetched, whatever the runtime says', async () => {
  expect(await fetchChunk(parts, 'nowhere.js', 'http://localhost:1/', NAMED)).toEqual({
    missing: 'The kernels for the graphics device could not be loaded.',
  });
});

it('says so where a chunk was fetched and gave nothing', async () => {
  expect(await fetchChunk(parts, 'data:text/javascript,', 'http://localhost:1/', NAMED)).toHaveProperty('missing');
});

it('fetches a chunk once', async () => {
  const gives = `data:text/javascript,globalThis.${NAME}={value:3}`;
  expect(await fetchChunk(parts, gives, 'http://localhost:1/', NAMED)).toEqual({ value: 3 });
  expect(await fetchChunk(parts, 'nowhere.js', 'http://localhost:1/', NAMED)).toEqual({ value: 3 });
});
