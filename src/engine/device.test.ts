import { expect, it } from 'vitest';
import type { Backend, Missing } from './backends/backend.ts';
import { typescriptBackend } from './backends/typescript.ts';
import { devices } from './device.ts';

const backend = (name: 'webgpu' | 'wasm' | 'cpu', stepper: string): Backend => ({
  ...typescriptBackend,
  info: { backend: name, stepper, device: 'a device', emulated: false },
});
const none = { backend: null, stepper: null };

function picker(gpu: Backend | Missing, wasm: Backend | Missing) {
  const started: string[] = [];
  const pick = devices({
    webgpu: async () => {
      started.push('webgpu');
      return gpu;
    },
    wasm: async (page) => {
      started.push(`wasm ${page}`);
      return wasm;
    },
    tfjsCpu: () => backend('cpu', 'tfjs'),
  });
  return { pick: (choice: Parameters<typeof pick>[0]) => pick(choice, 'https://page/'), started };
}

const gpu = backend('webgpu', 'gpu');
const wasm = backend('wasm', 'wasm');

it('takes WebGPU where there is an adapter, and starts it once', async () => {
  const { pick, started } = picker(gpu, wasm);
  expect(await pick(none)).toEqual({ backend: gpu, why: null });
  expect(await pick(none)).toEqual({ backend: gpu, why: null });
  expect(started).toEqual(['webgpu']);
});

it('falls back to WebAssembly and then to the processor, and says why', async () => {
  const first = await picker({ missing: 'No adapter.' }, wasm).pick(none);
  expect(first).toEqual({ backend: wasm, why: 'No adapter. So the steps are computed on WebAssembly.' });
  const second = await picker({ missing: 'No adapter.' }, { missing: 'No file.' }).pick(none);
  expect(second.backend).toBe(typescriptBackend);
  expect(second.why).toBe('No adapter. No file. So the steps are computed on the processor.');
});

it('takes what was chosen by hand, and the best of the others where it cannot be had', async () => {
  const { pick, started } = picker({ missing: 'No adapter.' }, wasm);
  expect(await pick({ backend: 'wasm', stepper: null })).toEqual({ backend: wasm, why: null });
  expect(await pick({ backend: 'cpu', stepper: null })).toEqual({ backend: typescriptBackend, why: null });
  expect(started).toEqual(['wasm https://page/']);
  expect((await pick({ backend: 'webgpu', stepper: null })).backend).toBe(wasm);
});

it('takes the tfjs stepper on the processor where it was chosen', async () => {
  const picked = await picker(gpu, wasm).pick({ backend: 'cpu', stepper: 'tfjs' });
  expect(picked.backend.info.stepper).toBe('tfjs');
});
