import { deflate, fromBase64Url, inflate, toBase64Url } from '../../experiment/link/deflate.ts';
import { MAX_FRAGMENT, parseLink, writeLink } from '../../experiment/link/link.ts';
import { isSmallMatrix, type SmallMatrix } from '../../experiment/recorded/small-picture.ts';
import { array, fail, jsonText, object, parseJson, RunFileFault } from '../../experiment/run-file/json-checks.ts';
import { cleanText, nonBlankText } from '../../experiment/settings/kinds.ts';

/** A saved experiment: a link with a title, a note and a picture of the result. */
export interface OwnExperiment {
  readonly title: string;
  readonly note: string;
  readonly link: string;
  /** Null if saved before training, or read from a link, which has no space for it. */
  readonly picture: SmallMatrix | null;
}

export const MAX_TITLE_LENGTH = 60;
export const MAX_NOTE_LENGTH = 200;
export const MAX_EXPERIMENTS = 200;
/** Largest file that is read, in characters. */
export const MAX_COLLECTION_BYTES = 12e6;

export const COLLECTION_FORMAT = 'lora-explorer/experiments';
const VERSION = 1;

/** One line of at most `longest` characters, without control characters that affect their neighbours. */
export function singleLine(text: string, longest: number): string {
  const line = cleanText(text, ' ').replace(/ {2,}/g, ' ').trim();
  return nonBlankText([...line].slice(0, longest).join(''));
}

export function writeCollection(experiments: readonly OwnExperiment[]): string {
  return `${JSON.stringify({ format: COLLECTION_FORMAT, version: VERSION, experiments }, null, 1)}\n`;
}

export type CollectionReading =
  | {
      readonly experiments: readonly OwnExperiment[];
      readonly left: readonly string[];
    }
  | { readonly fault: string };

/** Reads a file or the browser's storage, both untrusted: links are rewritten, and unreadable ones left out. */
export function readCollection(text: string): CollectionReading {
  if (text.length > MAX_COLLECTION_BYTES)
    return { fault: `It is longer than ${MAX_COLLECTION_BYTES / 1e6} million characters.` };
  const parsed = parseJson(text);
  if ('fault' in parsed) return { fault: `It is not JSON: ${parsed.fault}.` };
  try {
    const file = object(parsed.value, 'the file');
    if (file.format !== COLLECTION_FORMAT)
      fail(`format: must be "${COLLECTION_FORMAT}", found ${jsonText(file.format)}.`);
    if (file.version !== VERSION) fail(`version: must be ${VERSION}, found ${jsonText(file.version)}.`);
    return checkExperiments(file.experiments);
  } catch (error) {
    if (error instanceof RunFileFault) return { fault: error.message };
    throw error;
  }
}

/** The experiments in a list from outside; throws a RunFileFault if it is not a list of experiments. */
export function checkExperiments(value: unknown): Exclude<CollectionReading, { fault: string }> {
  const experiments: OwnExperiment[] = [];
  const left: string[] = [];
  for (const [i, entry] of array(value, 'experiments', MAX_EXPERIMENTS).entries()) {
    const checked = checkExperiment(entry);
    if ('why' in checked) left.push(`Experiment ${i + 1}: ${checked.why}`);
    else experiments.push(checked);
  }
  return { experiments, left };
}

function checkExperiment(entry: unknown): OwnExperiment | { readonly why: string } {
  if (typeof entry !== 'object' || entry === null) return { why: `expected an object, found ${jsonText(entry)}.` };
  const { title, note, link, picture } = entry as Record<string, unknown>;
  if (typeof link !== 'string' || link.length > MAX_FRAGMENT)
    return { why: `its link must be a text of at most ${MAX_FRAGMENT.toLocaleString('en')} characters.` };
  const { experiment, view, faults } = parseLink(link);
  const bad = faults.find(({ kind }) => kind === 'version' || kind === 'too-long' || kind === 'no-version');
  if (bad) return { why: 'its link is not one of this page.' };
  const named = typeof title === 'string' ? singleLine(title, MAX_TITLE_LENGTH) : '';
  return {
    title: named === '' ? 'Untitled' : named,
    note: typeof note === 'string' ? singleLine(note, MAX_NOTE_LENGTH) : '',
    link: writeLink(experiment, { ...view, experiments: '' }, null),
    picture: isSmallMatrix(picture) ? only(picture) : null,
  };
}

/** Only the fields of a small matrix. */
const only = ({ rows, cols, cells, look }: SmallMatrix): SmallMatrix => ({ rows, cols, cells, look });

const keyOf = ({ title, note, link }: OwnExperiment) => JSON.stringify([title, note, link]);

/** A list that was `before` when it was changed here, with what another tab has added to the stored one since then. */
export function withOthers(
  list: readonly OwnExperiment[],
  before: readonly OwnExperiment[],
  stored: readonly OwnExperiment[],
): readonly OwnExperiment[] {
  const known = new Set(before.map(keyOf));
  const others = stored.filter((one) => !known.has(keyOf(one)));
  return withAdditions(list, others).list;
}

/** Appends those that are not in the list yet; `left`: the number for which there was no space. */
export function withAdditions(
  list: readonly OwnExperiment[],
  more: readonly OwnExperiment[],
): { readonly list: readonly OwnExperiment[]; readonly left: number } {
  const known = new Set(list.map(keyOf));
  const fresh = more.filter((one) => !known.has(keyOf(one)) && known.add(keyOf(one)));
  const room = Math.max(0, MAX_EXPERIMENTS - list.length);
  return { list: [...list, ...fresh.slice(0, room)], left: Math.max(0, fresh.length - room) };
}

/** Moves the experiment at index `from` up (−1) or down (1). */
export function moveExperiment(list: readonly OwnExperiment[], from: number, by: -1 | 1): readonly OwnExperiment[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const after = [...list];
  [after[from], after[to]] = [after[to], after[from]];
  return after;
}

/** Largest list in a link, in bytes before compression. */
const LARGEST_IN_LINK = 400_000;

/** The text of a link's `experiments`: the list without its pictures, deflated, base64url. */
export async function packCollection(experiments: readonly OwnExperiment[]): Promise<string> {
  const rows = experiments.map(({ title, note, link }) => [title, note, link]);
  return toBase64Url(await deflate(new TextEncoder().encode(JSON.stringify(rows))));
}

/** Reads that text, which is untrusted: it may be cut off, garbage, or a decompression bomb. */
export async function unpackCollection(text: string): Promise<CollectionReading> {
  try {
    const bytes = await inflate(fromBase64Url(text), LARGEST_IN_LINK);
    const parsed = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if ('fault' in parsed) return { fault: 'It is damaged or cut off.' };
    const { value } = parsed;
    const entries = Array.isArray(value)
      ? value.map((row: unknown) => (Array.isArray(row) ? { title: row[0], note: row[1], link: row[2] } : row))
      : value;
    return checkExperiments(entries);
  } catch (error) {
    if (error instanceof RunFileFault) return { fault: error.message };
    return { fault: 'It is damaged or cut off.' };
  }
}
