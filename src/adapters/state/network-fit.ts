import { adaptationsOf } from '../../experiment/network/adaptations.ts';
import { listed, plural } from '../../experiment/numbers.ts';
import { maxRank } from '../../experiment/settings/bounds.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { moduleNames, moduleOf, type NetworkTarget } from '../../experiment/targets/target.ts';
import type { Figures, Module } from '../file/model.ts';

type FileModule = Pick<
  Module,
  'name' | 'd' | 'k' | 'rank' | 'kind' | 'magnitude' | 'start' | 'alpha' | 'scaling' | 'rule' | 'index'
>;

const NETWORKS: readonly NetworkTarget[] = targets.all.flatMap((one) => (one.kind === 'network' ? [one] : []));

/** The page's networks that have matrices of all names in a file. */
const namedIn = (modules: readonly FileModule[]) =>
  NETWORKS.filter(({ layers }) => modules.every(({ name }) => layers.some((layer) => layer.name === name)));

/** Whether all modules of a file have names of one of the page's networks. */
export const isOfNetwork = (modules: readonly FileModule[]): boolean => namedIn(modules).length > 0;

/** The experiments whose networks an adapter file fits, one for each of their tasks; or why there is none. */
export type NetworkFit =
  | { readonly experiments: readonly [Experiment, ...Experiment[]] }
  /** In sentences. */
  | { readonly why: string };

export function networkFit(modules: readonly FileModule[], figures: readonly (Figures | null)[]): NetworkFit {
  const odd = modules.map((module) => obstacle(module, figures[module.index] ?? null)).find((why) => why !== null);
  if (odd) return { why: odd };
  const found = NETWORKS.flatMap((network) =>
    misfit(network, modules) === null ? experimentsFor(network, modules) : [],
  );
  const [first, ...others] = found;
  if (first) return { experiments: [first, ...others] };
  const named = namedIn(modules);
  const near = named.length > 0 ? named : NETWORKS;
  const [wrong] = near.flatMap((network) => misfit(network, modules) ?? []);
  return { why: `${wrong} What fits: ${near.map(shapesOf).join('; ')}.` };
}

function obstacle({ name, kind, magnitude, start, scaling }: FileModule, figures: Figures | null): string | null {
  if (kind !== 'lora') return `${name} is not a pair B·A.`;
  if (magnitude !== null) return `${name} has DoRA’s magnitudes, which the networks here do not take.`;
  if (start) return `${name} began from W₀ (${start}), which PEFT changes as it loads the file.`;
  if (scaling === null) return 'α is not known, so neither is ΔW.';
  if (figures === null) return `${name} is not read yet.`;
  return figures.finite ? null : `${name} holds numbers that are not finite.`;
}

/** The first module that the network has no place for, in a sentence; null: all fit. */
function misfit(network: NetworkTarget, modules: readonly FileModule[]): string | null {
  for (const { name, d, k, rank } of modules) {
    const layer = network.layers.find((one) => one.name === name);
    if (!layer) return `The ${network.label} network has no matrix called ${name}.`;
    if (layer.d !== d || layer.k !== k)
      return `${name} of the file is ${d} × ${k}; that of the ${network.label} network is ${layer.d} × ${layer.k}.`;
    if (rank > highestRank(network)) return `The file has rank ${rank}; here it is at most ${highestRank(network)}.`;
  }
  return null;
}

const highestRank = ({ name }: NetworkTarget) => maxRank(change(defaults(), { target: name as Experiment['target'] }));

/** "digits: in 64 × 64, hidden 64 × 64 and out 10 × 64, rank 1 to 64". */
function shapesOf(network: NetworkTarget): string {
  const blocks = network.layers.length / moduleNames(network).length;
  const first = network.layers.slice(0, network.layers.length / blocks);
  const sides = first.map((layer) => `${moduleOf(layer)} ${layer.d} × ${layer.k}`);
  const where = blocks > 1 ? ` in each of ${plural(blocks, 'block')}, called 0.q to ${blocks - 1}.down` : '';
  return `${network.label}: ${listed(sides)}${where}, rank 1 to ${highestRank(network)}`;
}

function experimentsFor(network: NetworkTarget, modules: readonly FileModule[]): readonly Experiment[] {
  const names = moduleNames(network);
  const adapted = names.filter((name) => modules.some((module) => moduleOf(module) === name));
  const usual = modules.reduce((best, one) => (one.rank > best.rank ? one : best));
  const { rank } = usual;
  const list = adapted.join(',');
  return adaptationsOf(network.name).flatMap((adapt) => {
    // Of a hand there are no drawings.
    if (adapt === 'hand') return [];
    const target = change(defaults(), { target: network.name as Experiment['target'] });
    const scaling = usual.rule === 'α/√r' ? 'rslora' : 'standard';
    const settings = change(target, {
      adapt,
      rank,
      scaling,
      modules: list === (network.usual ?? names.join(',')) ? '' : list,
    });
    return [change(settings, { alpha: usual.alpha ?? (usual.scaling ?? 1) * rank })];
  });
}
