import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students tell rank, effective rank and intrinsic dimension apart, and know that “updates are low-rank” is a
  question about a task, not a theorem.

  ${b`Needs.`} Singular values. Lesson 2.

  ${b`Time.`} 15 minutes alone, 20 with the class.

  ${b`Ask at step 2.`} For which spectrum do all four definitions agree? (All values equal, or only one.)

  ${b`Ask at step 5.`} Why does the curve not know how many directions the target has? (A random subspace of all 144
  numbers has no rows and columns in mind.)

  ${b`Common mistakes.`} “Rank 8 was enough, so the update has rank 8” (a floor of 0.07 is not 0). “Intrinsic dimension
  is the lottery ticket hypothesis” (that one is about pruned subnetworks, not about random subspaces).
`;
