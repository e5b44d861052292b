import { type Matrix64, zeros } from '../../../../math/matrix.ts';
import { type Stream, stream } from '../../../../math/random.ts';
import type { FloatType } from '../../model.ts';
import { roundToType } from '../../safetensors/numbers.ts';

export interface RandomModule {
  readonly about: string;
  readonly B: Matrix64;
  readonly A: Matrix64;
  readonly s: number;
  readonly dtype: FloatType;
}

const KINDS = [
  'square',
  'd ≪ k',
  'k ≪ d',
  'r = 1',
  'r > min(d, k)',
  'dead directions',
  'zero',
  'spread',
  'large',
] as const;

/** Modules of every kind in turn, up to `longest` on a side, with numbers of the type in their name. */
export function randomModules(count: number, seed: number, longest: number): RandomModule[] {
  const random = stream(seed, 'random modules');
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS[i % KINDS.length];
    const dtype = (['F32', 'F16', 'BF16'] as const)[Math.floor(i / KINDS.length) % 3];
    return { about: `${kind}, ${dtype}`, dtype, s: 0.05 + 4 * random.uniform(), ...pair(kind, longest, dtype, random) };
  });
}

function pair(kind: (typeof KINDS)[number], longest: number, dtype: 'F32' | 'F16' | 'BF16', random: Stream) {
  const long = () => Math.ceil(longest / 2) + random.integer(Math.floor(longest / 2));
  const short = () => 1 + random.integer(8);
  const d = kind === 'd ≪ k' || kind === 'r > min(d, k)' ? short() : long();
  const k = kind === 'k ≪ d' ? short() : long();
  const r = kind === 'r = 1' ? 1 : kind === 'r > min(d, k)' ? Math.min(d, k) + short() : 2 + random.integer(14);
  const weight = (p: number) => {
    if (kind === 'zero') return 0;
    if (kind === 'dead directions') return p % 3 === 2 ? 0 : 1;
    if (kind === 'spread') return 0.5 ** p;
    return kind === 'large' && p === 0 ? 1000 : 1;
  };
  const B = zeros(d, r);
  const A = zeros(r, k);
  for (let at = 0; at < B.data.length; at++) B.data[at] = random.normal() * weight(at % r) * 0.1;
  for (let at = 0; at < A.data.length; at++) A.data[at] = random.normal() * 0.3;
  return { B: inType(B, dtype), A: inType(A, dtype) };
}

function inType(m: Matrix64, dtype: 'F32' | 'F16' | 'BF16'): Matrix64 {
  return { ...m, data: Float64Array.from(roundToType(m.data, dtype)) };
}
