import { target } from '../targets/target.ts';

const WIDTH = 64;
const SIDES: readonly (readonly [name: string, d: number, k: number])[] = [
  ...['q', 'k', 'v', 'o'].map((name) => [name, WIDTH, WIDTH] as const),
  ['up', 2 * WIDTH, WIDTH],
  ['down', WIDTH, 2 * WIDTH],
];

/** A decoder of two blocks that sorts, copies or adds, adapted to a related task (experiment/network/sequences.ts). */
export const transformer = target({
  name: 'transformer',
  kind: 'network',
  label: 'decoder',
  explanation:
    'A small transformer sorts eight symbols upwards. LoRA adapts its twelve matrices to sort them downwards.',
  caption: () => 'full fine-tuning',
  params: ['adapt', 'modules', 'full', 'batch'],
  sign: { lines: 'M6 8h8v8h-8zM20 8h8v8h-8zM34 8h8v8h-8zM6 24h16v14h-16zM27 24h15v14h-15z' },
  minSize: WIDTH,
  maxSize: WIDTH,
  layers: [0, 1].flatMap((block) => SIDES.map(([name, d, k]) => ({ name: `${block}.${name}`, d, k }))),
  rates: {
    adapter: { sgd: 0.3, momentum: 0.1, adam: 0.15 },
    // Of SGD: measured for none; those of digits.
    full: { sgd: 0.05, momentum: 0.01, adam: 0.001 },
  },
  batch: { usual: 32, most: 64 },
  steps: 400,
  // Eight symbols and as many answers; a sum has five digits.
  positions: (adapt) => (adapt === 'base-6' ? 13 : 16),
});
