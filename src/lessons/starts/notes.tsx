import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students can say what B = 0 gives (the layer is unchanged, and B still has a gradient), why two zeros never
  move, and what an initialisation that looks at W₀ or at the task wins and pays.

  ${b`Needs.`} Mean and variance. Lessons 0 and 1.

  ${b`Time.`} 16 minutes alone, 30 with the class.

  ${b`Before step 1.`} Vote on the prediction. Ask for reasons: “nothing can be learned while a factor is zero” is the
  usual one, and the first gradient of B refutes it.

  ${b`Ask at step 3.`} Which entries of the gradient of B involve the new rows of A? What if those rows are zero?

  ${b`Ask at step 4.`} Why does the variance add up over r, and why is σ raised to the fourth power?

  ${b`Common mistakes.`} “Zero means no gradient” (A’s is zero, B’s is not). “A good first step means a good end”
  (floors are decided by what was taken from W₀). “PiSSA is better” and “PiSSA is worse” (it depends on where the target
  lies).

  ${b`To go further.`} Open the page of all initialisations, train them on one target, and sort them by what they know
  before the first step.
`;
