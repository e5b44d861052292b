import { isDown } from '../protocol/check.ts';
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

const engine = createEngine({
  post,
  pick: devices({ webgpu: startWebgpu, wasm: startWasm, tfjsCpu: startTfjsCpu }),
  clock: () => performance.now(),
});

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isDown(data)) engine.receive(data);
  else post({ type: 'failed', run: -1, kind: 'broken', why: 'The page sent a message that the worker does not know.' });
});
setInterval(() => post({ type: 'beat' }), BEAT_MS);
