import type { BackendName, EngineChoice } from '../protocol/messages.ts';
import type { Backend, Missing } from './backends/backend.ts';
import { typescriptBackend } from './backends/typescript.ts';

/** A back end, and why it is not the first choice: a sentence, or null. */
export interface Picked {
  readonly backend: Backend;
  readonly why: string | null;
}

/** How to start each back end; `page` is the page's address. */
export interface Starters {
  readonly webgpu: () => Promise<Backend | Missing>;
  readonly wasm: (page: string) => Promise<Backend | Missing>;
  readonly tfjsCpu: () => Backend;
}

const ORDER: readonly BackendName[] = ['webgpu', 'wasm', 'cpu'];
const NAMES: Record<BackendName, string> = { webgpu: 'WebGPU', wasm: 'WebAssembly', cpu: 'the processor' };

/**
 * Picks where steps are computed: what was chosen by hand, else WebGPU, then WebAssembly, then the processor, which is
 * always there. Each is started once and kept warm.
 */
export function devices(starters: Starters): (choice: EngineChoice, page: string) => Promise<Picked> {
  const started = new Map<string, Promise<Backend | Missing>>();
  const once = (key: string, start: () => Promise<Backend | Missing>) => {
    const found = started.get(key) ?? start();
    started.set(key, found);
    return found;
  };
  const start = (name: BackendName, choice: EngineChoice, page: string): Promise<Backend | Missing> => {
    switch (name) {
      case 'webgpu':
        return once('webgpu', starters.webgpu);
      case 'wasm':
        return once('wasm', () => starters.wasm(page));
      case 'cpu':
        return choice.stepper === 'tfjs'
          ? once('tfjs-cpu', async () => starters.tfjsCpu())
          : Promise.resolve(typescriptBackend);
    }
  };

  return async (choice, page) => {
    const order = choice.backend ? [choice.backend, ...ORDER.filter((name) => name !== choice.backend)] : ORDER;
    const reasons: string[] = [];
    for (const name of order) {
      const found = await start(name, choice, page);
      if (!('missing' in found)) {
        const why = reasons.length === 0 ? null : `${reasons.join(' ')} So the steps are computed on ${NAMES[name]}.`;
        return { backend: found, why };
      }
      reasons.push(found.missing);
    }
    return { backend: typescriptBackend, why: reasons.join(' ') };
  };
}
