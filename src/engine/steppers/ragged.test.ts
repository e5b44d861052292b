import { describe, expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import { relaxedWasm, typescript, wasm } from '../testing/back-ends.ts';
import { raggedCases, raggedErrors } from '../testing/ragged-cases.ts';

const STEPPERS = [typescript, wasm, relaxedWasm];

describe.each(STEPPERS)('sizes that fit no block, $name', (stepper) => {
  const { open } = stepper;
  // The cases' settings cycle with periods that have no factor in common with 11.
  it.each(partOf(raggedCases(), 11, STEPPERS.indexOf(stepper)))('$title', async (ragged) => {
    const run = await open(ragged.start);
    const errors = raggedErrors(ragged, await run.measure(), await run.steps(ragged.steps));
    expect(Math.max(...Object.values(errors)), JSON.stringify(errors)).toBeLessThan(1e-6);
    run.dispose();
  });
});
