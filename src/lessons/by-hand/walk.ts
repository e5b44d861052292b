import { productsOf } from '../slow-motion/products.ts';
import { BY_HAND, type ProductPlace } from './values.ts';
import { type WhichStep, WORKED } from './worked.ts';

export const SIZES = { d: WORKED.d, k: WORKED.k, rank: WORKED.rank, towards: false };
export const STEPS: readonly WhichStep[] = [1, 2];

/** All stages of both steps, in their order. */
export const ORDER = STEPS.flatMap((step) => BY_HAND.map((stage): Omit<ProductPlace, 'product'> => ({ step, stage })));
/** As the tabs call it. */
export const keyOf = ({ step, stage }: Omit<ProductPlace, 'product'>) => `${step}${stage}`;
/** The numbers of a stage. */
export const productsAt = (place: Pick<ProductPlace, 'stage'>) => productsOf(place.stage, SIZES);

/** One number on, or back: past the last of a stage comes the first of the next; null at either end. */
export function neighbour(place: ProductPlace, by: 1 | -1): ProductPlace | null {
  const product = place.product + by;
  if (product >= 0 && product < productsAt(place).length) return { ...place, product };
  const stage = ORDER[ORDER.findIndex((one) => keyOf(one) === keyOf(place)) + by];
  return stage ? { ...stage, product: by > 0 ? 0 : productsAt(stage).length - 1 } : null;
}
