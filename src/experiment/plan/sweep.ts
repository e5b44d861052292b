import { type LinkFault, MAX_FRAGMENT, writeLink } from '../link/link.ts';
import { initRemedy } from '../settings/availability.ts';
import { isActive, isNumeric, isParamKey, param } from '../settings/experiment.ts';
import { type ChoiceKind, decimalOf, type Kind, type Numeric } from '../settings/kinds.ts';
import type { Experiment, ParamKey } from '../settings/params.ts';
import type { Rate } from '../settings/rate.ts';
import { defaultView } from '../settings/view.ts';
import { type Combination, combine, combineReadings, obstacle } from './combine.ts';
import { escapeValue, partFault, pieces, splitKey, unescapeValue } from './parts.ts';

/** Whether a sweep may vary a setting: numbers, choices, matrices of a network; seeds follow from `repeat`. */
export function canVary(key: ParamKey): boolean {
  const p = param(key);
  return (isNumeric(p) || p.kind === 'choice' || key === 'modules') && key !== 'seed';
}

const MOST_VALUES = 400;
const DIGITS = 3;

const RANGE = /^(\S+)\s+to\s+(\S+?)(?:\s*,\s*(\d{1,4})(?:\s+values?)?)?$/i;

type TypedValues = { readonly values: readonly unknown[] } | { readonly fault: string };

/**
 * Reads "0.001, 0.002", "adam, sgd" (also the page's names), "1 to 8" (every integer), and "0.001 to 5, 12 values":
 * evenly spaced, by ratio on a logarithmic slider. Nothing is clamped; duplicates count once.
 */
export function typedValues(key: ParamKey, text: string, live: Experiment): TypedValues {
  if (!canVary(key)) return { fault: 'must be a setting that can vary: a number or a choice' };
  const p = param(key);
  const range = RANGE.exec(text.trim());
  if (range && isNumeric(p)) return between(p, [range[1] ?? '', range[2] ?? ''], range[3], live);
  const values: unknown[] = [];
  for (const piece of text.split(/[,;]|\s+/.test(text) && isNumeric(p) ? /[,;\s]+/ : /[,;]/)) {
    const word = piece.trim();
    if (word === '') continue;
    const read = p.read(linkWord(p, word), live);
    if ('fault' in read) return { fault: `${word}: must be ${read.fault}` };
    if (!values.includes(read.value)) values.push(read.value);
  }
  if (values.length === 0) return { fault: `must be ${p.allowed(live)}` };
  if (values.length > MOST_VALUES) return { fault: `must be at most ${MOST_VALUES} values` };
  return { values };
}

/** A choice by the name on the page or in links. */
function linkWord(p: Kind<unknown>, word: string): string {
  if (p.kind !== 'choice') return word;
  const { names } = p as unknown as ChoiceKind<string>;
  const plain = word.toLowerCase();
  return Object.keys(names).find((name) => name === plain || names[name]?.toLowerCase() === plain) ?? word;
}

function between(
  p: Numeric<unknown>,
  ends: readonly [string, string],
  count: string | undefined,
  live: Experiment,
): TypedValues {
  const limits: number[] = [];
  for (const end of ends) {
    const read = p.read(end, live);
    if ('fault' in read) return { fault: `${end}: must be ${read.fault}` };
    limits.push(read.value as number);
  }
  const [low, high] = limits;
  if (count === undefined && p.kind !== 'integer') return { fault: 'must say how many: 0.001 to 5, 12 values' };
  const n = count === undefined ? Math.abs(high - low) + 1 : Number(count);
  if (!(n >= 2 && n <= MOST_VALUES)) return { fault: `must be 2 to ${MOST_VALUES} values` };
  const byRatio = p.scale === 'log' && low > 0 && high > 0 && count !== undefined;
  const values = new Set<number>();
  for (let i = 0; i < n; i++) {
    const t = i / (n - 1);
    const exact = byRatio ? low * (high / low) ** t : low + (high - low) * t;
    values.add(i === 0 ? low : i === n - 1 ? high : rounded(exact, p.kind === 'integer'));
  }
  return { values: [...values] };
}

const rounded = (value: number, whole: boolean) => (whole ? Math.round(value) : Number(value.toPrecision(DIGITS)));

