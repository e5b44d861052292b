import { listed } from '../../experiment/numbers.ts';
import { MAX_RUN_FILE_BYTES, type NumberRows } from '../../experiment/run-file/run-file.ts';
import type { NewNotice } from '../events.ts';
import { newNotice } from '../notices.ts';
import type { Run } from '../run/run.ts';
import {
  entriesOf,
  fileWithLists,
  type ListName,
  type Lists,
  layerCount,
  listsOf,
  type YieldTask,
} from './run-file.ts';

/** Placeholder of a long list in the text: no link and no device name contains this character. */
const MARK = '\u0001';
/** Estimated characters of a float32 as a JSON number. */
const CHARACTERS = 20;

export interface RunText {
  readonly pieces: readonly string[];
  /** Total characters: equal to bytes, except for names in other scripts. */
  readonly length: number;
  /** Lists that are left out because the link rebuilds them, in words: "W₀". */
  readonly leftOut: readonly string[];
}

/**
 * The run file as text, in pieces that are made in slices, because a whole list would block the page. W₀, ΔW*, samples
 * and batches are left out if `all` is false or if the file would exceed `max` characters and could not be read again:
 * the link rebuilds them. Null before the matrices exist.
 */
export async function runTextOf(
  run: Run,
  app: string,
  all: boolean,
  breathe: YieldTask,
  max = MAX_RUN_FILE_BYTES,
): Promise<RunText | null> {
  const { ready } = run;
  if (!ready) return null;
  const whole = all ? await piecesOf(run, ready, app, listsOf(run, ready, true), breathe, max) : null;
  return whole ?? piecesOf(run, ready, app, listsOf(run, ready, false), breathe, Number.POSITIVE_INFINITY);
}

/** Null if it would exceed `max` characters. */
async function piecesOf(
  run: Run,
  ready: NonNullable<Run['ready']>,
  app: string,
  lists: ReturnType<typeof listsOf>,
  breathe: YieldTask,
  max: number,
): Promise<RunText | null> {
  const places: Lists<() => NumberRows> = {};
  const names = new Map<unknown, ListName>();
  for (const [name] of entriesOf(lists)) {
    const place: NumberRows = [];
    places[name] = () => place;
    names.set(place, name);
  }
  const marked = (_: string, value: unknown) => (names.has(value) ? MARK + names.get(value) : value);
  const text = JSON.stringify(fileWithLists(run, ready, app, places), marked);
  const pieces: string[] = [];
  let length = text.length;
  // Odd parts are names of lists.
  for (const [i, part] of text.split(/"\\u0001(\w+)"/).entries()) {
    const list = i % 2 === 1 && lists[part as ListName];
    if (!list) pieces.push(part);
    else {
      let before = '[';
      for (const slice of list.slices()) {
        const rows = JSON.stringify(slice).slice(1, -1);
        length += rows.length + 1;
        if (length > max) return null;
        pieces.push(before, rows);
        before = ',';
        await breathe();
      }
      pieces.push(before === '[' ? '[]' : ']');
    }
  }
  return { pieces, length, leftOut: leftOut(run, ready, lists) };
}

/** Optional lists of a file, and the runs that have them. */
const REBUILT = [
  { list: 'base', words: 'W₀', of: () => true },
  { list: 'target', words: 'ΔW*', of: ({ network }: ReadyLists) => !network },
  { list: 'X', words: 'the samples', of: ({ samples }: ReadyLists) => Boolean(samples) },
  { list: 'oldX', words: 'the examples', of: ({ network }: ReadyLists) => Boolean(network) },
  { list: 'batches', words: 'the batches', of: ({ samples }: ReadyLists) => Boolean(samples) },
] as const;

type ReadyLists = NonNullable<Run['ready']>;

function leftOut(run: Run, ready: ReadyLists, lists: ReturnType<typeof listsOf>): string[] {
  const layers = Array.from({ length: layerCount(run, ready) }, (_, i) => i);
  const isThere = (list: (typeof REBUILT)[number]['list']) =>
    list === 'base' || list === 'target' ? layers.every((i) => lists[`${list}${i}`]) : lists[list];
  return REBUILT.filter(({ list, of }) => of(ready) && !isThere(list)).map(({ words }) => words);
}

/** Whether the text of a run is too long to be read again even without the lists that its link rebuilds. */
export function isTooLong({ ready, experiment }: Run): boolean {
  if (!ready) return false;
  const factors = ready.modules.reduce((sum, { A, B, method }) => sum + (method ? B.length : A.length + B.length), 0);
  return CHARACTERS * 2 * factors + 2 * experiment.data.length > MAX_RUN_FILE_BYTES;
}

export function savedNotice({ length, leftOut }: RunText): NewNotice | null {
  const max = MAX_RUN_FILE_BYTES / 1e6;
  if (length > MAX_RUN_FILE_BYTES)
    return newNotice('file', 'bad', `The run file is ${Math.round(length / 1e6)} MB.`, [
      `That is above the ${max} MB that this page can open. Scripts can read it, and its link gives the same run again.`,
    ]);
  if (leftOut.length === 0) return null;
  return newNotice('file', 'brief', `The run file was saved without ${listed(leftOut)}.`, [
    'They would make it too large. Its link rebuilds them bit for bit, so the file still opens here and training can continue.',
  ]);
}
