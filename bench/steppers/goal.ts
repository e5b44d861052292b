import { digits } from '../statistics.ts';
import type { Row } from '../table.mjs';
import { type Size, sizeWords } from './start.ts';

/** A bound on a measurement; with neither, no goal. */
export interface Bound {
  readonly least?: number;
  readonly most?: number;
}

/** A measurement and its goal. Printed, never asserted: a machine may have a bad day. */
export function goalRow(what: string, size: Size, value: number, { least, most }: Bound, unit = ''): Row {
  const wanted = least !== undefined ? `≥ ${least}${unit}` : most !== undefined ? `≤ ${most}${unit}` : '–';
  const met = least !== undefined ? value >= least : most !== undefined ? value <= most : undefined;
  return { what, 'd = k, r': sizeWords(size), measured: `${digits(value)}${unit}`, wanted, reached: reached(met) };
}

export const reached = (yes: boolean | undefined): string => (yes === undefined ? '–' : yes ? 'yes' : 'no');
