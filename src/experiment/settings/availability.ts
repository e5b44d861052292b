import { settingWords } from '../inits/conditions.ts';
import { type InitName, inits } from '../inits/index.ts';
import type { Init, InitSettings } from '../inits/init.ts';
import { bases } from '../layer/bases.ts';
import { methods } from '../methods/index.ts';
import { display } from '../numbers.ts';
import { targets } from '../targets/index.ts';
import { adaptedLayers, type NetworkLayer } from '../targets/target.ts';
import { isBesideLora, isQuantised } from './bounds.ts';
import { isActive } from './experiment.ts';
import type { Experiment } from './params.ts';

export interface InitRemedy {
  readonly changes: Partial<Experiment>;
  /** "rank 64", "the regression target". */
  readonly words: string;
  readonly reason: string;
}

/** The reason the method of an experiment is impossible, or another one in its place; null if it is possible. */
export function methodObstacle(e: Experiment, name: Experiment['method'] = e.method): string | null {
  return name === 'full' ? null : methods.byName(name).unavailable(e);
}

/** The reason an initialisation is impossible for an experiment; null if it is possible. */
export function initObstacle(init: InitName, e: Experiment): string | null {
  return inits.byName(init).unavailable?.(initSettingsOf(e)) ?? null;
}

/** The nearest setting with an initialisation; null if it is available. */
export function initRemedy(init: InitName, e: Experiment): InitRemedy | null {
  const { nearest: nearestTo, reason: reasonOf } = inits.byName(init);
  const setting = initSettingsOf(e);
  const [nearest, reason] = [nearestTo?.(setting), reasonOf?.(setting)];
  if (!nearest || !reason) return null;
  const { target, ...sizes } = nearest;
  const changes = { ...sizes, ...(target !== undefined && { target: targets.byName(target).name }), init };
  return { changes, words: settingWords(nearest), reason };
}

/** Whether A and B take their part of W₀ before it is quantised, as in QPiSSA. */
export const tookBefore = (e: Pick<Experiment, 'target' | 'quant' | 'method' | 'init'>): boolean =>
  isQuantised(e) && !isBesideLora(e) && inits.byName(e.init).quantises === 'rest';

export function fillingOf(init: InitName, e: Experiment): ReturnType<Init['variance']> {
  const exactBase = isActive('base', e) && bases.byName(e.base).exact === true;
  const { A, B } = inits.byName(init).variance({ ...e, exactBase });
  return { A: isActive('size', e) && e.size !== 1 ? `${A}, then times ${display(e.size)}` : A, B };
}

export function initSettingsOf(
  e: Pick<InitSettings, 'd' | 'k' | 'rank'> &
    Pick<Experiment, 'target'> &
    Partial<Pick<Experiment, 'modules' | 'quant'>>,
): InitSettings {
  const { d, k, rank } = e;
  const target = targets.byName(e.target);
  if (target.kind === 'network')
    return { ...smallestOf(adaptedLayers(target, e.modules ?? ''), rank), inputs: true, reference: false };
  const quant = target.kind === 'matrix' ? e.quant : 'none';
  return { d, k, rank, inputs: target.kind === 'samples', baseRank: target.ownBase?.rank, quant };
}

/** The layer with the fewest directions decides; above them its rank is all that it has. */
function smallestOf(layers: readonly NetworkLayer[], rank: number): Pick<InitSettings, 'd' | 'k' | 'rank'> {
  const side = ({ d, k }: NetworkLayer) => Math.min(d, k);
  const { d, k } = layers.reduce((least, layer) => (side(layer) < side(least) ? layer : least));
  return { d, k, rank };
}
