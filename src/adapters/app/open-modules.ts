import { goTo, isAdapters } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { moduleTitle } from '../charts/grid/arrange.ts';
import { goOnObstacle, labObstacle, tensorObstacle, towardsObstacle } from '../state/lab-module.ts';
import { networkFit } from '../state/network-fit.ts';
import type { AdaptersStore } from '../view/context.tsx';
import type { ImportedFile, RemoteCalls } from '../worker/protocol.ts';
import type { LabBase, LabModule } from './open-in-lab.ts';
import type { FileFactors } from './open-on-network.ts';

/** The first file with all its modules, on the network of the Lab that it fits. */
export async function openFileOnNetwork(store: AdaptersStore, reader: RemoteCalls, lab: Store): Promise<void> {
  const [file] = store.state().files;
  if (!file) return;
  const fail = (details: string) => {
    if (!isAdapters(lab.state().view)) lab.dispatch(goTo('adapters'));
    store.dispatch({ type: 'failed', title: 'The file does not open on a network.', details });
  };
  const { modules, name } = file.adapter;
  const fit = networkFit(modules, file.figures);
  if ('why' in fit) return fail(fit.why);
  const factors: FileFactors[] = [];
  for (const { index, name, rank, scaling } of modules) {
    const read = await reader.factors(file.id, index);
    if ('fault' in read) return fail(`${read.fault} ${read.details}`);
    factors.push({ name, rank, s: scaling ?? 1, ...read });
  }
  const { openOnNetwork } = await import('./open-on-network.ts');
  const why = await openOnNetwork(lab, name, fit.experiments, factors);
  if (why !== null) fail(why);
}

const failIn = (store: AdaptersStore) => (details: string) =>
  store.dispatch({ type: 'failed', title: 'The Lab did not open.', details });

function chosenModule(store: AdaptersStore) {
  const { files, chosen } = store.state();
  const [file] = files;
  const module = file?.adapter.modules[chosen];
  return file && module ? { file, module, figures: file.figures[chosen] ?? null } : null;
}

type ChosenModule = NonNullable<ReturnType<typeof chosenModule>>;

export async function openChosenModule(store: AdaptersStore, reader: RemoteCalls, lab: Store): Promise<void> {
  const one = chosenModule(store);
  if (!one) return;
  const { file, module, figures } = one;
  const fail = failIn(store);
  const { alpha, rule, rank, scaling: s } = module;
  const why = labObstacle(module, figures);
  if (why !== null || s === null || figures === null) return fail(`This module: ${why}.`);
  const [sigma1] = figures.sigma;
  const factors = await reader.factors(file.id, module.index);
  if ('fault' in factors) return fail(`${factors.fault} ${factors.details}`);
  const { openInLab } = await import('./open-in-lab.ts');
  const names = { name: file.adapter.name, module: moduleTitle(module) };
  const base = await baseOf(store, reader, module.index);
  const opened = await openInLab(lab, { ...names, ...factors, ...{ alpha, rule, rank, s, sigma1, base } });
  if ('why' in opened) fail(opened.why);
}

/** W₀ of a module of the first file, if its base is open and has it. */
async function baseOf(store: AdaptersStore, reader: RemoteCalls, module: number): Promise<LabBase | null> {
  const { base } = store.state();
  if (!base?.matched) return null;
  const matrix = await reader.baseWeight(module);
  return 'fault' in matrix ? { why: matrix.details } : { matrix, name: base.matched.name };
}

/** Opens a run that starts from B and A of a module, and keeps which it was. */
async function goOn(store: AdaptersStore, lab: Store, { file, module }: ChosenModule, of: LabModule): Promise<void> {
  const { openInLab } = await import('./open-in-lab.ts');
  const opened = await openInLab(lab, of);
  if ('why' in opened) return failIn(store)(opened.why);
  const goneOn = { file: file.id, module: module.index, data: opened.data, sigma1: of.sigma1 };
  store.dispatch({ type: 'gone-on', goneOn });
}

