import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import { needsWholeMatrices } from '../../experiment/optimisers.ts';
import { isNetwork } from '../../experiment/settings/bounds.ts';
import { giveDenseLoops } from '../../math/dense/loops.ts';
import { methodChunk } from '../steppers/method-parts.ts';
import methodsChunk from '../steppers/methods-chunk.ts?worker&url';
import { fetchNetworkBuild } from '../steppers/wasm/fetch.ts';
import { bestBuild } from '../steppers/wasm/instance.ts';
import { takeNetworkBuild } from '../steppers/wasm/network-kernels.ts';
import type { LoadAssets } from '../tasks/network/assets.ts';
import { networkChunk } from '../tasks/network/network-parts.ts';
import networksChunk from '../tasks/network/networks-chunk.ts?worker&url';
import { type Backend, type NoBackend, RunFault, type RunShape } from './backend.ts';
import { denseChunk, fetchChunk } from './chunk.ts';
import denseScript from './dense-chunk.ts?worker&url';

/**
 * A back end that fetches methods beside LoRA, quantised bases, optimisers whose step takes whole matrices, and regimes
 * of a single layer, for the first experiment that has one.
 */
export function withMethods<Found extends Backend | NoBackend>(found: Found, page: string): Found {
  if ('missing' in found) return found;
  return {
    ...found,
    async load(shape: RunShape) {
      const { method, quantised, regime, network, opt = 'sgd' } = shape;
      if (method || quantised || (regime && !network) || needsWholeMatrices(opt)) {
        const parts = await fetchChunk(methodChunk, methodsChunk, page, 'The code of this method or optimiser');
        if ('missing' in parts) return parts.missing;
        giveMethodMaker(parts.maker);
      }
      return (await found.load?.(shape)) ?? null;
    },
  };
}

/** Entries of a matrix from which the loops in WebAssembly save more time than it takes to load them. */
const LARGE = 65536;

/** Without them the same numbers take longer. */
async function fetchDenseLoops(page: string): Promise<void> {
  const parts = await fetchChunk(denseChunk, denseScript, page, 'The code for large matrices');
  if (!('missing' in parts)) giveDenseLoops(parts.loops);
}

/** What networks are made of, and before it their code; methods beside LoRA are made of the same products. */
export const fetchAssets: LoadAssets = async (e, page) => {
  const network = isNetwork(e);
  const { d = 0, k = 0 } = e;
  if (!network && d * k >= LARGE) await fetchDenseLoops(page);
  if (!network && (e.method ?? 'lora') === 'lora') return null;
  const products = takeNetworkBuild(bestBuild(), (build) => fetchNetworkBuild(build, page));
  if (!network) {
    await products;
    return null;
  }
  const [parts] = await Promise.all([fetchChunk(networkChunk, networksChunk, page, 'The code of networks'), products]);
  if ('missing' in parts) throw new RunFault('refused', `${parts.missing} Check the connection and try again.`);
  return parts.data?.(e, page) ?? null;
};
