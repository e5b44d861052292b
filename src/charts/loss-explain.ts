import { count, number, trimmed } from './format.ts';
import { lossesShown, plainFloor } from './loss-values.ts';
import type { Scene } from './scene.ts';
import { hasMoved } from './update-name.ts';

/** The losses in words, both floors as formulas, and the numbers of this run. */
export function explainLosses(scene: Scene) {
  const { samples, rank, d, bound } = scene;
  const [weight, wanted, learned] = hasMoved(scene)
    ? ['W_frozen', '(ΔW* + s₀·B₀·A₀)', 'adapter']
    : ['W₀', 'ΔW*', 'update'];
  const formula = `L = ‖W·X − Y‖²_F/(2n); training floor: (‖Y′ − Y′·P‖²_F + Σ σᵢ²(Y′·P))/(2n), i > r; held-out floor: (Σ σᵢ²(${wanted}·sqrt(C)) + d·noise²)/2, i > r`;
  if (!samples) return { paragraphs: ['This target has no samples.'], formula, numbers: '' };
  const { count: n, heldOut, batch, noise } = samples;
  const now = lossesShown(scene);
  const noiseFloor = (d * noise * noise) / 2;
  const frozen =
    bound.by === 'frozen' ? ' A factor is frozen here, so the floors are those of what its span can hold.' : '';
  const moved = hasMoved(scene)
    ? ' The start has moved a part of W₀ into the adapter and W_frozen = W₀ − s₀·B₀·A₀ is left: the floors are those of what s·B·A has to become, ΔW* + s₀·B₀·A₀.'
    : '';
  return {
    paragraphs: [
      `The training loss is taken over all ${count(n)} training samples, the held-out loss over ${count(heldOut)} samples that no step ever sees: only this one says what the layer has learned about new inputs. ${batch < n ? `A step looks at ${count(batch)} samples; their loss is the thin, pale line.` : 'Every step looks at all training samples.'}`,
      `Training floor: no ${learned} of rank ${count(rank)} fits these ${count(n)} samples better (reduced-rank regression). Y′ = Y − ${weight}·X is what is to be added, and P = X⁺·X projects on what linear maps of X can give. The noise in Y is among what is fitted, so on few samples this floor lies far below the other one.`,
      `Held-out floor: the smallest loss that any ${learned} of rank ${count(rank)} has on average over all possible inputs, of which C is the covariance. Noise cannot be predicted: d·noise²/2 of it remains at every rank. It is an expectation, so ${count(heldOut)} samples may lie a little below or above it.`,
      `A run on few samples that falls below the held-out floor with its training loss, while the held-out loss stays above or rises, is learning the noise. A smaller rank leaves it less room: rank acts as regularisation.${frozen}${moved}`,
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