export interface Axis {
  readonly key: ParamKey;
  readonly values: readonly unknown[];
}

export interface SweepPlan {
  readonly axes: readonly Axis[];
  /** Seeds of every cell: that of the experiment, and those that follow it. */
  readonly repeat: number;
}

export interface Cell {
  readonly at: readonly number[];
  readonly seed: number;
  /** Null if impossible; then `why` is a sentence. */
  readonly experiment: Experiment | null;
  readonly why: string | null;
  readonly way?: string;
  /** Opens it in the lab; an automatic rate is left out. Written on access. */
  readonly link: string;
}

/** The link of one run of a sweep. A drawn or pasted matrix is in it if an address can hold it. */
export function cellLink(experiment: Experiment, rate: Rate | null): string {
  const link = writeLink(experiment, defaultView(), rate);
  return link.length <= MAX_FRAGMENT ? link : writeLink({ ...experiment, data: '' }, defaultView(), rate);
}

const MOST_AXES = 3;
export const MAX_PANELS = 4;
/** Not counting seeds. */
export const MAX_CELLS = 400;
export const MAX_SEEDS = 32;

export function hasRuns({ axes, repeat }: SweepPlan): boolean {
  return axes.length > 0 || repeat > 1;
}

export function cellCount(axes: readonly Axis[]): number {
  return axes.reduce((n, { values }) => n * values.length, 1);
}

/** `sweep` of a link; `repeat` is a separate key. */
export function writeSweep({ axes }: Pick<SweepPlan, 'axes'>): string {
  return axes
    .map(({ key, values }) => `${key}:${values.map((value) => escapeValue(param(key).write(value) ?? '')).join(',')}`)
    .join(';');
}

/**
 * Reads `sweep` of a link. It is hostile until checked: a value that no cell could have is left out, as is a list with
 * none left; with more cells than allowed there are none at all.
 */
export function readSweep(text: string, live: Experiment): { axes: readonly Axis[]; faults: readonly LinkFault[] } {
  const faults: LinkFault[] = [];
  const out = (part: string, said: string) => {
    faults.push(partFault('sweep', part, `${said}; left out.`));
    return [];
  };
  const raw = new Map<ParamKey, readonly string[]>();
  const parts = pieces(text, ';');
  if (parts.length > MOST_AXES) out(parts.slice(MOST_AXES).join(';'), `must be at most ${MOST_AXES} settings`);
  for (const [place, part] of parts.slice(0, MOST_AXES).entries()) {
    const [key, rest] = splitKey(part);
    const listed = pieces(rest ?? '', ',');
    const empty = (rest ?? '').split(',').length - listed.length;
    const max = place < MOST_AXES - 1 ? MOST_VALUES : MAX_PANELS;
    if (!isParamKey(key)) out(part, 'unknown setting');
    else if (!canVary(key)) out(key, 'must be a setting that can vary: a number or a choice');
    else if (raw.has(key)) out(part, `${key} is given more than once`);
    else if (listed.length === 0) out(part, 'must be key:value,value,…, such as rank:1,2,4');
    else if (listed.length > max)
      out(`${listed.length} values of ${key}`, `must be at most ${max}${max === MAX_PANELS ? ', a panel each' : ''}`);
    else {
      raw.set(key, listed);
      if (empty > 0) out(key, `has ${empty === 1 ? 'an empty value' : `${empty} empty values`}`);
    }
  }
  const count = [...raw.values()].reduce((n, listed) => n * listed.length, 1);
  if (count > MAX_CELLS) {
    out(`${count} cells`, `must be at most ${MAX_CELLS}`);
    return { axes: [], faults };
  }
  const typed = [...raw].map(([key, listed]): TypedAxis => {
    const values = new Map<unknown, string>();
    for (const piece of listed) {
      const value = loose(key, piece);
      if (value === null) out(`${key}:${piece}`, `must be ${param(key).allowed(live)}`);
      else if (values.has(value)) out(`${key}:${piece}`, 'is given more than once');
      else values.set(value, piece);
    }
    return { key, values: [...values.keys()], pieces: values };
  });
  return { axes: pruned(typed, live, out).map(({ key, values }) => ({ key, values })), faults };
}

interface TypedAxis extends Axis {
  readonly pieces: ReadonlyMap<unknown, string>;
}

