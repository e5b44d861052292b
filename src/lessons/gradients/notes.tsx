import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students derive both gradients, check shapes in every line, and explain from the formulas why W₀ is in
  neither, who moves first, and what one step costs.

  ${b`Needs.`} Partial derivatives, the transpose. Lesson 1.

  ${b`Time.`} 17 minutes alone, 30 with the class. The lesson “The layer, by hand” before it saves half of that.

  ${b`With the class.`} Take the vote of step 1 by show of hands before anybody presses the button. In step 3 let one
  student point at a cell and the others say its sign before the number is read.

  ${b`Ask in step 4.`} Which part of δ never reaches A? (What lies outside the columns of B.)

  ${b`Ask in step 7.`} What if both A and B start at zero? (Both gradients stay zero for ever: the experiment “Dead
  start”.)

  ${b`Common mistakes.`} “W₀ is needed for the gradient of A” (only δ is, however it came about). “Adam makes a tiny
  first step in A” (it makes none). “LoRA saves the whole backward pass” (δ still goes back through W₀ to the layers
  below).
`;
