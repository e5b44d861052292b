import { openLink } from '../../app/address.ts';
import { pickFiles, save } from '../../app/files.ts';
import type { HandFile } from '../../experiment/network/hands/hand-file.ts';
import { plural } from '../../experiment/numbers.ts';
import { readGoal } from '../../experiment/plan/goal.ts';
import { presetOf } from '../../experiment/presets.ts';
import { MAX_RUN_FILE_BYTES } from '../../experiment/run-file/run-file.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { withAutoRate } from '../../experiment/settings/experiment.ts';
import type { View } from '../../experiment/settings/view.ts';
import type { PageEvent } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';
import { goTo } from '../../state/places.ts';
import type { Store } from '../../state/state.ts';
import { EXAMPLE_NAMES, withHands } from '../model/class-hands.ts';
import {
  type EntryReading,
  fileWord,
  type HandInEntry,
  type Omission,
  readHandIn,
  readLinkLines,
} from '../model/entry.ts';
import { EXAMPLE_HAND_INS, EXAMPLE_LINK } from '../model/example-class.ts';
import { standingsOf } from '../model/standings.ts';
import { NO_WALL, type WallOrder, wallOf, withHandIns } from '../state/wall.ts';
import { trainExampleHands } from './watch-hands.ts';

/** Further files of one drop are ignored. */
const MOST_FILES = 200;

/** Carries out an order of the class wall. Files are read here and sent nowhere. */
export async function carryOutWall(order: WallOrder, store: Store, name: string): Promise<void> {
  if (order === 'pick') {
    const files = await pickFiles();
    return files.length > 0 ? addFiles(files, store) : undefined;
  }
  if (order === 'rehearse') return rehearse(store);
  if (order === 'rehearse-hands') return rehearseHands(store);
  if (order === 'leave') return leave(store);
  if ('add' in order) return addFiles(order.add, store);
  if ('paste' in order) return add(readLinkLines(order.paste), store, 'links');
  if ('ask' in order) return store.dispatch(question(order.ask));
  if ('show' in order) {
    answered(store);
    store.dispatch(goTo('wall'));
    return addFiles(order.show, store);
  }
  if ('pin' in order) return pin(order.pin, store);
  if ('follow' in order) {
    const entry = wallOf(store.state()).entries.find(({ id }) => id === order.follow);
    return entry && follow(entry, store);
  }
  if ('handIn' in order) return save(`${name}-hand.json`, order.handIn, 'application/json');
  const kind = `${wallOf(store.state()).example ? 'example-class' : 'class'}${order.of ? `-${order.of}` : ''}`;
  return save(`${name}-${kind}.csv`, order.table, 'text/csv');
}

const answered = (store: Store) => {
  const asked = store.state().notices.find(({ about }) => about === 'file');
  if (asked) store.dispatch({ type: 'dismiss', id: asked.id });
};

function question(files: readonly File[]): PageEvent {
  const order = (wall: WallOrder): PageEvent => ({ type: 'command', command: { wall } });
  const all = files.length <= MOST_PINS;
  const pins = all ? `Pin all ${WORDS[files.length] ?? ''}`.trim() : 'Pin the first four';
  const text = 'The class wall ranks run files by a goal; pins compare them here.';
  return noticeEvent(
    'file',
    'plain',
    `${plural(files.length, 'file')} were dropped.`,
    [text],
    [
      ['Open the class wall', order({ show: files })],
      [pins, order({ pin: files.slice(0, MOST_PINS) })],
    ],
  );
}

const MOST_PINS = 4;
const WORDS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 4: 'four' };

/** Pins the runs of files: trained again here, like the pins of a link. */
async function pin(files: readonly File[], store: Store): Promise<void> {
  answered(store);
  const { runs, left } = parted(await Promise.all(files.map(readOne)));
  const pins = runs.map(({ name, experiment }) => ({ own: name || null, experiment: withAutoRate(experiment) }));
  if (pins.length > 0) {
    store.dispatch({ type: 'compare', does: 'add', pins });
    store.dispatch(goTo('compare'));
  }
  if (left.length === 0) return;
  const texts = left.map(({ what, why }) => `${what} ${why}.`);
  const title = `${plural(left.length, 'file')} could not be pinned.`;
  store.dispatch(noticeEvent('file', 'bad', title, texts));
}

async function readOne(file: File): Promise<EntryReading> {
  if (file.size <= MAX_RUN_FILE_BYTES) return readHandIn(file.name, await file.text());
  return { what: fileWord(file.name), why: `is ${Math.round(file.size / 1e6)} MB; the limit for run files is 40 MB` };
}