/** Axes whose values each fit some combination of the others; `out` receives the rejected ones. */
function pruned(
  typed: readonly TypedAxis[],
  live: Experiment,
  out: (part: string, said: string) => void,
): readonly TypedAxis[] {
  let axes = typed.filter(({ values }) => values.length > 0);
  // A value that goes from one axis may have been the only fit for a value of another.
  for (let before = -1; before !== sizeOf(axes); ) {
    before = sizeOf(axes);
    for (const { key, values, pieces } of axes) {
      const others = axes.filter((axis) => axis.key !== key);
      if (!isFelt(key, values, others, live)) {
        out(key, 'has no effect on this experiment');
        axes = others;
        continue;
      }
      const kept = values.filter((value) => {
        const allowed = refusal(key, value, others, live);
        if (allowed !== null) out(`${key}:${pieces.get(value)}`, `must be ${allowed}`);
        return allowed === null;
      });
      axes = axes.flatMap((axis) => (axis.key !== key ? [axis] : kept.length > 0 ? [{ ...axis, values: kept }] : []));
    }
  }
  return axes;
}

const sizeOf = (axes: readonly Axis[]) => axes.reduce((n, { values }) => n + values.length, 0);

function loose(key: ParamKey, piece: string): unknown {
  const text = unescapeValue(piece) ?? piece;
  const p = param(key);
  if (key === 'modules') return text;
  if (!isNumeric(p)) return 'options' in p && (p.options as readonly string[]).includes(text) ? text : null;
  if (p.special === 'max' && text === 'max') return Number.POSITIVE_INFINITY;
  const value = decimalOf(text);
  // Without the sign of a zero: a link does not keep it.
  return value !== null && Number.isFinite(value) ? value + 0 : null;
}

function isFelt(key: ParamKey, values: readonly unknown[], others: readonly Axis[], live: Experiment): boolean {
  const axes = [{ key, values }, ...others];
  return combinations(axes).some((at) => isActive(key, combine(live, settingsAt(axes, at)).experiment));
}

/** The allowed values if no combination with the others fits a value; null if one does, whatever its other faults. */
function refusal(key: ParamKey, value: unknown, others: readonly Axis[], live: Experiment): string | null {
  let allowed: string | null = null;
  for (const at of combinations(others)) {
    const settings: Partial<Record<ParamKey, unknown>> = { ...settingsAt(others, at), [key]: value };
    let fits = false;
    combineReadings(live, (of, draft) => {
      if (!Object.hasOwn(settings, of)) return null;
      const read = param(of).check(settings[of], draft);
      if (of === key && isActive(key, draft)) {
        if ('value' in read) fits = true;
        else allowed ??= read.fault;
      }
      return { read, text: String(settings[of]) };
    });
    if (fits) return null;
  }
  return allowed;
}

export function settingsAt(axes: readonly Axis[], at: readonly number[]): Partial<Experiment> {
  return Object.fromEntries(axes.map(({ key, values }, i) => [key, values[at[i] ?? 0]]));
}

/** Every index list, the first axis fastest: row by row, panel by panel. */
function combinations(axes: readonly Axis[]): number[][] {
  return axes.reduce<number[][]>(
    (lists, { values }) => values.flatMap((_, i) => lists.map((list) => [...list, i])),
    [[]],
  );
}

/** All runs of a plan in the order of work: seed 1 of every cell row by row, then seed 2 …. */
export function cellsOf({ axes, repeat }: SweepPlan, live: Experiment): readonly Cell[] {
  const cells = combinations(axes).map((at) => ({ at, made: combine(live, settingsAt(axes, at)) }));
  return Array.from({ length: repeat }, (_, i) => cells.map(({ at, made }) => cell(at, made, live, i))).flat();
}

function cell(at: readonly number[], made: Combination, live: Experiment, nth: number): Cell {
  const seed = live.seed + nth;
  const experiment = { ...made.experiment, seed };
  const why = Number.isSafeInteger(seed) ? obstacle(made, live) : 'No whole number is left for this seed.';
  return {
    at,
    seed,
    experiment: why === null ? experiment : null,
    why,
    way: why === null || made.misfit ? undefined : initRemedy(experiment.init, experiment)?.words,
    get link() {
      return cellLink(experiment, null);
    },
  };
}
