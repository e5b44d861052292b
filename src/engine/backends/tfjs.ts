import type { BackendName } from '../protocol/engine-info.ts';
import chunk from '../steppers/tfjs/tfjs-chunk.ts?worker&url';
import { type Tfjs, type TfjsOpener, tfjsChunk } from '../steppers/tfjs/tfjs-parts.ts';
import { type Backend, EMULATED_REASON, type NoBackend, noKernel } from './backend.ts';
import { fetchChunk } from './chunk.ts';
import { startGraphics } from './graphics.ts';

/** d × k matrices that a step allocates besides ΔW*: s·B·A, the residual and its square. */
const SCRATCH = 3;

/** The bits differ from the page's own loops, and a run file would not say so otherwise. */
const BY_TFJS = 'processor, by TensorFlow.js';

type TfjsStart = (tfjs: Tfjs) => TfjsOpener | Promise<TfjsOpener | NoBackend>;

function later(page: string, begin: TfjsStart, known: Pick<Backend, 'info' | 'leastPack' | 'untimed'>): Backend {
  const start = async () => {
    const tfjs = await fetchChunk(tfjsChunk, chunk, page, 'TensorFlow.js');
    return 'missing' in tfjs ? tfjs : begin(tfjs);
  };
  let starting: ReturnType<typeof start> | null = null;
  let opener: TfjsOpener | null = null;
  return {
    ...known,
    scratch: SCRATCH,
    unfit: (shape) => noKernel(shape, 'TensorFlow.js'),
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

const onProcessor = (backend: BackendName, stepper: string) => ({
  info: { backend, stepper, device: BY_TFJS, emulated: false },
  leastPack: 1,
});

/** TensorFlow.js in plain JavaScript: slow, a last resort and second opinion (`?backend=cpu&stepper=tfjs`). */
export const tfjsCpuBackend = (page: string): Backend =>
  later(page, (tfjs) => tfjs.cpu(), onProcessor('cpu', 'TensorFlow.js on the processor'));

export const tfjsWasmBackend = (page: string): Backend =>
  later(page, (tfjs) => tfjs.wasm(page), onProcessor('wasm', 'TensorFlow.js on WebAssembly'));

/** Multiply-adds of a step that WebAssembly makes while TensorFlow.js gives a device the 50 to 300 orders of a step. */
const ORDERED = 1e7;
const TOO_SMALL =
  'Not timed: handing a step of so small a network to the device takes TensorFlow.js longer than WebAssembly takes to make it.';

/** On the device of the own kernels; without one, nothing is fetched. */
export async function tfjsWebgpuBackend(page: string): Promise<Backend | NoBackend> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { name, emulated } = graphics;
  return later(page, (tfjs) => tfjs.webgpu(graphics), {
    info: { backend: 'webgpu', stepper: 'TensorFlow.js on WebGPU', device: name, emulated },
    leastPack: 16,
    untimed: ({ network }) =>
      emulated ? EMULATED_REASON : network && network.multiplyAdds < ORDERED ? TOO_SMALL : null,
  });
}
