import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students say what is frozen, what is trained, and what rank and α do, before any formula.

  ${b`Needs.`} None: a table of numbers is enough.

  ${b`Time.`} 13 minutes alone, 16 with the class.

  ${b`Ask before step 3.`} What will the sunglasses look like if the sum may have one pattern only?

  ${b`Ask at step 5.`} Who draws the glasses that need the fewest patterns? (Boxes along rows and columns do; slanted
  strokes do not.)

  ${b`Common mistakes.`} “A higher rank makes ΔW larger” (it adds patterns; α sets the size). “LoRA compresses the
  model” (W₀ is as large as before).
`;
