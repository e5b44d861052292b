import { defineInit, variance } from './init.ts';

export const kaimingUniform = defineInit({
  name: 'kaiming-uniform',
  label: 'Kaiming uniform',
  short: 'Kaiming',
  brief: 'A is uniform within ±1/√k and B is zero',
  variance: ({ k }) => ({ A: variance('1/(3k)', 1 / (3 * k)), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: ['size'],
});

export const gaussian = defineInit({
  name: 'gaussian',
  label: 'Gaussian',
  short: 'Gaussian',
  brief: 'A is normal with variance 1/r',
  variance: ({ rank }) => ({ A: variance('1/r', 1 / rank), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: ['size'],
});

export const symmetric = defineInit({
  name: 'symmetric',
  label: 'Symmetric, σ',
  short: 'Symmetric',
  brief: 'A and B are normal with the same σ',
  variance: ({ sigma }) => ({ A: variance('σ²', sigma * sigma), B: variance('σ²', sigma * sigma) }),
  filling: { A: 'noise', B: 'noise' },
  params: ['sigma'],
});

export const bothZero = defineInit({
  name: 'both-zero',
  label: 'Both zero',
  brief: 'With A = B = 0 both gradients are exactly zero at every step',
  variance: () => ({ A: '0', B: '0' }),
  filling: { A: 'zero', B: 'zero' },
});

export const gaussianPeft = defineInit({
  name: 'gaussian-peft',
  label: 'Gaussian, as in PEFT',
  short: 'Gaussian PEFT',
  brief: 'A is normal with standard deviation 1/r',
  variance: ({ rank }) => ({ A: variance('1/r²', 1 / (rank * rank)), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: ['size'],
});

export const kaimingNormal = defineInit({
  name: 'kaiming-normal',
  label: 'Kaiming normal',
  brief: 'A is normal with variance 1/k',
  variance: ({ k }) => ({ A: variance('1/k', 1 / k), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: ['size'],
});

export const initB = defineInit({
  name: 'init-b',
  label: 'B random, A zero',
  short: 'B random',
  brief: 'The mirror image of the usual initialisation',
  variance: ({ rank }) => ({ A: '0', B: variance('1/r', 1 / rank) }),
  filling: { A: 'zero', B: 'noise' },
});

export const bothRandom = defineInit({
  name: 'both-random',
  label: 'Both random',
  brief: 'A is uniform within ±1/√k and B within ±1/√r',
  variance: ({ k, rank }) => ({ A: variance('1/(3k)', 1 / (3 * k)), B: variance('1/(3r)', 1 / (3 * rank)) }),
  filling: { A: 'noise', B: 'noise' },
});
