import { count, number, trimmed } from '../../experiment/numbers.ts';
import type { Explanation } from '../chart.ts';
import { hasMoved, type Scene } from '../scene.ts';
import { lossesShown, plainFloor } from './height.ts';

/** The losses in words, both floors as formulas, and the numbers of this run. */
export function explain(scene: Scene): Explanation {
  const { samples, rank, d, ownFloor } = scene;
  const [weight, wanted, learned] = hasMoved(scene)
    ? ['W_frozen', '(ΔW* + s₀·B₀·A₀)', 'adapter']
    : ['W₀', 'ΔW*', 'update'];
  const formula = `L = ‖W·X − Y‖²_F/(2n); training floor: (‖Y′ − Y′·P‖²_F + Σ σᵢ²(Y′·P))/(2n), i > r; held-out floor: (Σ σᵢ²(${wanted}·sqrt(C)) + d·noise²)/2, i > r`;
  if (!samples) return { paragraphs: ['This target has no samples.'], formula, numbers: '' };
  const { count: n, heldOut, batch, noise } = samples;
  const now = lossesShown(scene);
  const noiseFloor = (d * noise * noise) / 2;
  const frozen =
    ownFloor.by === 'frozen' ? ' One factor is frozen here, so the floors are the lowest losses within its span.' : '';
  const moved = hasMoved(scene)
    ? ' The initialisation has moved part of W₀ into the adapter, leaving W_frozen = W₀ − s₀·B₀·A₀; the floors are those for what s·B·A has to become, ΔW* + s₀·B₀·A₀.'
    : '';
  return {
    paragraphs: [
      `The training loss is taken over all ${count(n)} training samples, the held-out loss over ${count(heldOut)} samples that no step ever sees. Only the held-out loss says what the layer has learned about new inputs. ${batch < n ? `Each step uses ${count(batch)} samples; their loss is the thin, pale line.` : 'Every step uses all training samples.'}`,
      `Training floor: no ${learned} of rank ${count(rank)} fits these ${count(n)} samples better (reduced-rank regression). Y′ = Y − ${weight}·X is what remains to be added, and P = X⁺·X projects onto what linear maps of X can give. The fit includes the noise in Y, so with few samples this floor lies far below the other one.`,
      `Held-out floor: the smallest loss that any ${learned} of rank ${count(rank)} can have on average over all possible inputs, whose covariance is C. Noise cannot be predicted, so d·noise²/2 remains at every rank. The floor is an expectation: the loss of ${count(heldOut)} samples may lie a little below or above it.`,
      `If the training loss falls below the held-out floor while the held-out loss stays above it or rises, the run is learning the noise. A smaller rank leaves less room for that: rank acts as regularisation.${frozen}${moved}`,
    ],
    formula,
    numbers: [
      `n = ${count(n)}, d = ${count(d)}, noise = ${trimmed(noise)}`,
      ...(now ? [`training ${number(now.training)}${floorWords(samples.floors.training, now.training)}`] : []),
      ...(now ? [`held-out ${number(now.heldOut)}${floorWords(samples.floors.heldOut, now.heldOut)}`] : []),
      `d·noise²/2 = ${number(noiseFloor)}`,
    ].join('; '),
  };
}

function floorWords(floor: number | null, loss: number): string {
  return floor === null ? '' : ` (floor ${number(plainFloor(floor, loss))})`;
}
