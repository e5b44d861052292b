import { expect, it } from 'vitest';
import type { MergedMessage } from '../protocol/merged.ts';
import { initialState } from './state.ts';
import { update } from './update.ts';

const adapter = { step: 3, module: 'W', A: new Float32Array(2), B: new Float32Array(2), scaling: 2 };
const numbers = { outputs: { difference: 0, bound: 0, share: 0 }, worstCase: 0, lost: 0 };
const both = { ...numbers, unmerged: numbers.outputs };
const answer = (run: number, order: number): MergedMessage => ({
  ...{ type: 'merged', run, order, inputs: 16, size: 0, float32: both, bfloat16: both, intruders: null },
});

it('keeps the answer of the newest merge and drops every other', () => {
  let state = initialState({ backend: null, stepper: null });
  state = update(state, { type: 'engine', message: answer(0, 1) });
  expect(state.merge).toBeNull();
  state = update(state, { type: 'merge', adapter });
  state = update(state, { type: 'merge', adapter: { ...adapter, step: 4 } });
  expect(state.merge).toMatchObject({ run: 0, order: 2, step: 4, answer: null });
  state = update(state, { type: 'engine', message: answer(0, 1) });
  state = update(state, { type: 'engine', message: answer(1, 2) });
  expect(state.merge?.answer).toBeNull();
  state = update(state, { type: 'engine', message: answer(0, 2) });
  expect(state.merge?.answer?.order).toBe(2);
});
