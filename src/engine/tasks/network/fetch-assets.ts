import digits from '../../../experiment/network/digits.deflate?url';
import base5 from '../../../experiment/network/weights/base-5.f16?url';
import circles from '../../../experiment/network/weights/circles.f16?url';
import copy from '../../../experiment/network/weights/copy.f16?url';
import upright from '../../../experiment/network/weights/digits.f16?url';
import low from '../../../experiment/network/weights/digits-low.f16?url';
import moons from '../../../experiment/network/weights/moons.f16?url';
import sort from '../../../experiment/network/weights/sort.f16?url';
import spirals from '../../../experiment/network/weights/spirals.f16?url';
import { fetchBytes } from '../../steppers/wasm/fetch.ts';
import { type AssetFiles, type AssetName, assetLoader } from './assets.ts';

const ADDRESSES: Readonly<Record<AssetName, string>> = {
  digits,
  'weights/digits': upright,
  'weights/digits-low': low,
  'weights/circles': circles,
  'weights/moons': moons,
  'weights/spirals': spirals,
  'weights/sort': sort,
  'weights/copy': copy,
  'weights/base-5': base5,
};

const bytes: AssetFiles['bytes'] = (name, page) => fetchBytes(ADDRESSES[name], page);

/** From the page's own files, without the products that train it. */
export const fetchNetworkData = assetLoader({ bytes, kernels: async () => {} });
