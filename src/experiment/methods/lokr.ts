import { divisorUpTo, type MethodSettings, method } from './method.ts';

/** d₁ and k₁ of C: as set, else the divisors of d and k next below their square roots, as PEFT chooses them. */
export function sizesOfC({ d, k, factor }: Pick<MethodSettings, 'd' | 'k' | 'factor'>): readonly [number, number] {
  const [d1, k1] = factor.split('x').map(Number);
  return factor === '' ? [divisorUpTo(d, Math.sqrt(d)), divisorUpTo(k, Math.sqrt(k))] : [d1, k1];
}

/** Whether a text names a size of C that divides that of W₀. */
export function isFactor(text: string, { d, k }: Pick<MethodSettings, 'd' | 'k'>): boolean {
  const [d1, k1] = text.split('x').map(Number);
  return d1 >= 1 && k1 >= 1 && d % d1 === 0 && k % k1 === 0;
}

export const lokr = method({
  name: 'lokr',
  label: 'LoKr',
  formula: 'C ⊗ W₂',
  brief: 'One small pattern W₂ repeated over the matrix, with the weights in C.',
  params: ['factor'],
  own: (e) => {
    const [d1, k1] = sizesOfC(e);
    return [
      { name: 'W₂', rows: e.d / d1, cols: e.k / k1, stream: 'A' },
      { name: 'C', rows: d1, cols: k1, stream: 'B' },
    ];
  },
  largestRank: (e) => {
    const [d1, k1] = sizesOfC(e);
    return Math.min(d1, k1) * Math.min(e.d / d1, e.k / k1);
  },
  cost: ({ d, k }) => 3 * d * k,
  streams: { A: 'W₂', B: 'C' },
});