/** From B and A of the first file towards ΔW of the second, in the chosen pair of modules. */
export async function openChosenPair(store: AdaptersStore, reader: RemoteCalls, lab: Store): Promise<void> {
  const { files, pair } = store.state();
  const fail = failIn(store);
  const sides = (pair?.matched.pairs[pair.chosen] ?? []).flatMap((index, i) => {
    const file = files[i];
    const module = file?.adapter.modules[index];
    return module ? [{ file, module, figures: file.figures[index] ?? null }] : [];
  });
  const [one, other] = sides;
  if (!one || !other) return;
  const why = goOnObstacle([one.module, one.figures], [other.module, other.figures]);
  if (why !== null) return fail(`${why}.`);
  const read = await Promise.all(sides.map(({ file, module }) => reader.factors(file.id, module.index)));
  const wrong = read.find((found) => 'fault' in found);
  const [start, target] = sides.flatMap(({ file, module }, i) => {
    const { alpha, rule, rank, scaling: s } = module;
    const factors = read[i];
    if ('fault' in factors || s === null) return [];
    return [{ name: file.adapter.name, module: moduleTitle(module), ...factors, ...{ alpha, rule, rank, s } }];
  });
  if (!start || !target) return fail(wrong && 'fault' in wrong ? `${wrong.fault} ${wrong.details}` : 'α is not known.');
  const sigma1 = other.figures?.sigma[0] ?? 1;
  const base = await baseOf(store, reader, one.module.index);
  return goOn(store, lab, one, { ...target, sigma1, start, base });
}

/** From B and A of the chosen module towards W_fine − W₀ of a model of these files. */
export async function openTowardsModel(
  store: AdaptersStore,
  reader: RemoteCalls,
  lab: Store,
  brought: readonly ImportedFile[],
): Promise<void> {
  const one = chosenModule(store);
  if (!one) return;
  const { file, module, figures } = one;
  const fail = failIn(store);
  const { alpha, rule, rank, scaling: s } = module;
  const why = towardsObstacle([module, figures]);
  if (why !== null || s === null) return fail(`${why}.`);
  const aim = await reader.aimOf(module.index, brought);
  if ('fault' in aim) return fail(`${aim.fault} ${aim.details}`);
  const factors = await reader.factors(file.id, module.index);
  if ('fault' in factors) return fail(`${factors.fault} ${factors.details}`);
  const title = moduleTitle(module);
  const start = { name: file.adapter.name, module: title, ...factors, ...{ alpha, rule, rank, s } };
  const base = await baseOf(store, reader, module.index);
  return goOn(store, lab, one, { ...aim, module: title, start, base });
}

/** ΔW of the chosen tensor of two models, entry by entry. */
export async function openChosenTensor(store: AdaptersStore, reader: RemoteCalls, lab: Store): Promise<void> {
  const { models } = store.state();
  const tensor = models?.matched?.pairs[models.chosen];
  if (!models?.matched || !tensor) return;
  const fail = (details: string) =>
    store.dispatch({ type: 'failed', title: 'The Lab did not open.', details, ofModels: true });
  const figures = models.figures[models.chosen] ?? null;
  const why = tensorObstacle(tensor, figures);
  if (why !== null) return fail(`This tensor: ${why}.`);
  const read = await reader.differenceMatrix(models.chosen);
  if ('fault' in read) return fail(`${read.fault} ${read.details}`);
  const { openInLab } = await import('./open-in-lab.ts');
  const module = moduleTitle({ name: tensor.name.replace(/\.weight$/, ''), place: tensor.place });
  const { base, fine } = models.matched;
  const opened = await openInLab(lab, {
    ...{ name: fine.name, module, matrix: read.delta },
    base: { matrix: read.base, name: base.name },
    sigma1: figures?.spectrum?.sigma[0] ?? 1,
  });
  if ('why' in opened) fail(opened.why);
}
