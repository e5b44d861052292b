import { isNumeric, param } from '../settings/experiment.ts';
import type { Choice, Kind, Numeric } from '../settings/kinds.ts';
import type { Experiment, ParamKey } from '../settings/params.ts';

/** Whether a sweep may vary a setting: numbers and choices; of seeds there are as many as `repeat` says. */
export function canVary(key: ParamKey): boolean {
  const p = param(key);
  return (isNumeric(p) || p.kind === 'choice') && key !== 'seed';
}

/** No list of values is longer. */
export const MOST_VALUES = 400;
/** Digits that a value between two others is rounded to. */
const DIGITS = 3;

const RANGE = /^(\S+)\s+to\s+(\S+?)(?:\s*,\s*(\d{1,4})(?:\s+values?)?)?$/i;

/** Values of a setting as a person types them, or what is wrong with them: "must be …". */
export type Typed = { readonly values: readonly unknown[] } | { readonly fault: string };

/**
 * Reads "0.001, 0.002", "adam, sgd" (names of the page too), and "0.001 to 5, 12 values": evenly spaced, by ratio where the
 * setting's slider is logarithmic. "1 to 8" is every whole number between. Nothing is clamped; what is there twice counts once.
 */
export function typedValues(key: ParamKey, text: string, live: Experiment): Typed {
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

/** A choice by the name that the page shows, or as links write it. */
function linkWord(p: Kind<unknown>, word: string): string {
  if (p.kind !== 'choice') return word;
  const { names } = p as unknown as Choice<string>;
  const plain = word.toLowerCase();
  return Object.keys(names).find((name) => name === plain || names[name]?.toLowerCase() === plain) ?? word;
}

function between(
  p: Numeric<unknown>,
  ends: readonly [string, string],
  count: string | undefined,
  live: Experiment,
): Typed {
  const [from, to] = ends.map((end) => p.read(end, live));
  for (const [i, read] of [from, to].entries())
    if (read && 'fault' in read) return { fault: `${ends[i]}: must be ${read.fault}` };
  const [low, high] = [from, to].map((read) => (read && 'value' in read ? (read.value as number) : 0)) as [
    number,
    number,
  ];
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
