import { faultTexts, quote } from '../../experiment/link/faults.ts';
import { type LinkFault, parseLink, writeLink } from '../../experiment/link/link.ts';
import { decodeHand } from '../../experiment/network/hand-adapter.ts';
import { HAND_FORMAT, type HandFile, readHandFile } from '../../experiment/network/hands/hand-file.ts';
import { type AnswerSheet, readAnswers } from '../../experiment/plan/answers.ts';
import { RunFileFault } from '../../experiment/run-file/json-checks.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import { RUN_FORMAT } from '../../experiment/run-file/run-file.ts';
import { errorRecord, type RunRecord } from '../../experiment/run-file/run-record.ts';
import { isHand } from '../../experiment/settings/bounds.ts';

import type { Experiment } from '../../experiment/settings/params.ts';
import { defaultView, isViewKey, type View } from '../../experiment/settings/view.ts';

export interface HandInEntry {
  /** Empty if unknown. */
  readonly name: string;
  readonly experiment: Experiment;
  /** Goal, locks and texts of its link. */
  readonly view: View;
  readonly link: string;
  /** First answers to the questions of lessons. */
  readonly answers: readonly AnswerSheet[];
  /** Unchecked content of its run file; null for a link, which claims nothing. */
  readonly claim: RunRecord | null;
}

/** A file or line that was left out, and why: "holiday.jpg", "is not a run file". */
export interface Omission {
  readonly what: string;
  readonly why: string;
}

export type EntryReading = HandInEntry | HandFile | Omission;

const LONGEST_NAME = 24;
/** In characters; a file with a hand names its format within them. */
const HEAD = 200;
/** In characters, the longest text searched for links; a drawn target takes some thousand per line. */
const LONGEST_PASTE = 4_000_000;

export const fileWord = (name: string): string => quote(name, 40) || 'a file';

/** Reads a file that was handed in: hostile until checked. */
export function readHandIn(name: string, text: string): EntryReading {
  const what = fileWord(name);
  const called = quote(name.replace(/\.[^.]*$/, ''), LONGEST_NAME);
  if (text.slice(0, HEAD).includes(HAND_FORMAT)) {
    const hand = readHandFile(text.replace(/^\ufeff/, ''));
    return 'fault' in hand ? { what, why: `cannot be read: ${hand.fault}` } : { ...hand, name: hand.name || called };
  }
  if (!/^\ufeff?\s*\{/.test(text) || !text.includes(RUN_FORMAT)) return { what, why: 'is not a run file' };
  try {
    const record = readRunFile(text.replace(/^\ufeff/, ''));
    return handedIn(record.experiment, record.view, called, errorRecord(record));
  } catch (error) {
    if (!(error instanceof RunFileFault)) throw error;
    return { what, why: `cannot be read: ${error.message.replace(/\.$/, '')}` };
  }
}

/** An unknown key, one without effect, or a view key does not change the run. */
const isHarmless = (fault: LinkFault) =>
  fault.kind === 'unknown' ||
  fault.kind === 'inactive' ||
  ('key' in fault && isViewKey(fault.key) && fault.key !== 'hand');

/** Reads links, one per line; text before a link is a name. Empty lines do not count. */
export function readLinkLines(text: string): readonly EntryReading[] {
  if (text.length > LONGEST_PASTE) return [{ what: 'The text', why: 'is too long; paste fewer links at a time' }];
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const clean = line.trim();
    return clean === '' ? [] : [readLine(clean, `line ${i + 1}`)];
  });
}

function readLine(line: string, what: string): EntryReading {
  const at = line.indexOf('#');
  const fragment = at >= 0 ? line.slice(at) : /^v=\d/.test(line) ? line : null;
  if (fragment === null || !/^#?(.*&)?v=/.test(fragment.slice(0, 2000)))
    return { what, why: `is not a link of this page (${quote(line, 30)})` };
  const { experiment, view, faults } = parseLink(fragment);
  const wrong = faults.filter((fault) => !isHarmless(fault));
  if (wrong.length > 0)
    return { what, why: `cannot be used: ${(faultTexts(wrong, 1)[0] ?? '').replace(/; using [^;]*$|\.$/, '')}` };
  const begins = /https?:|file:|#|v=/.exec(line)?.index ?? 0;
  const front = line.slice(0, begins).replace(/[\s:,;–-]+$/, '');
  const name = front.includes('/') ? '' : quote(front, LONGEST_NAME);
  if (!isHand(experiment) || view.hand === '') return handedIn(experiment, view, name, null);
  const decoded = decodeHand(view.hand);
  if ('fault' in decoded) return { what, why: `holds an adapter that cannot be read: ${decoded.fault}` };
  return { name: view.by.trim() || name, text: view.hand, adapter: decoded.adapter, sets: null };
}

function handedIn(experiment: Experiment, view: View, otherwise: string, claim: HandInEntry['claim']): HandInEntry {
  const name = view.by.trim() || otherwise.trim();
  const { goal, lock, show, title, task, handin } = view;
  const own = { ...defaultView(), by: name.slice(0, LONGEST_NAME) };
  return {
    name,
    experiment,
    view: { ...own, goal, lock, show, title, task, handin },
    link: writeLink(experiment, own, null),
    answers: readAnswers(view.answers),
    claim,
  };
}
