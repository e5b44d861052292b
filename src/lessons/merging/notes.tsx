import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students say what merging changes (rounding, nothing else), when it loses an update, and what keeping
  adapters apart costs and allows.

  ${b`Needs.`} Matrix sums and products. Lesson 0.

  ${b`Time.`} 12 minutes alone, 15 with the class.

  ${b`Ask before step 2.`} A bfloat16 number has 8 significant binary digits. What happens to 1 + 0.001? (The spacing
  near 1 is 1/128, so it stays 1.)

  ${b`Ask before step 6.`} Multiply out (B₁ + B₂)(A₁ + A₂). Which two of the four terms did nobody train?

  ${b`Common mistakes.`} “Merging makes the layer larger” (it has as many numbers as before). “Adapters can be averaged
  factor by factor” (only their products can).
`;
