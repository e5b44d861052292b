import { LONGEST_READ, parseLink, writeLink } from '../../experiment/link/link.ts';
import { deflated, fromBase64Url, inflated, toBase64Url } from '../../experiment/link/packed.ts';
import { isSmallMatrix, type SmallMatrix } from '../../experiment/recorded/small-picture.ts';
import { array, fail, object, parseJson, RunFileFault, shown } from '../../experiment/run-file/json-checks.ts';
import { seen, withoutSteering } from '../../experiment/settings/kinds.ts';

/** An experiment that a person has kept: a link with a title, a note and a picture of what came out. */
export interface OwnExperiment {
  readonly title: string;
  /** One line; may be empty. */
  readonly note: string;
  /** The fragment that it opens, with its #. */
  readonly link: string;
  /** Null where it was kept before it was trained, or came by a link, which has no room for it. */
  readonly picture: SmallMatrix | null;
}

export const LONGEST_TITLE = 60;
export const LONGEST_NOTE = 200;
export const MOST_KEPT = 200;
/** Characters of the largest file that is read. */
export const LARGEST_COLLECTION = 12e6;

export const COLLECTION_FORMAT = 'lora-explorer/experiments';
const VERSION = 1;

/** One line without characters that steer others, of at most so many characters. */
export function lineOf(text: string, longest: number): string {
  const line = withoutSteering(text, ' ').replace(/ {2,}/g, ' ').trim();
  return seen([...line].slice(0, longest).join(''));
}

/** All of them as a file that people can read too. */
export function writeCollection(experiments: readonly OwnExperiment[]): string {
  return `${JSON.stringify({ format: COLLECTION_FORMAT, version: VERSION, experiments }, null, 1)}\n`;
}

export type ReadCollection =
  | {
      readonly experiments: readonly OwnExperiment[];
      /** What was left out, and why. */
      readonly left: readonly string[];
    }
  | { readonly fault: string };

/**
 * Reads such a file, or what the browser has kept. It is hostile until checked: an experiment whose link cannot be opened
 * is left out, and every link is written anew from what the link parser has read.
 */
export function readCollection(text: string): ReadCollection {
  if (text.length > LARGEST_COLLECTION)
    return { fault: `It is longer than ${LARGEST_COLLECTION / 1e6} million characters.` };
  const parsed = parseJson(text);
  if ('fault' in parsed) return { fault: `It is not JSON: ${parsed.fault}.` };
  try {
    const file = object(parsed.value, 'the file');
    if (file.format !== COLLECTION_FORMAT) fail(`format: must be "${COLLECTION_FORMAT}", found ${shown(file.format)}.`);
    if (file.version !== VERSION) fail(`version: must be ${VERSION}, found ${shown(file.version)}.`);
    return checkedExperiments(file.experiments);
  } catch (error) {
    if (error instanceof RunFileFault) return { fault: error.message };
    throw error;
  }
}

/** The experiments in a list from outside; throws a RunFileFault where it is none. */
export function checkedExperiments(value: unknown): Exclude<ReadCollection, { fault: string }> {
  const experiments: OwnExperiment[] = [];
  const left: string[] = [];
  for (const [i, entry] of array(value, 'experiments', MOST_KEPT).entries()) {
    const checked = checkedExperiment(entry);
    if ('why' in checked) left.push(`Experiment ${i + 1}: ${checked.why}`);
    else experiments.push(checked);
  }
  return { experiments, left };
}

function checkedExperiment(entry: unknown): OwnExperiment | { readonly why: string } {
  if (typeof entry !== 'object' || entry === null) return { why: `expected an object, found ${shown(entry)}.` };
  const { title, note, link, picture } = entry as Record<string, unknown>;
  if (typeof link !== 'string' || link.length > LONGEST_READ)
    return { why: `its link must be a text of at most ${LONGEST_READ.toLocaleString('en')} characters.` };
  const { experiment, view, faults } = parseLink(link);
  const bad = faults.find(({ kind }) => kind === 'version' || kind === 'too-long' || kind === 'no-version');
  if (bad) return { why: 'its link is not one of this page.' };
  const named = typeof title === 'string' ? lineOf(title, LONGEST_TITLE) : '';
  return {
    title: named === '' ? 'Untitled' : named,
    note: typeof note === 'string' ? lineOf(note, LONGEST_NOTE) : '',
    link: writeLink(experiment, { ...view, experiments: '' }, null),
    picture: isSmallMatrix(picture) ? only(picture) : null,
  };
}

/** Nothing beside what a small matrix has. */
const only = ({ rows, cols, cells, look }: SmallMatrix): SmallMatrix => ({ rows, cols, cells, look });

/** With more at the end, none that is there already; `left`: for how many there was no room. */
export function withMore(
  list: readonly OwnExperiment[],
  more: readonly OwnExperiment[],
): { readonly list: readonly OwnExperiment[]; readonly left: number } {
  const keyOf = ({ title, note, link }: OwnExperiment) => JSON.stringify([title, note, link]);
  const known = new Set(list.map(keyOf));
  const fresh = more.filter((one) => !known.has(keyOf(one)) && known.add(keyOf(one)));
  const room = Math.max(0, MOST_KEPT - list.length);
  return { list: [...list, ...fresh.slice(0, room)], left: Math.max(0, fresh.length - room) };
}

/** The experiment at a place moved up (−1) or down (1). */
export function moved(list: readonly OwnExperiment[], from: number, by: -1 | 1): readonly OwnExperiment[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const after = [...list];
  [after[from], after[to]] = [after[to], after[from]];
  return after;
}

/** Bytes of the longest list that a link may hold, unpacked. */
const LARGEST_IN_LINK = 400_000;

/** A list of experiments as the text of a link's `experiments`: without their pictures, deflated, base64url. */
export async function packCollection(experiments: readonly OwnExperiment[]): Promise<string> {
  const rows = experiments.map(({ title, note, link }) => [title, note, link]);
  return toBase64Url(await deflated(new TextEncoder().encode(JSON.stringify(rows))));
}

/** Reads that text, which may come from anywhere: cut off, garbage, or a bomb. */
export async function unpackCollection(text: string): Promise<ReadCollection> {
  try {
    const bytes = await inflated(fromBase64Url(text), LARGEST_IN_LINK);
    const parsed = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if ('fault' in parsed) return { fault: 'It is damaged or cut off.' };
    const { value } = parsed;
    const entries = Array.isArray(value)
      ? value.map((row: unknown) => (Array.isArray(row) ? { title: row[0], note: row[1], link: row[2] } : row))
      : value;
    return checkedExperiments(entries);
  } catch (error) {
    if (error instanceof RunFileFault) return { fault: error.message };
    return { fault: 'It is damaged or cut off.' };
  }
}
