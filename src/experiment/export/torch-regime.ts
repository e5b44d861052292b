import { type Regime, regimeOf } from '../settings/regime.ts';
import type { ExportedRun } from './exported.ts';

/** What a script says and does around the steps of its optimiser. */
interface TorchRegime {
  /** Whether both passes are computed in float16. */
  readonly isHalf: boolean;
  /** Lines of the set-up. */
  readonly constants: readonly string[];
  readonly prose: readonly string[];
  /** Before train(). */
  readonly definitions: string;
  /** From the loss of a step to its gradients; `now` is an expression of it. */
  readonly gradients: (now: string) => readonly string[];
  /** Between these and the step of the optimiser, and after it. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const NONE: TorchRegime = {
  ...{ isHalf: false, constants: [], prose: [], definitions: '', before: [], after: [] },
  gradients: (now) => ['optimiser.zero_grad()', `${now}.backward()`],
};

const HALF = `def half(x):
    """float32, as the page keeps it, rounded to float16."""
    return x.float().half()`;

const KEEP = `@torch.no_grad()
def keep(optimiser):
    """A, B and the moments in float32, as the page keeps them."""
    factors = [p for group in optimiser.param_groups for p in group["params"]]
    moments = [value for state in optimiser.state.values() for value in state.values() if torch.is_tensor(value)]
    for x in factors + moments:
        x.copy_(x.float())`;

const gradientsOf = ({ lossScale, clip }: Regime) =>
  [
    'def gradients(optimiser, loss):',
    '    optimiser.zero_grad()',
    `    ${lossScale === undefined ? 'loss' : '(loss * LOSS_SCALE)'}.backward()`,
    '    trained = [p for group in optimiser.param_groups for p in group["params"]]',
    ...(lossScale === undefined ? [] : ['    for p in trained:', '        p.grad /= LOSS_SCALE']),
    ...(clip === undefined ? [] : ['    nn.utils.clip_grad_norm_(trained, CLIP)']),
  ].join('\n');

const decayOf = (layers: string) => `@torch.no_grad()
def decay(layer, optimiser):
    """B <- B - rate·DECAY_B·B for every B that trains."""
    of_b = [one.B for one in ${layers}]
    for group in optimiser.param_groups:
        for p in group["params"]:
            if any(p is B for B in of_b):
                p -= group["lr"] * DECAY_B * p`;

/** `layers`: a list of the adapted ones, of what train() calls `layer`. */
export function torchRegime({ experiment }: Pick<ExportedRun, 'experiment'>, layers: string): TorchRegime {
  const regime = regimeOf(experiment);
  if (!regime) return NONE;
  const { lossScale, clip, decayB } = regime;
  const isHalf = lossScale !== undefined;
  const own = isHalf || clip !== undefined;
  const definitions = [...(isHalf ? [HALF, KEEP] : []), ...(own ? [gradientsOf(regime)] : [])];
  return {
    isHalf,
    constants: [
      ...(isHalf ? [`LOSS_SCALE = ${lossScale}`] : []),
      ...(clip === undefined ? [] : [`CLIP = ${clip}  # largest norm of the gradient of all trained factors`]),
      ...(decayB === undefined ? [] : [`DECAY_B = ${decayB}  # weight decay on B alone`]),
    ],
    prose: [
      ...(isHalf
        ? [
            'Both passes are computed in float16, from A and B that stay in float32; the loss is taken in float32 and multiplied by LOSS_SCALE before the backward pass, as GradScaler does, but no step is left out. What is printed is measured without that rounding. On another device sums of products may be rounded in another order.',
          ]
        : []),
      ...(clip === undefined
        ? []
        : ['A gradient longer than CLIP, over all trained factors together, is shortened to it.']),
      ...(decayB === undefined
        ? []
        : ['B decays before each step, as AdamW with a parameter group of its own (weight_decay) would have it.']),
    ],
    definitions: [...definitions, ...(decayB === undefined ? [] : [decayOf(layers)])]
      .map((one) => `${one}\n\n\n`)
      .join(''),
    gradients: (now) => (own ? [`gradients(optimiser, ${now})`] : NONE.gradients(now)),
    before: decayB === undefined ? [] : ['decay(layer, optimiser)'],
    after: isHalf ? ['keep(optimiser)'] : [],
  };
}

const FLOAT16 = 'float16=True';

/** The loss of a step in float16, as an expression, if the run takes its gradients there. */
export const lossForGradients = ({ isHalf }: TorchRegime): string => `loss_at(step${isHalf ? `, ${FLOAT16}` : ''})`;

/** The parameters of loss(): of a run in float16 it has a second way. */
export const lossParameters = (isHalf: boolean): string => (isHalf ? 'step, float16=False' : 'step');
