import { count, number } from '../../experiment/numbers.ts';
import type { Explanation } from '../chart.ts';
import { hasMoved, type Scene, updateName } from '../scene.ts';
import { knownSentence } from '../words.ts';

export function explain(scene: Scene): Explanation {
  const { spectrum: values, target } = scene;
  const squares = values ? Array.from(values).reduce((sum, v) => sum + v * v, 0) : 0;
  const name = updateName(scene);
  const share = values && squares > 0 ? (values[0] * values[0]) / squares : 0;
  return {
    paragraphs: [
      'Any matrix is a sum of directions: each turns one input pattern into one output pattern, and its singular value says how strongly. The chart sorts them by size.',
      hasMoved(scene)
        ? `The dashed line is the target. The thick one is the adapter s·B·A: the part of W₀ that it took over at step 0, and what it has learned since.${knownSentence(target)}`
        : `The dashed line is the target, the thick one what has been learned so far. Training finds the strong directions first, since they lower the loss most.${knownSentence(target)}`,
      reachWords(scene),
      'The subspace match compares the leading i directions of ΔW with those of ΔW*: 1 means the same subspace, 0 means at right angles. A gap means that two singular values are too close to tell their directions apart.',
    ],
    formula: `${hasMoved(scene) ? 's·B·A' : 'ΔW = s·B·A'} = Σ[i = 1 … r] σᵢ·uᵢ·vᵢᵀ`,
    numbers:
      squares > 0 && values
        ? `‖${name}‖²_F = Σᵢ σᵢ² = ${number(squares)}, of which the first direction holds ${number(values[0])}² = ${number(share * squares)}, ${number(100 * share)}%`
        : `${name} = 0, so every σᵢ is 0`,
  };
}

/** How many directions the factors can have, and ΔW, which an initialisation that has moved s₀·B₀·A₀ gives twice as many. */
function reachWords(scene: Scene): string {
  const { rank, d, k } = scene;
  const most = (n: number) => `at most ${count(n)} direction${n === 1 ? '' : 's'}`;
  const columns = `B has ${count(rank)} column${rank === 1 ? '' : 's'}, so ${updateName(scene)} can have ${most(rank)}.`;
  if (!hasMoved(scene)) return `${columns} The hatched part is out of reach, however long training lasts.`;
  return `${columns} ΔW = s·B·A − s₀·B₀·A₀ leaves out the part of W₀ and can have up to ${count(Math.min(2 * rank, d, k))}; the subspace match compares ΔW.`;
}
