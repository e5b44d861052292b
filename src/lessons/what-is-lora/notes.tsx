import { b, prose } from '../pane/prose.tsx';
export default prose`
  ${b`Aim.`} Students say what is frozen, what is trained, and what rank and α do, before any formula.

  ${b`Needs.`} None: a table of numbers is enough.

  ${b`Time.`} 12 minutes alone, 15 with the class.

  ${b`Ask before step 3.`} What will the sunglasses look like if the sum may have one pattern only?

  ${b`Common mistakes.`} “A higher rank makes ΔW larger” (it adds patterns; α sets the size). “LoRA compresses the
  model” (W₀ is as large as before).
`;
