import { visibleText } from '../faults.ts';
import type { Adapter, Figures, Module, TensorEntry, Warning } from '../model.ts';

export interface MeasuredModule extends Module {
  readonly figures: Figures;
}

export interface FileKnowledge {
  readonly adapter: Adapter;
  readonly read: readonly MeasuredModule[];
  /** Of those, the ones with a spectrum that is not zero. */
  readonly moved: readonly MeasuredModule[];
}

/** `modules` and `acts`: none by default. */
export type Finding = Pick<Warning, 'title' | 'details'> & Partial<Pick<Warning, 'modules' | 'acts'>>;

export interface Check {
  readonly about: string;
  /** Default: 'look'. */
  readonly tone?: 'bad';
  /** Text if nothing was found, between commas; absent if there is nothing to report. */
  readonly passed?: string;
  /** It needs the figures of every module to have passed. */
  readonly reads?: boolean;
  readonly find: (known: FileKnowledge) => Finding | null;
  /** Whether `passed` holds if nothing was found; default: always. */
  readonly holds?: (known: FileKnowledge) => boolean;
}

interface FoundModules extends Pick<Warning, 'acts'> {
  readonly one: boolean;
  /** Every module of the file. */
  readonly all: boolean;
  readonly known: FileKnowledge;
}

interface ModuleCheck<M extends Module> extends Omit<Check, 'find'> {
  /** Modules are shown even if they are all of the file. */
  readonly each?: boolean;
  readonly among: (known: FileKnowledge) => readonly M[];
  readonly says: (found: readonly M[], of: FoundModules) => Finding;
}

export function moduleCheck<M extends Module>({ each = false, among, says, ...check }: ModuleCheck<M>): Check {
  const find = (known: FileKnowledge): Finding | null => {
    const found = among(known);
    if (found.length === 0) return null;
    const all = found.length === known.adapter.modules.length;
    const shown = each || !all;
    const acts = shown ? (['show'] as const) : [];
    const modules = shown ? found.map(({ index }) => index) : [];
    return { modules, acts, ...says(found, { one: found.length === 1, all, known, acts }) };
  };
  return { ...check, find };
}

/** Whether every read module has a spectrum other than zero, so that a sentence about spectra holds for all. */
export const hasAllSpectra = ({ read }: FileKnowledge): boolean =>
  read.every(({ figures: { finite, sigma } }) => !finite || sigma[0] > 0) && read.length > 0;

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

/** A sentence about one module by its name, or about many by their number. */
export const checkSentence = (found: readonly Module[], one: string, many: string) =>
  `${found.length === 1 ? `${sentenceTitle(found[0])} ${one}` : `${plural(found.length, 'module')} ${many}`}.`;

/** How often each value occurs, in the order of first occurrence. */
export function countsOf<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Not by toLocaleString, whose first call takes 35 ms. */
const thousands = (whole: number) => String(whole).replace(/\B(?=(\d{3})+$)/g, ',');

export const plural = (n: number, one: string, many = `${one}s`) => `${thousands(n)} ${n === 1 ? one : many}`;

/** Three digits: 6.65, 0.0123, 1,234. */
export function digits(x: number): string {
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e6)) {
    const [mantissa, power] = x.toExponential(2).split('e');
    return `${mantissa}·10${[...String(Number(power))].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('')}`;
  }
  const short = Number(x.toPrecision(3));
  return Number.isInteger(short) ? thousands(short) : String(short);
}

export { median } from '../../../math/median.ts';

/** "80%", "0.4%", of a share up to 1; only the whole is 100%. */
export function percent(share: number): string {
  const of = 100 * share;
  return `${of >= 99 && of < 100 ? (Math.floor(of * 10) / 10).toFixed(1) : of < 1 ? digits(of) : Math.round(of)}%`;
}

export function usualOf({ modules }: Adapter) {
  const pairs = modules.filter(({ kind }) => kind !== 'full');
  const alphas = pairs.flatMap(({ alpha }) => alpha ?? []);
  return { pairs, ranks: commonest(pairs.map(({ rank }) => rank)), alphas: commonest(alphas) };
}

/** The commonest value, and the smallest and largest in words if there is more than one. */
function commonest(values: readonly number[]): { readonly usual: number | null; readonly several: string | null } {
  const counts = countsOf(values);
  if (counts.size === 0) return { usual: null, several: null };
  const [usual] = [...counts].reduce((max, of) => (of[1] > max[1] ? of : max));
  const [min, max] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  return { usual, several: counts.size > 1 ? `${digits(min)} to ${digits(max)}` : null };
}

/** Names of layers, without PEFT's prefixes and without weight and bias. */
export function layersOf(tensors: readonly TensorEntry[]): readonly string[] {
  const end = /\.(?:modules_to_save(?:\.\w{1,40})?)?\.?(?:weight|bias)$/;
  const names = tensors.map(({ name }) => shortName(name.replace(/^base_model\.model\./, '').replace(end, '')));
  return [...new Set(names)];
}
