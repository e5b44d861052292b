/**
 * Elementary functions with the same bits in every browser.
 *
 * Math.log, exp, pow, sin and cos may differ between engines in the last place, and a seed must give the same matrix
 * everywhere. These are made of + − × ÷ and exact steps on the bits alone, to within about one unit in the last place.
 * Special values (NaN, ±∞, ±0, negative arguments) follow Math.*. Method: reduce the argument to a short interval, sum
 * a series there, put the exponent back (Muller, Elementary Functions, 3rd ed., 2016, chapters 3 and 11).
 */
export { exp } from './exponential.ts';
export { log } from './logarithm.ts';
export { pow } from './power.ts';
export { cos, sin } from './trigonometry.ts';
