import { type Tfjs, type TfjsOpener, tfjsParts } from '../steppers/tfjs/hand-over.ts';
import chunk from '../steppers/tfjs/tfjs-chunk.ts?worker&url';
import { type Backend, EMULATED, type Missing } from './backend.ts';
import { fetched } from './chunk.ts';
import { startGraphics } from './graphics.ts';

/** d × k matrices that a step makes beside ΔW*: s·B·A, the residual and its square. */
const SCRATCH = 3;

/** Not the bits of the page's own loops, which a run file would not tell otherwise. */
const BY_TFJS = 'processor, by TensorFlow.js';

type Begin = (tfjs: Tfjs) => TfjsOpener | Promise<TfjsOpener | Missing>;

/** A back end whose code is fetched by `load`, once. */
function later(page: string, begin: Begin, known: Pick<Backend, 'info' | 'leastPack' | 'untimed'>): Backend {
  const start = async () => {
    const tfjs = await fetched(tfjsParts, chunk, page, 'TensorFlow.js');
    return 'missing' in tfjs ? tfjs : begin(tfjs);
  };
  let starting: ReturnType<typeof start> | null = null;
  let opener: TfjsOpener | null = null;
  return {
    ...known,
    scratch: SCRATCH,
    async load() {
      starting ??= start();
      const started = await starting;
      if ('missing' in started) return started.missing;
      opener = started;
      return null;
    },
    async open(start) {
      if (!opener) throw new Error('TensorFlow.js has not been loaded.');
      return opener.open(start);
    },
    alive: () => opener?.alive() ?? { tensors: 0, buffers: 0 },
  };
}

/** TensorFlow.js in plain JavaScript: slow, the second opinion where there is nothing else (`?backend=cpu&stepper=tfjs`). */
export function tfjsOnCpu(page: string): Backend {
  return later(page, (tfjs) => tfjs.cpu(), {
    info: { backend: 'cpu', stepper: 'TensorFlow.js on the processor', device: BY_TFJS, emulated: false },
    leastPack: 1,
  });
}

export function tfjsOnWasm(page: string): Backend {
  return later(page, (tfjs) => tfjs.wasm(page), {
    info: { backend: 'wasm', stepper: 'TensorFlow.js on WebAssembly', device: BY_TFJS, emulated: false },
    leastPack: 1,
  });
}

/** On the device that the own kernels use too; where there is none, nothing is fetched. */
export async function tfjsOnWebgpu(page: string): Promise<Backend | Missing> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { name, emulated } = graphics;
  return later(page, (tfjs) => tfjs.webgpu(graphics), {
    info: { backend: 'webgpu', stepper: 'TensorFlow.js on WebGPU', device: name, emulated },
    leastPack: 16,
    untimed: () => (emulated ? EMULATED : null),
  });
}
