import digits from '../../../experiment/network/digits.deflate?url';
import weights from '../../../experiment/network/weights/digits.f16?url';
import low from '../../../experiment/network/weights/digits-low.f16?url';
import { fetchBytes, fetchNetworkBuild } from '../../steppers/wasm/fetch.ts';
import { bestBuild } from '../../steppers/wasm/instance.ts';
import { takeNetworkBuild } from '../../steppers/wasm/network-kernels.ts';
import { assetLoader } from './assets.ts';

const ADDRESSES = { digits, 'weights/digits': weights, 'weights/digits-low': low };

/** From the page's own files. */
export const fetchAssets = assetLoader({
  bytes: (name, page) => fetchBytes(ADDRESSES[name], page),
  kernels: (page) => takeNetworkBuild(bestBuild(), (build) => fetchNetworkBuild(build, page)),
});
