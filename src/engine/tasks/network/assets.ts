import { present } from '../../../experiment/layer/cache.ts';
import { inflate } from '../../../experiment/link/deflate.ts';
import { adaptationsOf, isDigitTask } from '../../../experiment/network/adaptations.ts';
import { type Digits, uprightDigits } from '../../../experiment/network/digits.ts';
import { weightsFor } from '../../../experiment/network/tasks.ts';
import { readWeights, type WeightsName } from '../../../experiment/network/weights.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { targets } from '../../../experiment/targets/index.ts';
import { RunFault } from '../../backends/backend.ts';

/** What a network is made of besides its link: the data, and pretrained matrices by name. */
export interface NetworkAssets {
  readonly digits: Digits;
  readonly weights: (set: WeightsName) => ReadonlyMap<string, Float32Array>;
}

/** The assets of an experiment; null if it needs none. Rejects with a RunFault if they cannot be had. */
export type LoadAssets = (
  e: Pick<Experiment, 'target'> & Partial<Pick<Experiment, 'adapt' | 'method' | 'd' | 'k'>>,
  page: string,
) => Promise<NetworkAssets | null>;

export type AssetName = 'digits' | `weights/${WeightsName}`;

/** The bytes of a file, and of the products in WebAssembly for the build in use; null if they could not be loaded. */
export interface AssetFiles {
  readonly bytes: (name: AssetName, page: string) => Promise<ArrayBuffer | null>;
  readonly kernels: (page: string) => Promise<void>;
}

const DATA_BYTES = 200_000;

/** Loads each file once, when the first network that needs it is opened. */
export function assetLoader({ bytes, kernels }: AssetFiles): LoadAssets {
  const loading = new Map<AssetName | 'kernels', Promise<unknown>>();
  const once = <T>(name: AssetName | 'kernels', load: () => Promise<T>): Promise<T> => {
    const known = loading.get(name) as Promise<T> | undefined;
    const found = known ?? load();
    loading.set(name, found);
    found.catch(() => loading.delete(name));
    return found;
  };
  const load = async (name: AssetName, page: string) => {
    const found = await bytes(name, page);
    if (!found)
      throw new RunFault(
        'refused',
        'The files of this network could not be loaded. Check the connection and try again.',
      );
    return new Uint8Array(found);
  };
  const weightsOf = (name: WeightsName, page: string) =>
    once(`weights/${name}`, async () => [name, readWeights(name, await load(`weights/${name}`, page))] as const);
  const digitsOf = (page: string) =>
    once('digits', async () => uprightDigits(await inflate(await load('digits', page), DATA_BYTES)));
  return async ({ target, method = 'lora', adapt = adaptationsOf(target)[0] }, page) => {
    if (targets.byName(target).kind !== 'network') {
      // Methods beside LoRA are made of the same products.
      if (method !== 'lora') await once('kernels', () => kernels(page));
      return null;
    }
    const [digits, sets] = await Promise.all([
      isDigitTask(adapt) ? digitsOf(page) : null,
      Promise.all(weightsFor(adapt).map((name) => weightsOf(name, page))),
      once('kernels', () => kernels(page)),
    ]);
    const found = new Map(sets);
    return {
      get digits() {
        return present(digits, 'only networks of digits have loaded them');
      },
      weights: (set) => found.get(set) ?? new Map(),
    };
  };
}
