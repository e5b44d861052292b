import type { AskedCell } from '../slow-motion/step-picture.tsx';

/** The entry of ∂L/∂A in the second step that the reader is asked for: the picture keeps it back until it is answered. */
export const ASKED: AskedCell = { block: 'gradA', row: 1, col: 2 };
/** As the progress of the lesson names that question: its step, from 0, and its number there. */
export const ASKED_NAME = '7.0';
