import type { Colours } from '../../charts/matrices/heatmap.ts';
import type { Dressed } from '../dress.tsx';
import { rgb } from '../rail/colours.ts';
import type { Planes } from './planes.ts';

/** Positive is the matrix's hue, negative the opponent of it; E is ink for either sign. */
const HUES: Readonly<Record<keyof Planes, readonly [positive: string, negative: string]>> = {
  W: ['--w0', '--neg-warm'],
  W0: ['--w0', '--neg-warm'],
  A: ['--a', '--neg-warm'],
  B: ['--b', '--neg-cool'],
  dW: ['--dw', '--neg-cool'],
  target: ['--dwt', '--neg-cool'],
  E: ['--ink', '--ink'],
};

const known = new Map<string, Colours>();

/** The colours of a matrix in the theme that is worn now. */
export function coloursOf(name: keyof Planes, theme: Dressed): Colours {
  const key = `${theme} ${name}`;
  const old = known.get(key);
  if (old) return old;
  const style = getComputedStyle(document.documentElement);
  const [paper, positive, negative] = ['--paper', ...HUES[name]].map((token) => rgb(style.getPropertyValue(token)));
  const colours = { paper, positive, negative };
  known.set(key, colours);
  return colours;
}
