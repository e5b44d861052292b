import { number } from '../../../experiment/numbers.ts';

/** A relative error as a table lists it: "0.165"; in powers of ten if these decimals would all be 0. */
export function errorText(error: number, decimals = 3): string {
  if (error === 0) return '0';
  return error < 0.5 * 10 ** -decimals ? number(error, 2) : error.toFixed(decimals);
}
