import { visibleText } from '../faults.ts';
import type { Adapter, Figures, Module, Warning } from '../model.ts';

/** A module that was read, with its figures. */
export type MeasuredModule = readonly [module: Module, figures: Figures];

/** A file as far as it is read. */
export interface FileKnowledge {
  readonly adapter: Adapter;
  readonly read: readonly MeasuredModule[];
  /** Of those, the ones with a spectrum that is not zero. */
  readonly moved: readonly MeasuredModule[];
}

/** Something that is looked for in every file. */
export interface Check {
  /** What is said if nothing was found, between commas; left out if that needs no saying. */
  readonly passed?: string;
  /** Whether it needs the numbers of the file. */
  readonly reads?: boolean;
  find(known: FileKnowledge): Warning | null;
  /** Whether `passed` may be said if nothing was found; always, if it is left out. */
  holds?(known: FileKnowledge): boolean;
}

/** Whether every module that was read has a spectrum other than zero, so that a sentence about spectra holds for all of them. */
export const hasAllSpectra = ({ read }: FileKnowledge): boolean =>
  read.every(([, { finite, sigma }]) => !finite || sigma[0] > 0) && read.length > 0;

/** Said of a file in which every ΔW is 0. */
export const NO_CHANGE_TEXT = 'This adapter changes nothing.';

/** A module for a person: "layer 4 · attention q". */
export const moduleTitle = ({ place, name }: Module): string =>
  place ? `${place.layer} · ${`${place.group} ${place.type}`.trim()}` : shortName(name);

/** The same at the beginning of a sentence; a name stays as the file has it. */
function sentenceTitle(module: Module): string {
  const title = moduleTitle(module);
  return module.place ? `${title[0].toUpperCase()}${title.slice(1)}` : title;
}

/** A name from a file, safe to show: its end, without characters that are not seen. */
export function shortName(name: string): string {
  const longest = 60;
  const end = name.length > longest ? `…${name.slice(-longest)}` : name;
  return visibleText(end);
}

/** Of a warning about some of the modules, which can be shown; one about all of them names none. */
export function marksOf(found: readonly Module[], { modules }: Adapter): Pick<Warning, 'modules' | 'acts'> {
  if (found.length === modules.length) return { modules: [], acts: [] };
  return { modules: indicesOf(found), acts: ['show'] };
}

export const indicesOf = (list: readonly Module[]) => list.map(({ index }) => index);

/** A sentence about one module by its name, or about many by their number. */
export const checkSentence = (found: readonly Module[], one: string, many: string) =>
  `${found.length === 1 ? `${sentenceTitle(found[0])} ${one}` : `${plural(found.length, 'module')} ${many}`}.`;

/** How often each value occurs, in the order of their first occurrence. */
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

/** "80%", "0.4%", of a share up to 1 that is not rounded up to all. */
export function percent(share: number): string {
  const of = 100 * share;
  return `${of >= 99 && of < 100 ? (Math.floor(of * 10) / 10).toFixed(1) : of < 1 ? digits(of) : Math.round(of)}%`;
}

/** The middle of an ascending order; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
