import { goTo, isAdapters } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { moduleTitle } from '../charts/grid/arrange.ts';
import type { FileWork } from '../state/adapters-state.ts';
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

/** ms after which the page says that it opens something in the Lab. */
const SOON = 300;

/**
 * Reads something and opens it in the Lab, and says so by `name` where that takes a while; Cancel leaves the Lab alone.
 * Null if it does not open: `fail` has got the sentence that `read` or the Lab gave.
 */
export async function opened(
  { store, lab, name, fail }: LabOpening,
  read: () => Promise<LabModule | string>,
): Promise<{ readonly data: string; readonly sigma1: number } | null> {
  const mine: FileWork = { does: 'opening', name, done: 0, of: 0, secondsLeft: null };
  const isMine = () => store.state().work === mine;
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    store.dispatch({ type: 'progress', work: mine });
  }, SOON);
  const isOff = () => said && !isMine();
  try {
    const of = await read();
    if (isOff()) return null;
    if (typeof of === 'string') {
      fail(of);
      return null;
    }
    const { openInLab } = await import('./open-in-lab.ts');
    const given = await openInLab(lab, of, { isOff });
    if (!('why' in given)) return { ...given, sigma1: of.sigma1 };
    if (!isOff()) fail(given.why);
    return null;
  } finally {
    clearTimeout(timer);
    if (isMine()) store.dispatch({ type: 'progress', work: null });
  }
}

interface LabOpening {
  readonly store: AdaptersStore;
  readonly lab: Store;
  readonly name: string;
  readonly fail: (details: string) => void;
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
  const names = { name: file.adapter.name, module: moduleTitle(module) };
  await opened({ store, lab, name: names.module, fail }, async () => {
    const factors = await reader.factors(file.id, module.index);
    if ('fault' in factors) return `${factors.fault} ${factors.details}`;
    const base = await baseOf(store, reader, module.index);
    return { ...names, ...factors, ...{ alpha, rule, rank, s, sigma1, base } };
  });
}

/** W₀ of a module of the first file, if its base is open and has it. */
async function baseOf(store: AdaptersStore, reader: RemoteCalls, module: number): Promise<LabBase | null> {
  const { base } = store.state();
  if (!base?.matched) return null;
  const matrix = await reader.baseWeight(module);
  return 'fault' in matrix ? { why: matrix.details } : { matrix, name: base.matched.name };
}

/** Opens a run that starts from B and A of a module, and keeps which it was. */
async function goOn(
  store: AdaptersStore,
  lab: Store,
  { file, module }: ChosenModule,
  read: () => Promise<LabModule | string>,
): Promise<void> {
  const shown = await opened({ store, lab, name: moduleTitle(module), fail: failIn(store) }, read);
  if (shown) store.dispatch({ type: 'gone-on', goneOn: { file: file.id, module: module.index, ...shown } });
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
  return goOn(store, lab, one, async () => {
    const read = await Promise.all(sides.map(({ file, module }) => reader.factors(file.id, module.index)));
    const wrong = read.find((found) => 'fault' in found);
    const [start, target] = sides.flatMap(({ file, module }, i) => {
      const { alpha, rule, rank, scaling: s } = module;
      const factors = read[i];
      if ('fault' in factors || s === null) return [];
      return [{ name: file.adapter.name, module: moduleTitle(module), ...factors, ...{ alpha, rule, rank, s } }];
    });
    if (!start || !target) return wrong && 'fault' in wrong ? `${wrong.fault} ${wrong.details}` : 'α is not known.';
    const base = await baseOf(store, reader, one.module.index);
    return { ...target, sigma1: other.figures?.sigma[0] ?? 1, start, base };
  });
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
  const model = store.state().base?.matched?.name ?? '';
  return goOn(store, lab, one, async () => {
    const aim = await reader.aimOf(module.index, brought);
    if ('fault' in aim) return `${aim.fault} ${aim.details}`;
    const factors = await reader.factors(file.id, module.index);
    if ('fault' in factors) return `${factors.fault} ${factors.details}`;
    const title = moduleTitle(module);
    const start = { name: file.adapter.name, module: title, ...factors, ...{ alpha, rule, rank, s } };
    return { ...aim, module: title, start, base: { matrix: aim.base, name: model } };
  });
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
  const module = moduleTitle({ name: tensor.name.replace(/\.weight$/, ''), place: tensor.place });
  const { base, fine } = models.matched;
  await opened({ store, lab, name: module, fail }, async () => {
    const read = await reader.differenceMatrix(models.chosen);
    if ('fault' in read) return `${read.fault} ${read.details}`;
    return {
      ...{ name: fine.name, module, matrix: read.delta },
      base: { matrix: read.base, name: base.name },
      sigma1: figures?.spectrum?.sigma[0] ?? 1,
    };
  });
}
