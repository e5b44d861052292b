import { inits } from '../inits/index.ts';
import { methods } from '../methods/index.ts';
import type { AdapterMethod } from '../methods/method.ts';
import { targets } from '../targets/index.ts';
import { adaptedLayers, dataKindOf, moduleNames, type NetworkLayer } from '../targets/target.ts';
import { dataKind } from './data-kind.ts';
import type { SettingsDraft } from './kinds.ts';

/** Whether the target or the initialisation asks for a parameter. */
export const requires = (key: string) => (e: SettingsDraft) => {
  const wanted: readonly string[] = [...targets.byName(e.target).params, ...inits.byName(e.init).params];
  return wanted.includes(key);
};

const ASKED = new Set<string>([...targets.all, ...inits.all].flatMap(({ params }): readonly string[] => params));

/** Whether only some targets or initialisations have a parameter. */
export const isAskedFor = (key: string) => ASKED.has(key);

const LONGEST_DRAWING = 40_000;

/** A target takes data of its own kind only; one that takes none accepts any. */
export function fitsTarget(data: string, e: SettingsDraft): boolean {
  const kind = dataKind(data);
  if (kind !== 'matrix' && data.length > LONGEST_DRAWING) return false;
  return !requires('data')(e) || kind === dataKindOf(targets.byName(e.target));
}

const LARGEST = 4096;

/** The smallest and the largest rows, or columns, of a target. */
export const minSize = (e: SettingsDraft) => targets.byName(e.target).minSize ?? 1;
export const maxSize = (e: SettingsDraft) => targets.byName(e.target).maxSize ?? LARGEST;

const networkOf = ({ target }: Pick<SettingsDraft, 'target'>) => {
  const found = targets.byName(target);
  return found.kind === 'network' ? found : null;
};

export const isNetwork = (e: Pick<SettingsDraft, 'target'>) => networkOf(e) !== null;

/** Whether the whole matrices of a network are trained, in the place of adapters. */
export const isFull = (e: Pick<SettingsDraft, 'target' | 'method'>) => isNetwork(e) && e.method === 'full';

const hasSamples = ({ target }: Pick<SettingsDraft, 'target'>) => targets.byName(target).kind === 'samples';

/** Whether the frozen matrix is stored in 4 bits. */
export const isQuantised = (e: Pick<SettingsDraft, 'target' | 'quant'>): boolean =>
  targets.byName(e.target).kind === 'matrix' && e.quant === 'nf4';

/** The factor that an initialisation keeps, whatever `train` says. */
const keptByInit = ({ init }: Pick<SettingsDraft, 'init'>): 'A' | 'B' | null => inits.byName(init).frozen ?? null;

/** Whether one may train A or B alone: LoRA, but not on samples, with an initialisation that trains both. */
export const choosesFactor = (e: Pick<SettingsDraft, 'target' | 'method' | 'init'>): boolean =>
  !hasSamples(e) && e.method === 'lora' && keptByInit(e) === null;

/** The factor that `train` keeps as it starts: B if A trains alone, A if B does. */
const keptByTrain = ({ train }: Pick<SettingsDraft, 'train'>): 'A' | 'B' | null =>
  train === 'A' ? 'B' : train === 'B' ? 'A' : null;

/** The factor that does not train, by the initialisation or by `train`; null if both do. */
export const frozenFactorOf = (e: Pick<SettingsDraft, 'target' | 'method' | 'init' | 'train'>): 'A' | 'B' | null =>
  choosesFactor(e) ? keptByTrain(e) : keptByInit(e);

/** Whether the method of an experiment reads a setting; full fine-tuning reads none. */
export const usedByMethod =
  (key: AdapterMethod['params'][number]) =>
  ({ method }: Pick<SettingsDraft, 'method'>): boolean =>
    method !== 'full' && methods.byName(method).params.includes(key);

