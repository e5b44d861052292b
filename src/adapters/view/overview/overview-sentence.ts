import { count } from '../../../experiment/numbers.ts';
import type { Adapter, Figures } from '../../file/model.ts';
import { hasPairs, isUpdate } from '../../file/shapes.ts';

const WORDS = ['none', 'one', 'two', 'three', 'four'];
const inWords = (n: number) => WORDS[n] ?? count(n);

/**
 * The headline of the overview: how many directions the modules of a file can have changed at all, and how many of them
 * they need. Ranks are known before anything is read, directions as far as modules are read.
 */
export function overviewSentence({ modules }: Pick<Adapter, 'modules'>, figures: readonly (Figures | null)[]): string {
  const pairs = modules.filter(hasPairs);
  const read = pairs.flatMap((module) => {
    const of = figures[module.index] ?? null;
    return of ? [{ rank: module.rank, of }] : [];
  });
  const finite = read.filter(({ of }) => of.finite);
  const moved = finite.filter(({ of }) => of.frobenius > 0);
  const zeros = finite.length - moved.length;
  const broken = read.length - finite.length;
  const all = read.length === pairs.length;
  if (pairs.length === 0) return noPairs(modules.length);
  const others = modules.length - pairs.length;
  const kinds =
    others === 0
      ? ''
      : others === 1
        ? ' 1 module of another kind is shown, but not counted here.'
        : ` ${count(others)} modules of other kinds are shown, but not counted here.`;
  if (all && broken === pairs.length) return `${nothingFinite(pairs.length)}${kinds}`;
  if (all && zeros === pairs.length) return `${nothingMoved(pairs.length)}${kinds}`;
  // Without scaling, with a DoRA's magnitudes or a start from W₀, the product is measured.
  const update = pairs.every(isUpdate) ? 'ΔW' : 's·B·A';
  const ranks = pairs.map(({ rank }) => rank);
  const needed = moved.map(({ of }) => [of.sigma.length, of.rank95] as const);
  const far = all ? [] : [`${count(read.length)} of ${count(pairs.length)} modules are read so far.`];
  const sentences = [
    changed(ranks, update, zeros, broken),
    ...needs(needed, update, { all, only: pairs.length === 1 }),
    ...far,
  ];
  return `${sentences.join(' ')}${kinds}`;
}

function noPairs(n: number): string {
  if (n === 0) return 'This file has no adapted modules.';
  return n === 1
    ? 'The one module of this file is no pair B·A: it is shown, but cannot be cut or merged.'
    : `None of the ${count(n)} modules is a pair B·A: they are shown, but cannot be cut or merged.`;
}

const nothingFinite = (n: number) =>
  n === 1
    ? 'The one module of this file contains NaN or infinity, so nothing can be measured.'
    : `All ${count(n)} modules contain NaN or infinity, so nothing can be measured.`;

const nothingMoved = (n: number) =>
  n === 1
    ? 'The one module of this file has not changed anything: its ΔW is 0.'
    : `None of the ${count(n)} modules has changed anything: every ΔW is 0.`;

/** "Each of 128 modules changed in at most r = 4 directions.", or "… has an s·B·A of …" where that is not ΔW. */
function changed(ranks: readonly number[], update: string, zeros: number, broken: number): string {
  const [min, max] = [Math.min(...ranks), Math.max(...ranks)];
  const directions = max === 1 ? 'direction' : 'directions';
  const limit =
    min === max
      ? `at most r = ${count(max)} ${directions}`
      : `at most r directions, with r from ${count(min)} to ${count(max)}`;
  const who = ranks.length === 1 ? 'The one module of this file' : `Each of ${count(ranks.length)} modules`;
  const does = update === 'ΔW' ? 'changed in' : `has an ${update} of`;
  const apart = [
    ...(zeros > 0 ? [`${inWords(zeros)} unchanged`] : []),
    ...(broken > 0 ? [`${inWords(broken)} ${broken === 1 ? 'contains' : 'contain'} NaN`] : []),
  ];
  return `${who} ${does} ${limit}${apart.length > 0 ? `; ${apart.join(', ')}` : ''}.`;
}

interface SentenceExtent {
  readonly all: boolean;
  /** The file has no other kinds. */
  readonly only: boolean;
}

/** "For 95% of the energy of ΔW, 94 need all four, 17 one or two."; '' if no module has more than one direction. */
function needs(
  list: readonly (readonly [has: number, needs: number])[],
  update: string,
  { all, only }: SentenceExtent,
): string[] {
  const sizes = new Set(list.map(([has]) => has));
  const [size] = sizes;
  if (list.length === 0 || (sizes.size === 1 && size === 1)) return [];
  // Numbers up to four are words, unless the sentence has larger ones.
  const say = Math.max(...sizes) > 4 ? count : inWords;
  const wanted = list.map(([, need]) => need);
  const [min, max] = [Math.min(...wanted), Math.max(...wanted)];
  const full = list.filter(([has, need]) => need >= has).length;
  const low = list.filter(([has, need]) => 2 * need <= has).length;
  const everything = sizes.size > 1 ? 'all of theirs' : size === 2 ? 'both' : `all ${say(size)}`;
  // Two adjacent numbers need a word between.
  const digits = sizes.size === 1 && size > 4;
  const half = sizes.size > 1 ? 'at most half their rank' : halfOf(size);
  const said = () => {
    if (list.length === 1)
      return `${only ? 'it' : all ? 'the one that changed' : 'the one read'} needs ${full === 1 ? everything : say(max)}`;
    const each = all ? 'each' : 'each of those read';
    if (full === list.length) return `${each} needs ${sizes.size > 1 ? 'all of its own' : everything}`;
    const few = low > 0 && low < list.length;
    if (full > 0)
      return `${counts(full)} ${full === 1 && sizes.size > 1 ? 'all of its own' : everything}${few ? `, ${digits ? counts(low) : count(low)} ${low === 1 && sizes.size > 1 ? 'at most half its rank' : half}` : ''}`;
    if (min === max) return `${each} needs ${say(max)}`;
    return `none${all ? '' : ' of those read'} needs more than ${say(max)}${few ? `, and ${counts(low)} ${half}` : ''}`;
  };
  return [`For 95% of the energy of ${update}, ${said()}.`];
}

const counts = (n: number) => `${count(n)} ${n === 1 ? 'needs' : 'need'}`;

/** Half of `size` directions or fewer, in words. */
const halfOf = (size: number) =>
  size < 4 ? inWords(1) : size === 4 ? 'one or two' : `at most ${count(Math.floor(size / 2))}`;
