import { type Ending, type NamingFamily, readEnding } from './naming.ts';
import { withoutWrapper } from './peft.ts';

const ENDINGS: readonly Ending[] = [
  ['.hada_w1_a', 'w1a', 'loha'],
  ['.hada_w1_b', 'w1b', 'loha'],
  ['.hada_w2_a', 'w2a', 'loha'],
  ['.hada_w2_b', 'w2b', 'loha'],
  ['.hada_t1', 't1', 'loha'],
  ['.hada_t2', 't2', 'loha'],
  ['.lokr_w1', 'w1', 'lokr'],
  ['.lokr_w1_a', 'w1a', 'lokr'],
  ['.lokr_w1_b', 'w1b', 'lokr'],
  ['.lokr_w2', 'w2', 'lokr'],
  ['.lokr_w2_a', 'w2a', 'lokr'],
  ['.lokr_w2_b', 'w2b', 'lokr'],
  ['.lokr_t2', 't2', 'lokr'],
  ['.diff', 'diff', 'full'],
  ['.diff_b', 'bias', null],
];

/** LyCORIS: Hadamard and Kronecker products, and whole updates; its pairs have kohya's names. PEFT has them behind its own. */
export const lycoris: NamingFamily = {
  naming: 'lycoris',
  transposed: false,
  read: (name) => readEnding(withoutWrapper(name), ENDINGS),
};
