import { count } from '../../experiment/numbers.ts';

/** "4,096 × 4,096", never broken inside. */
export function sizeText({ d, k }: { readonly d: number; readonly k: number }): string {
  return `${count(d)}\u00a0×\u00a0${count(k)}`;
}
