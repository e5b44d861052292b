import { methods, trainedBy } from '../methods/index.ts';
import { methodSizes } from '../methods/layer-sizes.ts';
import type { AdapterMethod, MethodSettings } from '../methods/method.ts';
import { optimisers } from '../optimisers.ts';
import { besideLora, frozenFactorOf, isFull } from '../settings/bounds.ts';
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

type CostSettings = MethodSettings &
  Pick<Experiment, 'init' | 'opt' | 'batch' | 'modules' | 'target' | 'method' | 'adapt' | 'train'>;

const sum = (layers: readonly NetworkLayer[], of: (layer: NetworkLayer) => number) =>
  layers.reduce((total, layer) => total + of(layer), 0);

/** LoRA as set, full fine-tuning of the same matrices, and the chosen method if it is one beside LoRA. */
export function networkCosts(
  target: NetworkTarget,
  e: CostSettings,
): Readonly<Record<'lora' | 'full', TrainingCosts>> & { readonly beside: TrainingCosts | null } {
  const { layers, positions = () => 1 } = target;
  const rows = e.batch * positions(e.adapt);
  const adapted = adaptedLayers(target, e.modules);
  const frozenFactor = frozenFactorOf({ ...e, method: 'lora' });
  const { moments } = optimisers.byName(e.opt);
  const rankOf = ({ d, k }: NetworkLayer) => Math.min(e.rank, d, k);
  const costs = (trained: number, training: number, once = 0): TrainingCosts => ({
    trained,
    state: 4 * moments * trained,
    // Forward, and the gradients of all inputs but the network's own; then what training adds, for a row and for a step.
    multiplyAdds:
      rows * (sum(layers, ({ d, k }) => d * k) + sum(layers.slice(1), ({ d, k }) => d * k) + training) + once,
  });
  // Forward and the gradients of A and B; s·δ·B, and through A for all inputs but the network's own.
  const paths = (layer: NetworkLayer) =>
    rankOf(layer) * (2 * (layer.d + layer.k) + layer.d + (layer === layers[0] ? 0 : layer.k));
  const whole = sum(adapted, ({ d, k }) => d * k);
  const beside = besideLora(e);
  // ΔW as a whole, and the numbers' gradients from that of W.
  const own = (of: (method: AdapterMethod, sizes: MethodSettings) => number) =>
    sum(adapted, (layer) => (beside ? of(methods.byName(beside), methodSizes(e, layer)) : 0));
  return {
    lora: costs(
      sum(adapted, (layer) => rankOf(layer) * trainedPerRank({ ...layer, frozenFactor })),
      sum(adapted, paths),
    ),
    full: costs(whole, whole),
    beside:
      beside &&
      costs(
        own(trainedBy),
        whole,
        own((method, sizes) => method.cost(sizes)),
      ),
  };
}

/** Of the method that an experiment has. */
export function methodCosts(target: NetworkTarget, e: CostSettings): TrainingCosts {
  const { lora, full, beside } = networkCosts(target, e);
  return isFull(e) ? full : (beside ?? lora);
}

/** Parameters that an experiment trains, in all its matrices. */
export function trainedParameters(e: Experiment): number {
  const target = targets.byName(e.target);
  if (target.kind !== 'network') return countsOf(adapterOf(e)).trained;
  return methodCosts(target, e).trained;
}
