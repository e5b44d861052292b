import { target } from '../targets/target.ts';

const WIDTH = 64;

/** A network that tells two classes of points in the plane apart, adapted to others (experiment/network/points.ts). */
export const classifier = target({
  name: 'classifier',
  kind: 'network',
  label: 'classifier',
  explanation: 'A small network tells two circles of points apart. LoRA adapts it to two spirals.',
  caption: () => 'full fine-tuning',
  params: ['adapt', 'modules', 'full', 'batch'],
  sign: {
    lines: 'M24 24C27 20 32 24 30 29C27 36 16 35 13 27C10 15 24 7 34 13C45 20 44 35 34 41',
    dots: 'M16 14h.1M12 36h.1M24 41h.1M38 26h.1',
  },
  minSize: WIDTH,
  maxSize: WIDTH,
  layers: [
    { name: 'in', d: WIDTH, k: 3 },
    { name: 'hidden', d: WIDTH, k: WIDTH },
    { name: 'out', d: 2, k: WIDTH },
  ],
  usual: 'hidden',
  rates: {
    // Adam gets its upper bound 0.02, as measured, up to rank 16 with α = 2r.
    adapter: { sgd: 0.1, momentum: 0.03, adam: 1 },
    full: { sgd: 0.05, momentum: 0.01, adam: 0.01 },
  },
  batch: { usual: 64, most: 512 },
  steps: 400,
});
