import { inits } from '../inits/index.ts';
import { optimisers } from '../optimisers.ts';
import { isFull } from '../settings/bounds.ts';
import { adapterOf, countsOf, trainedPerRank } from '../settings/counts.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { adaptedLayers, type NetworkLayer, type NetworkTarget } from '../targets/target.ts';

/** Costs of one way of training a network's matrices, for a step of one batch. */
export interface TrainingCosts {
  readonly trained: number;
  /** Bytes of the optimiser's moments in float32. */
  readonly state: number;
  readonly multiplyAdds: number;
}

type CostSettings = Pick<Experiment, 'rank' | 'init' | 'opt' | 'batch' | 'modules' | 'target' | 'method' | 'adapt'>;

const sum = (layers: readonly NetworkLayer[], of: (layer: NetworkLayer) => number) =>
  layers.reduce((total, layer) => total + of(layer), 0);

/** LoRA as set, and full fine-tuning of the same matrices. */
export function networkCosts(target: NetworkTarget, e: CostSettings): Readonly<Record<'lora' | 'full', TrainingCosts>> {
  const { layers, positions = () => 1 } = target;
  const rows = e.batch * positions(e.adapt);
  const adapted = adaptedLayers(target, e.modules);
  const { frozen: frozenFactor = null } = inits.byName(e.init);
  const { moments } = optimisers.byName(e.opt);
  const rankOf = ({ d, k }: NetworkLayer) => Math.min(e.rank, d, k);
  const costs = (trained: number, training: number): TrainingCosts => ({
    trained,
    state: 4 * moments * trained,
    // Forward, and the gradients of all inputs but the network's own; then what training adds.
    multiplyAdds: rows * (sum(layers, ({ d, k }) => d * k) + sum(layers.slice(1), ({ d, k }) => d * k) + training),
  });
  // Forward and the gradients of A and B; s·δ·B, and through A for all inputs but the network's own.
  const beside = (layer: NetworkLayer) =>
    rankOf(layer) * (2 * (layer.d + layer.k) + layer.d + (layer === layers[0] ? 0 : layer.k));
  const whole = sum(adapted, ({ d, k }) => d * k);
  return {
    lora: costs(
      sum(adapted, (layer) => rankOf(layer) * trainedPerRank({ ...layer, frozenFactor })),
      sum(adapted, beside),
    ),
    full: costs(whole, whole),
  };
}

/** Parameters that an experiment trains, in all its matrices. */
export function trainedParameters(e: Experiment): number {
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return countsOf(adapterOf(e)).trained;
  return networkCosts(target, e)[isFull(e) ? 'full' : 'lora'].trained;
}
