import { expect, it } from 'vitest';
import { backendEffect, chipWords, engineObstacle, otherBackendLines, stepWords, timingText } from './backend.ts';

const engine = { backend: 'wasm', stepper: 'WebAssembly', device: 'x', why: null, timed: [], emulated: false } as const;

it('the engine starts only while it does', () => {
  const none = { engine: null, refused: false } as const;
  expect(chipWords({ ...none, status: 'preparing' })).toBe('Starting …');
  expect(chipWords({ ...none, status: 'stopped', refused: true })).toBe('Engine ready');
  expect(chipWords({ ...none, status: 'stopped' })).toBe('Engine stopped');
  expect(chipWords({ engine, refused: false, status: 'idle' })).toBe('WebAssembly, float32');
  expect(engineObstacle({ status: 'preparing', refused: false })).toContain('starting');
  expect(engineObstacle({ status: 'stopped', refused: true })).toContain('is ready');
});

it('steps that another engine has computed are named with theirs', () => {
  const here = { from: 0, backend: 'wasm', device: 'x' };
  const file = { from: 0, backend: 'wasm', device: 'processor' };
  expect(otherBackendLines({ computed: [here], engine }, 300)).toEqual([]);
  expect(otherBackendLines({ computed: [file], engine }, 300)).toEqual(['WebAssembly; processor']);
  // A back end without a step does not count.
  expect(otherBackendLines({ computed: [file, { ...here, from: 300 }], engine }, 300)).toHaveLength(1);
  expect(otherBackendLines({ computed: [file, { ...here, from: 40 }], engine }, 300)).toEqual([
    '0–40: WebAssembly; processor',
    '41–300: WebAssembly; x',
  ]);
  const odd = { from: 0, backend: 'wasm 0–3, abacus 4–9', device: '' };
  expect(otherBackendLines({ computed: [odd], engine }, 9)).toEqual(['wasm 0–3, abacus 4–9']);
});

it('the time of a step says which steps it is of', () => {
  expect(stepWords(0.000077, false)).toBe('0.077 ms, timed before the first step');
  expect(stepWords(0.000077, true)).toBe('0.077 ms, mean of this run’s latest steps');
});

it('no cell of the table of timings is empty', () => {
  expect(timingText({ ms: 0.0361, why: null })).toBe('0.036');
  expect(timingText({ ms: null, why: 'No adapter.' })).toBe('No adapter.');
  expect(timingText({ ms: null, why: null })).toBe('the step above');
});

it('what a back end is good for is no claim about the layer on screen', () => {
  for (const backend of ['webgpu', 'wasm', 'cpu'] as const)
    expect(backendEffect({ backend, emulated: false })).not.toMatch(/fastest/);
});
