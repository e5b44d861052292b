import type { Prose } from './case.ts';

/** A text whose pieces of code stand between backticks. */
export const prose = (text: string): Prose =>
  text.split('`').flatMap((piece, i) => (piece === '' ? [] : [i % 2 === 1 ? { code: piece } : piece]));
