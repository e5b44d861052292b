import { decodeDrawing, decodePainting, encodeDrawing, encodePainting } from '../../experiment/link/drawing.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { NO_PAINT } from '../../experiment/targets/painting.ts';
import { owl, paint } from '../../experiment/targets/pictures.ts';
import { SIDE } from '../../state/draft.ts';
import type { Ground, Paint, Sheet } from '../../state/view.ts';
import type { Shade } from './stroke.ts';

interface GroundKind {
  readonly title: string;
  readonly hint: string;
  readonly pens: readonly { readonly name: string; readonly shade: Shade }[];
  /** Widest pen in cells. */
  readonly widest: number;
  /** Difference of two neighbouring greys in a link. */
  readonly step: number;
  readonly greys: () => Float64Array;
  readonly encode: (sheet: Sheet) => Promise<string>;
  readonly decode: (data: string) => Promise<{ readonly drawing: Sheet } | { readonly fault: string }>;
  readonly target: Experiment['target'];
}

let owlGreys: Float64Array | null = null;

export const GROUNDS: Readonly<Record<Ground, GroundKind>> = {
  owl: {
    title: 'Draw on the owl. What you draw becomes the update to learn.',
    hint: 'Strokes along rows or columns need few directions. Slanted strokes and dots need many.',
    pens: [
      { name: 'Dark', shade: 1 },
      { name: 'Light', shade: 0 },
      { name: 'Restore', shade: null },
    ],
    widest: 6,
    step: 1 / 254,
    greys: () => {
      owlGreys ??= paint(owl, SIDE, SIDE).data;
      return owlGreys;
    },
    encode: encodePainting,
    decode: decodePainting,
    target: 'edit',
  },
  paper: {
    title: 'Draw a picture. It becomes the update to learn.',
    hint: 'The average shade is subtracted: blank paper becomes negative, paint positive.',
    pens: [
      { name: 'Dark', shade: 1 },
      { name: 'Grey', shade: 0.5 },
      { name: 'Erase', shade: null },
    ],
    widest: 16,
    step: 1 / 255,
    greys: () => new Float64Array(SIDE * SIDE),
    encode: encodeDrawing,
    decode: decodeDrawing,
    target: 'picture',
  },
};

/** The sheet rounded to the greys of its link, so that the measured matrix is the trained one. */
export function roundedSheet(sheet: Paint, on: Ground): Paint {
  const { step } = GROUNDS[on];
  return sheet.map((grey) => (grey === NO_PAINT ? grey : Math.round(grey / step) * step));
}
