import { type Backend, countsOf, type NoBackend } from './backends/backend.ts';
import { devices } from './backends/device.ts';
import { fetchAssets, withMethods } from './backends/on-demand.ts';
import { startWasmBackend, typescriptBackend } from './backends/own-backends.ts';
import { tfjsCpuBackend, tfjsWasmBackend, tfjsWebgpuBackend } from './backends/tfjs.ts';
import { startWebgpu } from './backends/webgpu.ts';
import { createEngine } from './engine.ts';
import type { BackgroundResult } from './protocol/background-messages.ts';
import { isPageMessage, runOf } from './protocol/check.ts';
import type { WorkerMessage } from './protocol/worker-messages.ts';
import { fetchBuild } from './steppers/wasm/fetch.ts';
import { takeFastest } from './steppers/wasm/wasm.ts';

/** A page without a message for some seconds counts the worker as dead. */
const BEAT_MS = 2000;

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (message: WorkerMessage | BackgroundResult, transfer: ArrayBuffer[] = []) =>
  self.postMessage(message, { transfer });

const started: Backend[] = [];
const noted = <T extends Backend | NoBackend>(backend: T, page: string): T => {
  if (!('missing' in backend)) started.push(backend);
  return withMethods(backend, page);
};
// Read by the test that counts what twenty runs leave behind.
Object.assign(self, { engineCounts: () => countsOf(started) });

const engine = createEngine({
  post,
  pick: devices({
    webgpu: async (page) => noted(await startWebgpu('algebraic', page), page),
    'webgpu-direct': async (page) => noted(await startWebgpu('direct', page), page),
    wasm: (page) => takeFastest((build) => fetchBuild(build, page)).then(() => noted(startWasmBackend(), page)),
    cpu: async (page) => noted(typescriptBackend, page),
    'tfjs-webgpu': async (page) => noted(await tfjsWebgpuBackend(page), page),
    'tfjs-wasm': async (page) => noted(tfjsWasmBackend(page), page),
    'tfjs-cpu': async (page) => noted(tfjsCpuBackend(page), page),
  }),
  clock: () => performance.now(),
  assets: fetchAssets,
});

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isPageMessage(data)) engine.receive(data);
  else post({ type: 'failed', run: runOf(data), kind: 'broken', why: 'The page sent the worker an unknown message.' });
});
setInterval(() => post({ type: 'beat' }), BEAT_MS);