/** Whether A and B of s·B·A train, or the whole matrix: not so in methods beside LoRA. */
export const isBesideLora = ({ method }: Pick<SettingsDraft, 'method'>): boolean =>
  method !== 'lora' && method !== 'full';

/** Whether both passes may be computed in float16: those of LoRA on one layer. */
export const takesFloat16 = (e: Pick<SettingsDraft, 'target' | 'method'>): boolean =>
  !isNetwork(e) && e.method === 'lora';

/** Whether both passes are computed in float16. */
export const isInFloat16 = (e: Pick<SettingsDraft, 'target' | 'method' | 'precision'>): boolean =>
  takesFloat16(e) && e.precision === 'float16';

/** Whether there is a B that trains, which may decay. */
export const decaysB = (e: Pick<SettingsDraft, 'target' | 'method' | 'init' | 'train'>): boolean =>
  e.method === 'lora' && frozenFactorOf(e) !== 'B';

/** The method of an experiment if it is one beside LoRA, else null. */
export const besideLora = <M extends string>({ method }: { readonly method: M }): Exclude<M, 'lora' | 'full'> | null =>
  isBesideLora({ method }) ? (method as Exclude<M, 'lora' | 'full'>) : null;

/** Whether the digits of a network are those that the visitor draws. */
export const isHand = (e: Pick<SettingsDraft, 'target' | 'adapt'>) => isNetwork(e) && e.adapt === 'hand';

/** Whether an order decides which samples a step looks at: not where it looks at all of them, or where they are drawn anew. */
export const choosesOrder = (e: SettingsDraft): boolean =>
  hasSamples(e) ? e.batch < e.samples : isNetwork(e) && !isHand(e) && networkOf(e)?.positions === undefined;

/** Whether the frozen matrix is the owl. */
export const isOwl = ({ target }: Pick<SettingsDraft, 'target'>): boolean => target === 'edit';

/** Names of distinct matrices of the target's network, in the order of its forward pass; empty: the usual ones. */
export function areModules(list: string, e: SettingsDraft): boolean {
  const network = networkOf(e);
  const names = network ? moduleNames(network) : [];
  return list === '' || list === names.filter((name) => list.split(',').includes(name)).join(',');
}

/** The matrices of a network that train, each with a learning rate; none for another target. */
export function trainedMatrices(e: SettingsDraft): readonly NetworkLayer[] {
  const network = networkOf(e);
  return network ? adaptedLayers(network, e.modules) : [];
}

/** Training samples; of the network of digits all that there are, if not fewer are wanted. */
export const sampleCounts = (e: SettingsDraft): { readonly usual: number; readonly most: number } =>
  isNetwork(e) ? { usual: 1200, most: 1200 } : { usual: 256, most: LARGEST };

const USUAL_BATCH = 16;

/** Samples per step: at most those of an epoch. */
export const batchSizes = (e: SettingsDraft): { readonly usual: number; readonly most: number } =>
  networkOf(e)?.batch ?? {
    usual: Math.min(USUAL_BATCH, e.samples),
    most: requires('batch')(e) ? e.samples : LARGEST,
  };

const USUAL_STEPS = 300;
const HAND_STEPS = 100;
export const usualSteps = (e: SettingsDraft) => (isHand(e) ? HAND_STEPS : (networkOf(e)?.steps ?? USUAL_STEPS));

export const minSide = (e: SettingsDraft) => Math.min(e.d, e.k);

/** If W₀ has more than 1024² entries a rank is at most 256: its factors and spectra stay quick. */
export const MAX_RANK = 256;
export const maxRank = (e: SettingsDraft) => (e.d * e.k > 1024 * 1024 ? Math.min(MAX_RANK, minSide(e)) : minSide(e));

/** The most steps in one request by the user or a script, */
export const MAX_BUDGET = 100_000;
/** and the most of a whole run: no more are made, written or read. */
export const MAX_RUN_STEPS = 2 * MAX_BUDGET;
