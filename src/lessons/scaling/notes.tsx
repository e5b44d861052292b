import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students say what s is under each rule, why a fixed rate and α/r stall a high rank under SGD, and why Adam
  hides it. They can say when a rate that was tuned at a low rank may be kept.

  ${b`Needs.`} Learning rate, SGD and Adam by name. Lessons 0 and 1.

  ${b`Time.`} 15 minutes alone, 25 with the class. Step 5 carries a discussion of its own.

  ${b`Before step 1.`} Let the class vote on the prediction, and write the votes down: most expect the error to fall
  with the rank, because the floor does.

  ${b`Ask at step 3.`} How many rows does A have at rank 64, and what does each add to the gradient of B? Then: why the
  square root?

  ${b`Ask at step 5.`} Find two cells of different ranks with the same s. Do they have the same edge?

  ${b`Common mistakes.`} “α limits what ΔW can become” (it does not: B and A can grow). “α/r is the right rule, α/√r a
  trick” (each keeps something else level). “With Adam α does nothing” (ΔW is still multiplied by s).

  ${b`To go further.`} Run the sweep of step 5 with three seeds, or with another target. Does the staircase stay?
`;
