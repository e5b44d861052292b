import { inflate } from '../../../experiment/link/deflate.ts';
import { type Digits, uprightDigits } from '../../../experiment/network/digits.ts';
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
export type LoadAssets = (e: Pick<Experiment, 'target'>, page: string) => Promise<NetworkAssets | null>;

type AssetName = 'digits' | `weights/${'digits' | 'digits-low'}`;

/** The bytes of a file, and of the products in WebAssembly for the build in use; null if they could not be loaded. */
export interface AssetFiles {
  readonly bytes: (name: AssetName, page: string) => Promise<ArrayBuffer | null>;
  readonly kernels: (page: string) => Promise<void>;
}

const DATA_BYTES = 200_000;

/** Loads files once, when the first network is opened. */
export function assetLoader({ bytes, kernels }: AssetFiles): LoadAssets {
  let loading: Promise<NetworkAssets> | null = null;
  const load = async (name: AssetName, page: string) => {
    const found = await bytes(name, page);
    if (!found)
      throw new RunFault(
        'refused',
        'The files of this network could not be loaded. Check the connection and try again.',
      );
    return new Uint8Array(found);
  };
  const all = async (page: string): Promise<NetworkAssets> => {
    const [digits, usual, low] = await Promise.all([
      load('digits', page),
      load('weights/digits', page),
      load('weights/digits-low', page),
      kernels(page),
    ]);
    const sets = new Map([
      ['digits', readWeights('digits', usual)],
      ['digits-low', readWeights('digits-low', low)],
    ]);
    return {
      digits: uprightDigits(await inflate(digits, DATA_BYTES)),
      weights: (set) => sets.get(set) ?? new Map(),
    };
  };
  return async ({ target }, page) => {
    if (targets.byName(target).kind !== 'network') return null;
    loading ??= all(page).catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}