/** One after the other: a file may have megabytes, and the page must respond between two of them. */
async function addFiles(files: readonly File[], store: Store): Promise<void> {
  const read: EntryReading[] = [];
  for (const file of files.slice(0, MOST_FILES)) {
    read.push(
      await readOne(file).catch((error: unknown) => ({
        what: fileWord(file.name),
        why: `cannot be read: ${String(error)}`,
      })),
    );
    await new Promise((next) => setTimeout(next));
  }
  if (files.length > MOST_FILES)
    read.push({ what: plural(files.length - MOST_FILES, 'more file'), why: 'were too many at a time' });
  await add(read, store, 'files');
}

function parted(read: readonly EntryReading[]) {
  return {
    runs: read.filter((one): one is HandInEntry => 'experiment' in one),
    hands: read.filter((one): one is HandFile => 'adapter' in one),
    left: read.filter((one): one is Omission => 'why' in one),
  };
}

/** Wall and answers share the hand-ins. */
const placeOfClass = ({ view }: View) => (view === 'answers' ? view : 'wall');

/** Shows the example class. */
async function rehearse(store: Store): Promise<void> {
  const { wall, experiment, view, drawing } = store.state();
  const before = wall?.example?.before ?? { wall, experiment, view, drawing };
  const { event } = await openLink(`${EXAMPLE_LINK}&view=${placeOfClass(view)}`);
  const { runs } = parted(readLinkLines(EXAMPLE_HAND_INS.join('\n')));
  store.dispatch(event);
  const example = { ...NO_WALL, ...withHandIns(NO_WALL, runs, []), links: runs.length, decides: 'link' as const };
  store.dispatch({ type: 'wall', wall: { ...example, example: { before, waits: [] } } });
}

/** Shows the example class of hands, whose adapters are trained here one after another. */
async function rehearseHands(store: Store): Promise<void> {
  const { wall, experiment, view, drawing } = store.state();
  const before = wall?.example?.before ?? { wall, experiment, view, drawing };
  const { event } = await openLink('#v=1&target=digits&adapt=hand&view=wall');
  store.dispatch(event);
  const example = { before, waits: [], hands: EXAMPLE_NAMES.length };
  store.dispatch({ type: 'wall', wall: { ...NO_WALL, decides: 'link', example } });
  await trainExampleHands(store);
}

/** Back to the lab before the example class, which the reducers drop; `view`: another place in it. */
function leave(store: Store, view: Partial<View> = {}): void {
  const before = wallOf(store.state()).example?.before;
  if (!before) return;
  const { experiment, drawing } = before;
  const preset = presetOf(experiment, false);
  const opened = { experiment, drawing, preset, view: { ...before.view, ...view }, notices: [] };
  store.dispatch({ type: 'opened', ...opened, fromAddress: true });
}

async function add(read: readonly EntryReading[], store: Store, from: 'files' | 'links'): Promise<void> {
  const { runs, hands, left } = parted(read);
  if (runs.length + hands.length > 0) leave(store, { view: placeOfClass(store.state().view) });
  const [first] = runs;
  // Without a class link the first run sets target and locks.
  if (first && wallOf(store.state()).decides === null) await follow(first, store);
  const state = store.state();
  const wall = wallOf(state);
  const standings = standingsOf(wall.entries, state, readGoal(state.view.goal).goal);
  const unplaced = new Set(standings.filter(({ kind }) => kind === 'unplaced').map(({ entry }) => entry.id));
  const came = { [from]: wall[from] + read.length };
  const next = { ...wall, ...withHandIns(wall, runs, left, unplaced), ...came, removed: [], removedHand: null };
  const written = withHands(next.hands, hands, next.lastId);
  store.dispatch({ type: 'wall', wall: { ...next, ...written, left: [...next.left, ...written.left] } });
}

/** The wall adopts a run's target and locks and, if it has none yet, its goal. */
async function follow({ link, view: own, name }: HandInEntry, store: Store): Promise<void> {
  const { event } = await openLink(link);
  const { view } = store.state();
  const { lock, show, title, task, handin } = own;
  const goal = view.goal === '' ? own.goal : view.goal;
  const asks = isExercise(own) ? { lock, show, title, task, handin } : {};
  store.dispatch({ ...event, view: { ...view, ...asks, goal }, notices: [], preset: null, fromAddress: true });
  const decides = { first: name || 'the first run' };
  store.dispatch({ type: 'wall', wall: { ...wallOf(store.state()), decides } });
}
