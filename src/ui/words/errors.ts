import { number } from '../../charts/format.ts';

/** A relative error: three decimals as long as it is of ordinary size. */
export function relative(value: number): string {
  if (Number.isFinite(value) && value >= 0.001 && value < 10) return value.toFixed(3);
  return value === 0 ? '0' : number(value);
}
