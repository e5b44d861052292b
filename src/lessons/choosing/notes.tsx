import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students choose a rank from what they know of their task, and say which experiment would change their mind.

  ${b`Needs.`} Training and held-out loss. Lessons 2 and 3.

  ${b`Time.`} 14 minutes alone, 20 with the class.

  ${b`Ask before step 1.`} Which curve must fall with every rank, and why? (The training loss: a higher rank can do all
  that a lower one can.)

  ${b`Ask at step 3.`} Which error belongs to 99% of the energy? (√(1 − 0.99) = 0.1.)

  ${b`Common mistakes.`} “A higher rank is always better” (not on new data, with few noisy samples). “90% of the energy
  is nearly everything” (a relative error of 0.32 is left, and a network may need what is missing).
`;
