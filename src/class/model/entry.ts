import { faultTexts, quoted } from '../../experiment/link/faults.ts';
import { type LinkFault, parseLink, writeLink } from '../../experiment/link/link.ts';
import { RunFileFault } from '../../experiment/run-file/json-checks.ts';
import { readRunFile } from '../../experiment/run-file/read-run-file.ts';
import { RUN_FORMAT, type Status } from '../../experiment/run-file/run-file.ts';
import { usualView } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Change } from '../../experiment/settings/tuned.ts';
import { isViewKey, type View } from '../../experiment/settings/view.ts';

/** What a run file says of its run; nobody has checked it. */
export interface Claim {
  /** Relative errors from step 0 on; null where the file knows none. */
  readonly errors: Float64Array | null;
  readonly status: Status;
  readonly backend: string;
  readonly device: string;
  /** Settings that were changed while it trained. */
  readonly changes: readonly Change[];
}

/** A run that was handed in. */
export interface HandedIn {
  /** Empty where nobody said whose it is. */
  readonly name: string;
  readonly experiment: Experiment;
  /** Goal, locks and texts that came with it. */
  readonly view: View;
  /** Its settings and name as a link. */
  readonly link: string;
  /** Null for a link, which claims nothing. */
  readonly claim: Claim | null;
}

/** What was left out, and why: "holiday.jpg", "is not a run file". */
export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

export type ReadEntry = HandedIn | LeftOut;

const LONGEST_NAME = 24;
/** Longest text that is looked at in search of links, in characters; a drawn target takes some thousand a line. */
const LONGEST_PASTE = 4_000_000;

/** The name of a file as it is shown. */
export const fileWord = (name: string): string => quoted(name, 40) || 'a file';

/** Reads the text of a file that was handed in; it is hostile until checked. */
export function readFile(name: string, text: string): ReadEntry {
  const what = fileWord(name);
  if (!/^\ufeff?\s*\{/.test(text) || !text.includes(RUN_FORMAT)) return { what, why: 'is not a run file' };
  try {
    const { experiment, view, series, status, backend, device, changes } = readRunFile(text.replace(/^\ufeff/, ''));
    const claim = { errors: series.relativeError ?? null, status, backend, device, changes };
    return handedIn(experiment, view, quoted(name.replace(/\.[^.]*$/, ''), LONGEST_NAME), claim);
  } catch (error) {
    if (!(error instanceof RunFileFault)) throw error;
    return { what, why: `cannot be read: ${error.message.replace(/\.$/, '')}` };
  }
}

/** What is unknown, has no effect or is about how a run is looked at does not change the run. */
const isHarmless = (fault: LinkFault) =>
  fault.kind === 'unknown' || fault.kind === 'inactive' || ('key' in fault && isViewKey(fault.key));

/** Reads links, one a line; what stands in front of a link is a name. Empty lines do not count. */
export function readLines(text: string): readonly ReadEntry[] {
  if (text.length > LONGEST_PASTE) return [{ what: 'The text', why: 'is too long; paste fewer links at a time' }];
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const clean = line.trim();
    return clean === '' ? [] : [readLine(clean, `line ${i + 1}`)];
  });
}

function readLine(line: string, what: string): ReadEntry {
  const at = line.indexOf('#');
  const fragment = at >= 0 ? line.slice(at) : /^v=\d/.test(line) ? line : null;
  if (fragment === null || !/^#?(.*&)?v=/.test(fragment.slice(0, 2000)))
    return { what, why: `is not a link of this page (${quoted(line, 30)})` };
  const { experiment, view, faults } = parseLink(fragment);
  const wrong = faults.filter((fault) => !isHarmless(fault));
  if (wrong.length > 0)
    return { what, why: `cannot be used: ${(faultTexts(wrong, 1)[0] ?? '').replace(/; using [^;]*$|\.$/, '')}` };
  const begins = /https?:|file:|#|v=/.exec(line)?.index ?? 0;
  const front = line.slice(0, begins).replace(/[\s:,;–-]+$/, '');
  return handedIn(experiment, view, front.includes('/') ? '' : quoted(front, LONGEST_NAME), null);
}

function handedIn(experiment: Experiment, view: View, otherwise: string, claim: Claim | null): HandedIn {
  const name = view.by.trim() || otherwise.trim();
  const { goal, lock, show, title, task, handin } = view;
  const own = { ...usualView(), by: name.slice(0, LONGEST_NAME) };
  return {
    name,
    experiment,
    view: { ...own, goal, lock, show, title, task, handin },
    link: writeLink(experiment, own, null),
    claim,
  };
}
