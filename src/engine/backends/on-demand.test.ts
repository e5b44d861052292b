import { afterEach, describe, expect, it } from 'vitest';
import { methodChunk, methodParts } from '../steppers/method-parts.ts';
import type { Backend } from './backend.ts';
import { withMethods } from './on-demand.ts';
import { typescriptBackend } from './own-backends.ts';

const NOWHERE = 'http://localhost:1/';
const parts = methodParts();
const shape = { d: 4, k: 4, rank: 1 };
const load = withMethods(typescriptBackend, NOWHERE).load;

afterEach(() => methodChunk.give(parts));

describe('a back end with methods beside LoRA and rare optimisers', () => {
  it('fetches nothing for LoRA by Adam', async () => {
    Reflect.deleteProperty(globalThis, 'loraMethods');
    expect(await load?.({ ...shape, opt: 'adam' })).toBeNull();
    expect(methodChunk.taken()).toBeUndefined();
  });

  it('says so if they cannot be fetched, and then has none', async () => {
    Reflect.deleteProperty(globalThis, 'loraMethods');
    expect(await load?.({ ...shape, method: 'dora' })).toBe(
      'The code of this method or optimiser could not be loaded.',
    );
    expect(await load?.({ ...shape, opt: 'muon' })).toMatch(/could not be loaded/);
    expect(() => methodParts()).toThrow(/have not been loaded/);
  });

  it('fetches them once', async () => {
    expect(await load?.({ ...shape, method: 'dora' })).toBeNull();
  });

  it('asks a back end that loads something itself, too', async () => {
    const graphics: Backend = { ...typescriptBackend, load: async () => 'No room on this device.' };
    const both = withMethods(graphics, NOWHERE).load;
    expect(await both?.({ ...shape, quantised: true })).toBe('No room on this device.');
    expect(await both?.(shape)).toBe('No room on this device.');
    Reflect.deleteProperty(globalThis, 'loraMethods');
    expect(await both?.({ ...shape, quantised: true })).toMatch(/could not be loaded/);
  });

  it('leaves a missing back end as it is', () => {
    expect(withMethods({ missing: 'No SIMD.' }, NOWHERE)).toEqual({ missing: 'No SIMD.' });
  });
});
