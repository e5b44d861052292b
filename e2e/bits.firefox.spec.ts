import { bitsTest } from './bits.ts';

bitsTest('Firefox', '');
