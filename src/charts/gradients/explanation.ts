import { count, number } from '../../experiment/numbers.ts';
import type { Explanation } from '../chart.ts';
import { hasMoved, newestStep, type Scene, shownStep } from '../scene.ts';
import { AT_THE_FLOOR } from '../words.ts';

/** How the lines continue after step 0. With A = B = 0 they stay where they are. */
function courseWords({ samples, frozenFactor, zeroAtStart }: Scene): string[] {
  if (zeroAtStart === 'both') return [];
  const line = { none: 'Both lines fall', A: 'The line of B falls', B: 'The line of A falls' }[frozenFactor ?? 'none'];
  const course =
    samples && samples.batch < samples.count
      ? `Each gradient comes from the ${count(samples.batch)} samples of its step, so it varies from step to step and does not die out as long as the samples disagree.`
      : `${line} as less is left to learn. ${AT_THE_FLOOR} Gradients can then rise again while the loss stays put.`;
  if (frozenFactor === null) return [course];
  return [
    course,
    `${frozenFactor} is frozen: its gradient is measured but not used. It shows how strongly the loss would respond if ${frozenFactor} trained too, and it need not fall.`,
  ];
}

export function explain(scene: Scene): Explanation {
  const { curves, scaling, zeroAtStart, samples } = scene;
  const at = shownStep(scene);
  const because = {
    B: 'B starts at 0, so the gradient of A, which is a product with B, is exactly 0 at step 0. B moves first; after its first update both gradients are non-zero.',
    A: 'A starts at 0, so the gradient of B, which is a product with A, is exactly 0 at step 0. A moves first; after its first update both gradients are non-zero.',
    both: 'A and B both start at 0. Each gradient is a product with the other factor, so both are exactly 0 and stay 0: training never begins.',
    none: 'Neither factor starts at 0, so both gradients are non-zero from the first step.',
  }[zeroAtStart ?? 'none'];
  const measured = newestStep(scene) > 0 || curves.length > 0;
  return {
    paragraphs: [
      'A gradient says how the loss changes when a factor does. Its norm is its length, with all entries taken together. When it is 0, plain gradient descent stands still.',
      because,
      'The axis is logarithmic. Zero has no logarithm, so exact zeros get their own row at the bottom, and the jump out of it is dotted.',
      ...courseWords(scene),
    ],
    formula: samples
      ? '∂L/∂A = s·Bᵀ·E·Xᵀ/n,  ∂L/∂B = s·E·Xᵀ·Aᵀ/n,  E = W·X − Y'
      : `∂L/∂A = s·Bᵀ·E,  ∂L/∂B = s·E·Aᵀ,  E = ${hasMoved(scene) ? 's·B·A − s₀·B₀·A₀' : 's·B·A'} − ΔW*`,
    numbers: measured
      ? `s = ${number(scaling)}; at step ${count(at)}: ‖∂L/∂A‖_F = ${number(curves.gradNormA[at])}, ‖∂L/∂B‖_F = ${number(curves.gradNormB[at])}`
      : `s = ${number(scaling)}; nothing measured yet`,
  };
}
