import { expect, it, vi } from 'vitest';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type Backend, matrixOnly as matrixOnlyKernels, type NoBackend, noKernel, type RunShape } from './backend.ts';
import { devices, runShapeOf } from './device.ts';
import { startWasmBackend, typescriptBackend } from './own-backends.ts';

const backend = (name: 'webgpu' | 'wasm' | 'cpu', stepper: string): Backend => ({
  ...typescriptBackend,
  info: { backend: name, stepper, device: 'a device', emulated: false },
});
const none = { backend: null, stepper: null };
const shape = { d: 8, k: 8, rank: 2 };
const matrixOnly = (one: Backend): Backend => ({
  ...one,
  unfit: ({ sampled, network }) => (sampled ? 'No samples.' : network ? 'No networks.' : null),
});

function picker(webgpu: Backend | NoBackend, wasm: Backend | NoBackend, task: Partial<RunShape> = {}) {
  const started: string[] = [];
  const noted = (name: string, found: Backend | NoBackend) => async (page: string) => {
    started.push(`${name} ${page}`);
    return found;
  };
  const pick = devices({
    webgpu: noted('webgpu', webgpu),
    wasm: noted('wasm', wasm),
    cpu: noted('cpu', typescriptBackend),
    'webgpu-direct': noted('webgpu-direct', matrixOnly(backend('webgpu', 'direct'))),
    'tfjs-webgpu': noted('tfjs-webgpu', 'missing' in webgpu ? webgpu : backend('webgpu', 'tfjs')),
    'tfjs-wasm': noted('tfjs-wasm', backend('wasm', 'tfjs')),
    'tfjs-cpu': noted('tfjs-cpu', backend('cpu', 'tfjs')),
  });
  return { pick: (choice: Parameters<typeof pick>[0]) => pick(choice, 'page', { ...shape, ...task }), started };
}

const gpu = backend('webgpu', 'gpu');
const wasm = backend('wasm', 'wasm');

it('begins on WebAssembly, starts it once, and names the others as rivals', async () => {
  const { pick, started } = picker(gpu, wasm);
  const first = await pick(none);
  expect([first.backend, first.why]).toEqual([wasm, null]);
  await pick(none);
  expect(started).toEqual(['wasm page']);
  expect(await Promise.all(first.rivals.map((rival) => rival.start()))).toEqual([typescriptBackend, gpu]);
});

it('begins on the processor where there is no WebAssembly, and says why', async () => {
  const picked = await picker(gpu, { missing: 'No SIMD.' }).pick(none);
  expect(picked.backend).toBe(typescriptBackend);
  expect(picked.why).toBe('No SIMD. The steps are therefore computed on the processor.');
  expect(picked.rivals.map(({ name }) => name)).toEqual(['WebGPU']);
});

it('takes what was chosen by hand without rivals, and the best of the others where it is not available', async () => {
  const { pick } = picker({ missing: 'No adapter.' }, wasm);
  expect(await pick({ backend: 'wasm', stepper: null })).toEqual({ backend: wasm, why: null, rivals: [] });
  expect((await pick({ backend: 'cpu', stepper: null })).backend).toBe(typescriptBackend);
  const other = await pick({ backend: 'webgpu', stepper: null });
  expect(other.backend).toBe(wasm);
  expect(other.why).toBe('No adapter. The steps are therefore computed on WebAssembly.');
});

it('passes over a back end that a shape does not fit', async () => {
  const small: Backend = { ...gpu, unfit: ({ d }) => (d > 4 ? 'Its buffers are too small.' : null) };
  const picked = await picker(small, wasm).pick({ backend: 'webgpu', stepper: null });
  expect(picked.backend.info).toMatchObject({ backend: 'webgpu', stepper: 'tfjs' });
  expect(picked.why).toBe('Its buffers are too small. The steps are therefore computed on WebGPU by tfjs.');
});

it('fetches what the first load leaves out only where it is taken, and passes over what cannot be fetched', async () => {
  const load = vi.fn(async () => 'It could not be loaded.');
  const late: Backend = { ...gpu, load };
  const { pick } = picker(late, wasm);
  const byDefault = await pick(none);
  await Promise.all(byDefault.rivals.map((rival) => rival.start()));
  expect(load).not.toHaveBeenCalled();
  const picked = await pick({ backend: 'webgpu', stepper: null });
  expect(load).toHaveBeenCalledOnce();
  expect(picked.backend.info.stepper).toBe('tfjs');
  expect(picked.why).toBe('It could not be loaded. The steps are therefore computed on WebGPU by tfjs.');
});

