import { isDown, runOf } from '../protocol/check.ts';
import type { Up } from '../protocol/messages.ts';
import { startTfjsCpu } from './backends/cpu.ts';
import { startWasm } from './backends/wasm.ts';
import { startWebgpu } from './backends/webgpu.ts';
import { devices } from './device.ts';
import { createEngine } from './engine.ts';

/** A page that hears nothing for some seconds takes the worker for dead. */
const BEAT_MS = 2000;

// The compiler knows this file as part of a page; in a worker postMessage takes no origin.
const post = (message: Up, transfer: ArrayBuffer[] = []) => self.postMessage(message, { transfer });

const pick = devices({ webgpu: startWebgpu, wasm: startWasm, tfjsCpu: startTfjsCpu });
let alive = () => ({ tensors: 0, buffers: 0 });
// Read by the test that counts what twenty runs leave behind.
Object.assign(self, { engineCounts: () => alive() });

const engine = createEngine({
  post,
  pick: async (choice, page) => {
    const picked = await pick(choice, page);
    alive = picked.backend.alive;
    return picked;
  },
  clock: () => performance.now(),
});

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isDown(data)) engine.receive(data);
  else
    post({
      type: 'failed',
      run: runOf(data),
      kind: 'broken',
      why: 'The page sent the worker a message that it does not know.',
    });
});
setInterval(() => post({ type: 'beat' }), BEAT_MS);
