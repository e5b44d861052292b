import { rounded } from './written.ts';

/** "variance 1/(3k) = 0.0052": the formula and its value to two significant digits, or one number where they agree. */
export function variance(formula: string, value: number): string {
  const number = rounded(value, 2);
  return formula === number ? `variance ${number}` : `variance ${formula} = ${number}`;
}
