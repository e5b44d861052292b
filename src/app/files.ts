import { quote } from '../experiment/link/faults.ts';
import { decodeHeld, type HeldDrawings, sizeFault } from '../experiment/matrix-file/decode-data.ts';
import { HAND_FORMAT, MOST_CHARACTERS, readHandFile } from '../experiment/network/hands/hand-file.ts';
import { readRunFile } from '../experiment/run-file/read-run-file.ts';
import { MAX_RUN_FILE_BYTES, RUN_FORMAT } from '../experiment/run-file/run-file.ts';
import { change, defaults } from '../experiment/settings/experiment.ts';
import { defaultView } from '../experiment/settings/view.ts';
import { targets } from '../experiment/targets/index.ts';
import { isOwnMatrix } from '../experiment/targets/target.ts';
import { COLLECTION_FORMAT, MAX_COLLECTION_BYTES } from '../state/collection/collection.ts';
import type { PageEvent } from '../state/events.ts';
import { noticeEvent } from '../state/notices.ts';

export function save(name: string, content: Blob | string, type = 'text/plain'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function refused(name: string, why: string): PageEvent {
  const title = `${quote(name, 60) || 'The file'} could not be opened.`;
  return noticeEvent('file', 'bad', title, [why, 'Nothing on the page has changed.']);
}

/** A run file names its format within these first bytes. */
const HEAD = 4096;

/** By its content: a JSON object without a matrix in "data". */
async function isRunFile(file: File): Promise<boolean> {
  const head = await headOf(file);
  if (!/^\ufeff?\s*\{/.test(head)) return false;
  if (head.includes(`"${RUN_FORMAT}"`) || file.size > MAX_RUN_FILE_BYTES) return true;
  const text = await file.text();
  return text.includes(`"${RUN_FORMAT}"`) || !text.includes('"data"');
}

const headOf = (file: File) => file.slice(0, HEAD).text();

/** Whether a file names a format of this page: a run, experiments, a hand. */
export const isOwnFile = (file: File): Promise<boolean> =>
  headOf(file).then(
    (head) => head.includes('"lora-explorer/'),
    () => false,
  );

/** `held`: the matrices that the page has, of which a run file may hold the name alone. */
export async function openFile(file: File, held?: HeldDrawings): Promise<PageEvent> {
  if ((await headOf(file)).includes(`"${COLLECTION_FORMAT}"`)) {
    if (file.size > MAX_COLLECTION_BYTES) return refused(file.name, 'It is too large for a file of experiments.');
    return { type: 'command', command: { mine: { read: await file.text() } } };
  }
  if ((await headOf(file)).includes(`"${HAND_FORMAT}"`)) return openHand(file);
  if (!(await isRunFile(file))) return { type: 'command', command: { bring: file } };
  if (file.size > MAX_RUN_FILE_BYTES)
    return refused(file.name, `It is ${Math.round(file.size / 1e6)} MB; the limit for run files is 40 MB.`);
  return openText(file.name, await file.text(), held);
}

/** Somebody's hand as it is handed in: in the Lab it is read beside the visitor's own. */
async function openHand(file: File): Promise<PageEvent> {
  const hand = readHandFile((await file.slice(0, 4 * MOST_CHARACTERS).text()).replace(/^\ufeff/, ''));
  if ('fault' in hand) return refused(file.name, `It cannot be read: ${hand.fault}.`);
  return {
    type: 'opened',
    experiment: change(defaults(), { target: 'digits', adapt: 'hand' }),
    view: { ...defaultView(), hand: hand.text, by: hand.name },
    handTest: hand.sets?.test,
    ...{ drawing: null, notices: [], preset: null },
  };
}

export async function openText(name: string, text: string, held?: HeldDrawings): Promise<PageEvent> {
  try {
    const record = readRunFile(text);
    const { data, target } = record.experiment;
    const decoded = data === '' ? null : await decodeHeld(data, held);
    if (decoded && 'fault' in decoded) return refused(name, `link: data must be ${decoded.fault}.`);
    if (isOwnMatrix(targets.byName(target))) {
      if (!decoded) return refused(name, 'link: data is missing; it would hold the matrix of this run.');
      const odd = sizeFault(record.experiment, decoded.drawing);
      if (odd) return refused(name, `link: ${odd}; they must agree.`);
    }
    return { type: 'recorded', run: record, drawing: decoded?.drawing ?? null, notices: [] };
  } catch (error) {
    return refused(name, error instanceof Error ? error.message : String(error));
  }
}

export async function pickFile(): Promise<File | null> {
  const [file] = await picked('.json,.csv,.tsv,.txt,.npy,application/json,image/*', false);
  return file ?? null;
}

export const pickFiles = (): Promise<readonly File[]> => picked('.json,application/json', true);

function picked(accept: string, multiple: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    Object.assign(input, { type: 'file', accept, multiple });
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
