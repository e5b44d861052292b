import { expect, it } from 'vitest';
import { chipWords, engineMissing } from './backend.ts';

const engine = { backend: 'wasm', stepper: 'WebAssembly', device: 'x', why: null, timed: [], emulated: false } as const;

it('the engine starts only while it does', () => {
  const none = { engine: null, refused: false } as const;
  expect(chipWords({ ...none, status: 'preparing' })).toBe('Starting …');
  expect(chipWords({ ...none, status: 'stopped', refused: true })).toBe('Engine ready');
  expect(chipWords({ ...none, status: 'stopped' })).toBe('Engine stopped');
  expect(chipWords({ engine, refused: false, status: 'idle' })).toBe('WebAssembly, float32');
  expect(engineMissing({ status: 'preparing', refused: false })).toContain('starting');
  expect(engineMissing({ status: 'stopped', refused: true })).toContain('is ready');
});
