import { target } from '../targets/target.ts';

const WIDTH = 64;

/** A network of three matrices that reads upright digits of 8 × 8 pixels, adapted to others (experiment/network/). */
export const digits = target({
  name: 'digits',
  kind: 'network',
  label: 'digits',
  explanation: 'A small network reads upright digits. LoRA adapts it to turned, mirrored or inverted ones.',
  caption: () => 'full fine-tuning',
  params: ['adapt', 'others', 'modules', 'full', 'samples', 'batch'],
  sign: {
    lines:
      'M30 8C22 4 15 10 17 17C19 23 29 25 31 32C33 39 26 44 20 42C14 40 13 33 19 28C24 24 31 21 32 15C33 11 32 9 30 8',
  },
  minSize: WIDTH,
  maxSize: WIDTH,
  layers: [
    { name: 'in', d: WIDTH, k: WIDTH },
    { name: 'hidden', d: WIDTH, k: WIDTH },
    { name: 'out', d: 10, k: WIDTH },
  ],
  rates: {
    adapter: { sgd: 0.07, momentum: 0.005, adam: 0.15 },
    full: { sgd: 0.1, momentum: 0.02, adam: 0.005 },
  },
  batch: { usual: 64, most: 1000 },
});
