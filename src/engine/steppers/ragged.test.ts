import { describe, expect, it } from 'vitest';
import { relaxedWasm, typescript, wasm } from '../testing/back-ends.ts';
import { raggedCases, raggedErrors } from '../testing/ragged-cases.ts';

describe.each([typescript, wasm, relaxedWasm])('sizes that fit no block, $name', ({ open }) => {
  it.each(raggedCases())('$title', async (ragged) => {
    const stepper = await open(ragged.start);
    const errors = raggedErrors(ragged, await stepper.measure(), await stepper.steps(ragged.steps));
    expect(Math.max(...Object.values(errors)), JSON.stringify(errors)).toBeLessThan(1e-6);
    stepper.dispose();
  });
});
