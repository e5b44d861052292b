import { reduce } from '../../charts/matrices/plane.ts';
import { MAX_FRAGMENT } from '../../experiment/link/link.ts';
import { plural } from '../../experiment/numbers.ts';
import { MAX_SIDE, type SmallMatrix, smallMatrix } from '../../experiment/recorded/small-picture.ts';
import { SHELF } from '../../kit/storage.ts';
import {
  checkExperiments,
  MAX_EXPERIMENTS,
  MAX_NOTE_LENGTH,
  MAX_TITLE_LENGTH,
  type OwnExperiment,
  readCollection,
  singleLine,
  withAdditions,
  withOthers,
  writeCollection,
} from '../../state/collection/collection.ts';
import type { CollectionOrder, OwnExperiments } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import { lastStep } from '../../state/run/run.ts';
import { experimentLinkOf, shownFrame } from '../../state/select.ts';
import type { State, Store } from '../../state/state.ts';
import { shownScaling } from '../../ui/lab-scene.ts';
import { portraitOf } from '../../ui/strip/captions.ts';
import { planesOf, scalesOf } from '../../ui/strip/planes.ts';
import { paintableModule } from '../../ui/strip/use-painted-matrices.ts';
import { save } from '../files.ts';

const KEY = 'lora-explorer/experiments';

export async function carryOutCollection(order: CollectionOrder, store: Store): Promise<void> {
  if (typeof order === 'object' && 'put' in order) return changed(store, order);
  const mine = await readMine(store);
  if (order === 'read') return store.dispatch({ type: 'mine', mine });
  if (order === 'export')
    return save('lora-explorer-experiments.json', writeCollection(mine.experiments), 'application/json');
  if ('add' in order) return add(store, mine, order.add, []);
  if ('keep' in order) return keepThis(store, mine, order.keep);
  const read = readCollection(order.read);
  if ('fault' in read)
    return refuse(store, 'The file of experiments could not be opened.', read.fault, 'Nothing has changed.');
  return add(store, mine, read.experiments, read.left);
}

const refuse = (store: Store, title: string, ...texts: string[]): void =>
  store.dispatch(noticeEvent('file', 'bad', title, texts));

/** The stored experiments; if the browser refuses, or they cannot be read, those on the page. */
async function readMine(store: Store): Promise<OwnExperiments> {
  const text = await SHELF.get(KEY);
  if (text === null) return { experiments: store.state().mine?.experiments ?? [], refused: true };
  const read = typeof text === 'string' ? readCollection(text) : { experiments: [] };
  // What cannot be read, since a newer page has written it, is not written over.
  return 'fault' in read
    ? { experiments: store.state().mine?.experiments ?? [], refused: true }
    : { experiments: read.experiments, refused: false };
}

let changes = Promise.resolve();

/** Stores a changed list, one after the other, and keeps what another tab has added meanwhile. */
function changed(store: Store, { put, before }: Extract<CollectionOrder, { put: unknown }>): Promise<void> {
  changes = changes.then(async () => {
    const mine = await readMine(store);
    // As it is read from the storage: without a blank at the end of a title that is being typed.
    const read = readCollection(writeCollection(before));
    await keep(store, mine, withOthers(put, 'fault' in read ? before : read.experiments, mine.experiments));
  });
  return changes;
}

/** Stores all of them; if the browser refuses, they stay on the page, with a notice. */
async function keep(store: Store, mine: OwnExperiments, experiments: readonly OwnExperiment[]): Promise<void> {
  const refused = mine.refused || !(await SHELF.set(KEY, writeCollection(experiments)));
  store.dispatch({ type: 'mine', mine: { experiments, refused } });
}

async function add(
  store: Store,
  mine: OwnExperiments,
  more: readonly OwnExperiment[],
  left: readonly string[],
): Promise<void> {
  const { list, left: beyond } = withAdditions(mine.experiments, more);
  await keep(store, mine, list);
  const added = list.length - mine.experiments.length;
  const here = more.length - added - beyond;
  const texts = [
    ...left,
    ...(here > 0 ? [`${plural(here, 'experiment')} had been added before.`] : []),
    ...(beyond > 0 ? [`${beyond} did not fit: the limit is ${MAX_EXPERIMENTS}.`] : []),
  ];
  const tone = texts.length > 0 ? 'plain' : 'brief';
  store.dispatch(noticeEvent('file', tone, `${plural(added, 'experiment')} added.`, texts));
}

async function keepThis(store: Store, mine: OwnExperiments, given: Pick<OwnExperiment, 'title' | 'note'>) {
  const state = store.state();
  const link = experimentLinkOf(state);
  if (link.length > MAX_FRAGMENT)
    return refuse(store, 'This experiment is too large to be kept here.', 'Save the run file instead (Export).');
  if (mine.experiments.length >= MAX_EXPERIMENTS)
    return refuse(store, `${MAX_EXPERIMENTS} experiments are kept already.`, 'Delete one, or export them as a file.');
  const named = singleLine(given.title, MAX_TITLE_LENGTH);
  const one = { title: named === '' ? 'Untitled' : named, note: singleLine(given.note, MAX_NOTE_LENGTH), link };
  const swept = state.view.view === 'sweep' ? (await import('../sweep/sweep-files.ts')).sweepPicture(state) : null;
  const { experiments } = checkExperiments([{ ...one, picture: swept ?? pictureOf(state) }]);
  await keep(store, mine, [...mine.experiments, ...experiments]);
  const title = `“${one.title}” is among your experiments.`;
  const show = ['Show', goTo('experiments')] as const;
  store.dispatch(
    store.state().mine?.refused
      ? noticeEvent('file', 'plain', title, [REFUSED], [show])
      : noticeEvent('file', 'brief', title, [], [show]),
  );
}

const REFUSED = 'This page can store nothing here, so it is gone when you close the page.';

/** ΔW at the step on screen, or W if that is a picture; before training ΔW*. Null before there are matrices. */
function pictureOf(state: State): SmallMatrix | null {
  const module = paintableModule(state);
  if (!module) return null;
  const frame = shownFrame(state) ?? module;
  const scaling = shownScaling(state);
  const planes = planesOf(module, frame.A, frame.B, scaling, 'update');
  const still = lastStep(state.run) <= 0;
  const worn = !still && portraitOf(state.run.experiment) !== null;
  const { update, range } = scalesOf(planes, module.basePlane.mean, module.rank, scaling, null, worn);
  const plane = still ? planes.target : worn ? planes.W : planes.dW;
  const { mean } = reduce(plane.values, plane.rows, plane.cols, MAX_SIDE);
  const ends = worn ? range : ([-update, update] as const);
  return smallMatrix(mean.values, mean.rows, mean.cols, ends, worn ? 'w' : 'dw');
}
