import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students compute one forward pass and both gradients of a LoRA layer on paper, and say why the gradient of
  A is zero in the first step and not in the second.

  ${b`Needs.`} Matrix times vector. Lesson 0.

  ${b`Time.`} 14 minutes alone, 25 with the class if everybody computes.

  ${b`With the class.`} Print the handout. One half computes ∂L/∂B, the other half the second ∂L/∂A; compare, then press
  “Check it” together. With “Numbers of your own”, below the picture, each student computes with others: the
  number on your list gives them, on your device too.

  ${b`Ask before step 6.`} B is zero. Which of the two gradients is zero, and which is not? Then: what if A were zero
  and B not?

  ${b`Ask in step 4.`} Why is the dotted square empty? When would you fill it after all? (For merging, once.)

  ${b`Common mistakes.`} “B = 0, so nothing can learn” (only A waits, for one step). “The gradient of A is small at
  first” (it is exactly zero). “ΔW is computed and then applied” (never, while it trains). “LoRA makes the forward pass
  cheaper” (unmerged, it costs a little more).
`;