it('takes the direct form of the kernels where it was chosen', async () => {
  const picked = await picker(gpu, wasm).pick({ backend: 'webgpu', stepper: 'direct' });
  expect([picked.backend.info.stepper, picked.rivals]).toEqual(['direct', []]);
});

it('takes TensorFlow.js where it was chosen', async () => {
  const { pick } = picker(gpu, wasm);
  for (const backend of ['webgpu', 'wasm', 'cpu'] as const) {
    const { info } = (await pick({ backend, stepper: 'tfjs' })).backend;
    expect([info.backend, info.stepper]).toEqual([backend, 'tfjs']);
  }
});

it('leaves samples to TensorFlow.js on the back end that was chosen, and begins with the processor', async () => {
  const { pick } = picker(matrixOnly(gpu), matrixOnly(wasm), { sampled: true });
  for (const [backend, stepper] of [
    ['webgpu', null],
    ['webgpu', 'direct'],
    ['wasm', null],
  ] as const) {
    const picked = await pick({ backend, stepper });
    expect(picked.backend.info).toMatchObject({ backend, stepper: 'tfjs' });
    expect(picked.why).toMatch(/^No samples\. The steps are therefore computed on .* by tfjs\.$/);
  }
  const first = await pick(none);
  expect([first.backend, first.why]).toEqual([typescriptBackend, null]);
  expect(await Promise.all(first.rivals.map((rival) => rival.start()))).toMatchObject([{ info: { stepper: 'tfjs' } }]);
});

it('begins a network on WebAssembly, to be timed against TensorFlow.js on WebGPU, which a person may choose', async () => {
  const { pick } = picker(matrixOnly(gpu), wasm, { network: { target: 'digits', multiplyAdds: 1e6 } });
  const first = await pick(none);
  expect([first.backend, first.why]).toEqual([wasm, null]);
  expect(await Promise.all(first.rivals.map((rival) => rival.start()))).toMatchObject([{ info: { stepper: 'tfjs' } }]);
  for (const stepper of [null, 'direct'] as const) {
    const picked = await pick({ backend: 'webgpu', stepper });
    expect(picked.backend.info).toMatchObject({ backend: 'webgpu', stepper: 'tfjs' });
    expect(picked.why).toBe('No networks. The steps are therefore computed on WebGPU by tfjs.');
  }
});

it('makes float16 in TypeScript, without a rival or a word, and says why no other back end does', async () => {
  const unfit = (name: 'WebGPU' | 'TensorFlow.js') => (of: RunShape) => noKernel(of, name);
  const own = startWasmBackend('plain');
  const { pick } = picker({ ...gpu, unfit: matrixOnlyKernels }, own, { regime: ['lossScale', 'clip'] });
  const first = await pick(none);
  expect([first.backend, first.why, first.rivals]).toEqual([typescriptBackend, null, []]);
  const why = 'There are no kernels here for float16 and clipped gradients.';
  const shapeOf = { ...shape, regime: ['lossScale', 'clip'] } as const;
  for (const name of ['WebGPU', 'TensorFlow.js'] as const) expect(unfit(name)(shapeOf)).toBe(why);
  const chosen = await picker({ ...gpu, unfit: matrixOnlyKernels }, own, shapeOf).pick({
    ...{ backend: 'wasm', stepper: null },
  });
  expect(chosen.why).toContain(why);
  // Networks and methods beside LoRA have their steps in WebAssembly.
  const network = { regime: ['clip'], network: { target: 'digits', multiplyAdds: 1e6 } } as const;
  expect((await picker(gpu, own, network).pick(none)).backend).toBe(own);
  expect((await picker(gpu, own, { regime: ['clip'], method: 'dora' }).pick(none)).backend).toBe(own);
});

it('times networks apart whose steps cost differently', () => {
  const shapeOf = (changes: Partial<Experiment>) => runShapeOf(change(change(defaults(), { rank: 4 }), changes));
  const shapes = [
    { target: 'digits' },
    { target: 'transformer' },
    { target: 'digits', method: 'full' },
    { target: 'digits', modules: 'in' },
    { target: 'digits', batch: 32 },
    { target: 'picture' },
  ] as const;
  expect(new Set(shapes.map((changes) => JSON.stringify(shapeOf(changes)))).size).toBe(shapes.length);
});
