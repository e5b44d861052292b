import { visibleText } from '../faults.ts';
import type { Adapter, Figures, Module, Warning } from '../model.ts';

export type MeasuredModule = readonly [module: Module, figures: Figures];

export interface FileKnowledge {
  readonly adapter: Adapter;
  readonly read: readonly MeasuredModule[];
  /** Of those, the ones with a spectrum that is not zero. */
  readonly moved: readonly MeasuredModule[];
}

export interface Check {
  /** Text if nothing was found, between commas; absent if there is nothing to report. */
  readonly passed?: string;
  readonly reads?: boolean;
  find(known: FileKnowledge): Warning | null;
  /** Whether `passed` holds if nothing was found; default: always. */
  holds?(known: FileKnowledge): boolean;
}

/** Whether every read module has a spectrum other than zero, so that a sentence about spectra holds for all. */
export const hasAllSpectra = ({ read }: FileKnowledge): boolean =>
  read.every(([, { finite, sigma }]) => !finite || sigma[0] > 0) && read.length > 0;

export const NO_CHANGE_TEXT = 'This adapter changes nothing.';

/** A module for a person: "layer 4 · attention q". */
export const moduleTitle = ({ place, name }: Module): string =>
  place ? `${place.layer} · ${`${place.group} ${place.type}`.trim()}` : shortName(name);

/** At the beginning of a sentence; a name stays as in the file. */
function sentenceTitle(module: Module): string {
  const title = moduleTitle(module);
  return module.place ? `${title[0].toUpperCase()}${title.slice(1)}` : title;
}

/** A name from a file, safe to show: its end, without invisible characters. */
export function shortName(name: string): string {
  const longest = 60;
  const end = name.length > longest ? `…${name.slice(-longest)}` : name;
  return visibleText(end);
}

/** The marks of a warning about some of the modules; one about all of them has none. */
export function marksOf(found: readonly Module[], { modules }: Adapter): Pick<Warning, 'modules' | 'acts'> {
  if (found.length === modules.length) return { modules: [], acts: [] };
  return { modules: indicesOf(found), acts: ['show'] };
}

export const indicesOf = (list: readonly Module[]) => list.map(({ index }) => index);

/** A sentence about one module by its name, or about many by their number. */
export const checkSentence = (found: readonly Module[], one: string, many: string) =>
  `${found.length === 1 ? `${sentenceTitle(found[0])} ${one}` : `${plural(found.length, 'module')} ${many}`}.`;

/** How often each value occurs, in the order of first occurrence. */
export function countsOf<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** "1 module", "1,024 modules". */
export const plural = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** Three digits: 6.65, 0.0123, 1,234. */
export function digits(x: number): string {
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e6)) {
    const [mantissa, power] = x.toExponential(2).split('e');
    return `${mantissa}·10${[...String(Number(power))].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('')}`;
  }
  return x.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** "80%", "0.4%", of a share up to 1; only the whole is 100%. */
export function percent(share: number): string {
  const of = 100 * share;
  return `${of >= 99 && of < 100 ? (Math.floor(of * 10) / 10).toFixed(1) : of < 1 ? digits(of) : Math.round(of)}%`;
}

/** Median of an ascending list; if its length is even, the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
