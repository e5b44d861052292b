import { count } from '../numbers.ts';
import { divisorsOf, method } from './method.ts';

/** A block is inverted in each step: larger ones take too long. */
const MOST_BLOCK = 128;

export const isBlock = (size: number, d: number): boolean => size >= 2 && size <= MOST_BLOCK && d % size === 0;

export const oft = method({
  name: 'oft',
  label: 'OFT',
  formula: '(R − I)·W₀',
  brief: 'Turns W₀, each block of rows by a rotation of its own.',
  params: ['block'],
  // A row a block: the entries of Q above its diagonal.
  own: ({ d, block }) => [{ name: 'Q', rows: d / block, cols: (block * (block - 1)) / 2, stream: 'B' }],
  // A rotation of an odd number of rows leaves one direction as it is.
  largestRank: ({ d, block }, base) => Math.min(base, d - (block % 2) * (d / block)),
  cost: ({ d, k, block }) => 2 * d * k * block + 5 * d * block * block,
  streams: { A: null, B: 'Q' },
  unavailable: ({ d, block }) => {
    if (isBlock(block, d)) return null;
    const nearest = divisorsOf(d).findLast((size) => isBlock(size, d) && size <= Math.max(block, 32));
    const use = nearest === undefined ? 'Use an even number of rows.' : `Use blocks of ${nearest}.`;
    return `OFT needs blocks of 2 to ${MOST_BLOCK} rows that divide d = ${count(d)}; here they have ${count(block)}. ${use}`;
  },
});
