import { digits, quartilesText, spread } from '../statistics.ts';
import type { Row } from '../table.mjs';
import type { Measured } from './ratios.ts';
import { sizeWords } from './start.ts';

/** One row per size, one column per contestant: median and quartiles of milliseconds per step. */
export function timeRows(measured: readonly Measured[]): Row[] {
  return measured.map(({ size, times }) => ({
    'd = k, r': sizeWords(size),
    ...Object.fromEntries(times.map(({ name, all }) => [name, cell(all)])),
  }));
}

const cell = (all: readonly number[]) => (all.length === 1 ? `${digits(all[0])} (once)` : quartilesText(spread(all)));
