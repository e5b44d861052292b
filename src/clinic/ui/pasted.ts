import { count } from '../../experiment/numbers.ts';
import type { Diagnosis } from '../reader/diagnose.ts';
import type { Tool } from '../reader/fields.ts';
import { MAX_TEXT } from '../reader/read.ts';

export interface Pasted {
  readonly text: string;
  /** Null: not looked at since it was changed. */
  readonly found: PasteReading | { readonly kind: 'looking' } | null;
}

/** `failed`: there is no answer, and the same text may be looked at again. */
type PasteReading = Diagnosis | { readonly kind: 'failed'; readonly why: string };

/** Never rejects. Null if aborted: the text has changed. */
export type TextReader = (text: string, wanted: AbortSignal) => Promise<PasteReading | null>;

/** Bytes of a file that is read as text: more than the reader takes, so that it can say so. */
const MOST_BYTES = 2_000_000;

export const UP_TO = `Up to ${count(MAX_TEXT)} characters are read.`;

/** Kept on the way to a complaint and back while the page is open, and nowhere else: neither stored nor in a link. */
let kept: Pasted = { text: '', found: null };
let reading = new AbortController();
const listeners = new Set<() => void>();

export const pastedNow = (): Pasted => kept;

export function subscribePasted(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The trainer whose config or command was pasted and read; null: none. */
export function pastedTool(): Tool | null {
  return kept.found?.kind === 'read' ? kept.found.tool : null;
}

/** Whoever is still reading an earlier text stops. */
export function changePasted(next: Pasted): AbortSignal {
  reading.abort();
  reading = new AbortController();
  put(next);
  return reading.signal;
}

function put(next: Pasted): void {
  kept = next;
  for (const listener of listeners) listener();
}

export const refusePaste = (why: string): AbortSignal =>
  changePasted({ text: kept.text, found: { kind: 'refused', why } });

/** The answer comes even if the panel has gone by then, and not if the text is another by then. */
export async function lookAtText(read: TextReader): Promise<void> {
  const { text, found } = kept;
  // An answer holds until the text changes, and so does the refusal of a paste that never reached the field.
  if (found && found.kind !== 'failed') return;
  const wanted = changePasted({ text, found: { kind: 'looking' } });
  const answer = await read(text, wanted);
  if (answer && !wanted.aborted) put({ text, found: answer });
}

/** Several files are one text: a config and its log. */
export async function lookAtFiles(files: readonly File[], read: TextReader): Promise<void> {
  const wanted = changePasted({ text: kept.text, found: { kind: 'looking' } });
  const text = await textOf(files);
  if (wanted.aborted) return;
  if (typeof text !== 'string') return put({ text: '', found: text });
  const found = await read(text, wanted);
  if (!found || wanted.aborted) return;
  // A text that is refused is not shown: a field of millions of characters takes seconds.
  put({ text: found.kind !== 'read' && (text.includes('\0') || text.length > MAX_TEXT) ? '' : text, found });
}

async function textOf(files: readonly File[]): Promise<string | Extract<Diagnosis, { readonly kind: 'refused' }>> {
  const refusal = (why: string) => ({ kind: 'refused', why }) as const;
  const large = files.find(({ size }) => size > MOST_BYTES);
  if (large) return refusal(`${large.name} has ${Math.round(large.size / 1e6)} MB. ${UP_TO}`);
  const texts = await Promise.all(files.map((file) => file.text())).catch(() => null);
  if (!texts) return refusal('One of these could not be read. Of a folder, drop the files.');
  return texts.map((one) => one.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')).join('\n\n');
}
