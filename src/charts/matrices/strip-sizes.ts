/** The context of the strip of matrices: it sets gaps, text and the matrices that fit. */
export type StripMode = 'desk' | 'tablet' | 'phone' | 'present' | 'lesson' | 'network';

export interface StripRequest {
  readonly width: number;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly mode: StripMode;
  /** W₀ is a picture: W₀ + [B, A, ΔW] = W | ΔW* instead of W = W₀ + [B, A, ΔW] → ΔW*, without E. */
  readonly pictured?: boolean;
  /** px of the text; undefined: that of the mode. Everything but the matrices scales with it. */
  readonly font?: number;
  /** Largest cell of a 64 × 64 matrix whose A has rank 8, in px; undefined: that of the mode. Low windows set less. */
  readonly most?: number;
  /** Largest total height of A and ΔW of a layer in px, if lower. */
  readonly tallest?: number;
  /** One row, however narrow: a phone in landscape has no height for a second. */
  readonly low?: boolean;
  /** Of two rows of a picture, W is the first, large; the sum is below it, and ΔW* is left out. */
  readonly leading?: boolean;
}

/** A matrix or the element between two: =, +, nothing between B and ΔW, "should match", "error left", a hairline. */
export type TrackName =
  | 'W'
  | 'W0'
  | 'B'
  | 'dW'
  | 'target'
  | 'E'
  | 'equals'
  | 'plus'
  | 'inner'
  | 'match'
  | 'left'
  | 'line';

interface MatrixSides {
  readonly across: number;
  readonly down: number;
}

export interface StripSizes {
  readonly pictured: boolean;
  /** In two rows W (of a layer: E) is under W₀, and ΔW* is under ΔW. */
  readonly rows: 1 | 2;
  /** The first of two rows is W alone. */
  readonly leading: boolean;
  readonly font: number;
  readonly tracks: readonly (readonly [name: TrackName, width: number])[];
  /** W₀, ΔW and all others with the same sides. */
  readonly square: MatrixSides;
  readonly W: MatrixSides;
  /** ΔW*, or E instead. */
  readonly target: MatrixSides;
  readonly thick: number;
  /** From the top to the lower edge of ΔW: the same at every rank. */
  readonly top: number;
  /** Minimum from there to the headings of the second row. */
  readonly between: number;
  /** Width of the text below a matrix. */
  readonly slot: number;
  /** Of the whole, with captions of one line (a second row) or two. */
  readonly height: number;
}

export const widthOf = ({ tracks }: StripSizes, name: TrackName) => tracks.find(([track]) => track === name)?.[1] ?? 0;

/** A 64 × 64 matrix with its A of rank 8. */
const USUAL_ROWS = 72;

const DESK = {
  font: 13,
  equals: 40,
  /** B is a little closer, since its name extends to the left. */
  plus: 36,
  inner: 8,
  /** Between ΔW, ΔW* and E: the minimum, and the preferred gap. */
  sep: 56,
  widestSep: 220,
  /** Preferred width of captions. */
  words: 168,
  cell: 3.25,
  /** Matrices with k columns in a row: W, W₀, ΔW, ΔW*, E, or without W. The phone's row has W₀ and ΔW. */
  squares: 5,
};
const MODES: Readonly<Record<StripMode, typeof DESK>> = {
  desk: DESK,
  tablet: { ...DESK, squares: 4, sep: 48, cell: 2.6 },
  lesson: { ...DESK, squares: 4, cell: 3 },
  present: {
    ...{ font: 22, equals: 150, plus: 136, inner: 12, sep: 100, widestSep: 260 },
    ...{ words: 310, cell: 5.2, squares: 4 },
  },
  // Beside the examples of a network: W₀, ΔW and ΔW* alone.
  network: { ...DESK, squares: 3, cell: 2.6, words: 120 },
  phone: { ...DESK, squares: 2, plus: 48, sep: 0, widestSep: 0, words: 140, cell: 2.12 },
};

/** Cells of at least this size are whole px: a fraction is not visible in size, but as uneven rows. */
const WHOLE = 4;
/** On a phone a cell of a picture may have a half px: most have two or three device pixels per px. */
const HALF = 0.5;

/** In font sizes: above A, for captions of two lines, from ΔW down to the second row's headings and matrices. */
const ABOVE_A = 1.75;
const CAPTIONS = 4.8;
const BETWEEN_ROWS = { layer: 3.6, picture: 4.5, low: 3.7, leading: 3.1 };
const HEADING = 1.61;

const usualRank = ({ d, k }: Pick<StripRequest, 'd' | 'k'>) => Math.min(8, d, k);
const side = (entries: number, cell: number) => Math.max(1, entries * cell);

/**
 * Shift of the matrices in px that keeps their headings clear of the colour key: if A of the usual rank is a hairline,
 * and at rank 1, when A is as thick as `thinnest`. Like the strip's height, it does not depend on the rank.
 */
const clearance = (font: number, inner: number, usual: number, thinnest: number) =>
  Math.max(0, 0.75 * font - usual, 0.92 * font - inner - thinnest);

/** Widths and heights of everything in the strip: pure arithmetic. Positions are in the style sheet. */
export function stripSizes(request: StripRequest): StripSizes {
  if (!request.pictured) return layerSizes(request);
  const font = request.font ?? MODES[request.mode].font;
  const narrow = request.mode === 'tablet' && request.width < (NARROW * font) / 13 && !request.low;
  // On a narrow tablet two rows show more.
  if (request.leading) return pictureLeading(request, font);
  return request.mode === 'phone' || narrow ? pictureInTwoRows(request, font) : pictureInOneRow(request, font);
}

/** One cell size for all: the largest that fits the width, with A and ΔW no higher than at rank 8. */
function layerSizes({ width, d, k, rank, mode, ...given }: StripRequest): StripSizes {
  const rules = MODES[mode];
  const { font = rules.font, most: max = (rules.cell * font) / rules.font, tallest = Number.POSITIVE_INFINITY } = given;
  const px = (length: number) => (length * font) / rules.font;
  const [equals, plus, inner, sep] = [rules.equals, rules.plus, rules.inner, rules.sep].map(px);
  const { squares } = rules;
  const gaps = mode === 'network' ? 1 : 2;
  const room = Math.max(2, width - (squares === 5 ? equals : 0) - plus - inner - gaps * sep);
  // The second is for an r so thin that it is drawn as a hairline of 1 px.
  const byWidth = (r: number) => Math.min(room / (squares * k + r), (room - 1) / (squares * k));
  const eight = usualRank({ d, k });
  const largest = Math.min(Math.min(max * USUAL_ROWS, tallest) / (d + eight), byWidth(eight));
  const usual = largest < WHOLE ? largest : Math.floor(largest + 1e-9);
  const tall = usual * (d + eight);
  const cell = Math.min(byWidth(rank), tall / (d + rank));
  const square = { across: side(k, cell), down: side(d, cell) };
  const thick = side(rank, cell);
  // If a matrix is narrower than the text under it, the text sets its width.
  const slot = Math.max(square.across, Math.min(px(rules.words), (room - thick) / squares));
  const spare = (room - thick - squares * slot) / gaps;
  const apart = sep + Math.max(0, Math.min(px(rules.widestSep) - sep, spare));
  const rows = mode === 'phone' ? 2 : 1;
  const clear = rows === 2 ? 0 : clearance(font, inner, eight * usual, tall / (d + 1));
  const top = font * ABOVE_A + inner + tall + clear;
  const between = BETWEEN_ROWS.layer * font;
  return {
    ...{ pictured: false, rows, leading: false, font, square, W: square, target: square, thick, slot },
    ...{ top, between },
    height: top + (rows === 2 ? between + HEADING * font + square.down + 3.5 * font : CAPTIONS * font),
    tracks: (
      [
        ['W', slot],
        ['equals', equals],
        ['W0', slot],
        ['plus', rows === 2 ? width - 2 * slot - thick - inner : plus],
        ['B', thick],
        ['inner', inner],
        ['dW', slot],
        ['match', apart],
        ['target', slot],
        ['left', apart],
        ['E', slot],
      ] as const
    ).slice(squares === 5 ? 0 : 2, rows === 2 ? 7 : mode === 'network' ? 9 : undefined),
  };
}

/** px at a text of 12 px: around + and =, minimum and limit of their faster growth; between W and ΔW*. */
const GAP = 32;
const WIDE_GAP = 72;
const APART = 40;
/** Narrower strips of a picture have two rows. */
const NARROW = 680;

/** The largest cell in another page's frame of `width` px: two rows of larger ones would be higher than wide. */
export const frameCellSize = (width: number) => (width < NARROW ? 2 : 3);

/** ΔW* is a little smaller than the layer's matrices, if that leaves its cells in whole px. */
const targetCell = (cell: number) => (cell <= 3 ? cell : Math.max(3, Math.round(0.75 * cell)));

/**
 * Cells are whole px, so that no row of a picture is wider than the next. B ends where rank 8 ends: up to there only
 * the thickness of A and B changes with the rank. Above it A and B grow thicker and everything else smaller, so that
 * the height stays.
 */
function pictureInOneRow({ width, d, k, rank, mode, most: max = 4, low }: StripRequest, font: number): StripSizes {
  const rules = MODES[mode];
  const unit = font / 12;
  const [inner, words] = [rules.inner, rules.words].map((length) => (length * font) / rules.font);
  const eight = usualRank({ d, k });
  const leastBeside = Math.min(words, 0.2 * width);
  const fixed = 2 * GAP * unit + inner + APART * unit;
  const widthAt = (cell: number, r: number) =>
    3 * k * cell + Math.max(k * targetCell(cell), leastBeside) + Math.max(r, eight) * cell + fixed;
  const highest = (max * USUAL_ROWS) / (d + eight);
  let usual = Math.floor(highest);
  while (usual >= 1 && widthAt(usual, eight) > width) usual -= low ? HALF : 1;
  if (usual < 1) usual = Math.max(1 / k, Math.min((width - widthAt(0, eight)) / (4 * k + eight), highest));
  const wanted = Math.min(usual, (usual * (d + eight)) / (d + rank), (width - widthAt(0, rank)) / (4 * k + rank));
  // At least the sides of the squares are whole px.
  const cell = rank <= eight ? usual : wanted * k < 1 ? wanted : Math.floor(wanted * k) / k;
  const small = Math.min(targetCell(usual), cell);
  const square = { across: side(k, cell), down: side(d, cell) };
  const target = { across: side(k, small), down: side(d, small) };
  const thick = side(rank, cell);
  const beside = Math.max(target.across, leastBeside);
  const ofB = Math.max(thick, eight * cell);
  const room = width - fixed - ofB - beside;
  const slot = Math.max(square.across, Math.min(words, room / 3));
  // Each of the two gaps gets a quarter of the spare width, the gap between W and ΔW* the rest; beyond a width a third.
  const [over, wide] = [Math.max(0, room - 3 * slot), (WIDE_GAP - GAP) * unit];
  const gap = GAP * unit + Math.max(over / 4, wide + (over - 4 * wide) / 3);
  const clear = clearance(font, inner, side(eight, usual), usual);
  const top = Math.round(font * ABOVE_A + inner + usual * (d + eight) - square.down + clear) + square.down;
  return {
    ...{ pictured: true, rows: 1, leading: false, font, square, W: square, target, thick, slot, top, between: 0 },
    height: top + CAPTIONS * font,
    tracks: [
      ['W0', slot],
      ['plus', gap],
      ['B', ofB],
      ['inner', inner],
      ['dW', slot],
      ['equals', gap],
      ['W', slot],
      ['line', width - 3 * slot - 2 * gap - ofB - inner - beside],
      ['target', beside],
    ],
  };
}

/** The phone: W₀ + [B, A, ΔW] above, W large and ΔW* below. */
function pictureInTwoRows({ width, d, k, rank, mode, ...given }: StripRequest, font: number): StripSizes {
  const rules = MODES[mode];
  const inner = (rules.inner * font) / rules.font;
  const eight = usualRank({ d, k });
  const stepped = (cell: number) => (cell >= 1 ? Math.floor(cell / HALF) * HALF : Math.max(1 / k, cell));
  const room = width - inner - (GAP * font) / 12;
  const max = Math.min(3, given.most ?? 3);
  const usual = stepped(Math.min(room / (2 * k + eight), (max * 64) / Math.max(d, k)));
  const cell = rank <= eight ? usual : Math.min(room / (2 * k + rank), (usual * (d + eight)) / (d + rank));
  const large = stepped(Math.min(1.5 * usual, (width - k * usual - 2 * font) / k));
  const square = { across: side(k, cell), down: side(d, cell) };
  const W = { across: side(k, large), down: side(d, large) };
  const target = { across: side(k, usual), down: side(d, usual) };
  const thick = side(rank, cell);
  // ΔW begins where rank 8 puts it.
  const slot = Math.max(square.across, target.across);
  const top = font * ABOVE_A + inner + usual * (d + eight);
  const between = (max < 2 ? BETWEEN_ROWS.low : BETWEEN_ROWS.picture) * font;
  return {
    ...{ pictured: true, rows: 2, leading: false, font, square, W, target, thick, slot, top, between },
    height: top + between + HEADING * font + W.down + CAPTIONS * font,
    tracks: [
      ['W0', square.across],
      ['plus', width - square.across - slot - thick - inner],
      ['B', thick],
      ['inner', inner],
      ['dW', slot],
    ],
  };
}

/** px of a cell of W; those of the matrices below it are a third as large. */
const LEADING = { phone: 4.5, tablet: 6 };

/** The first visit on a phone or an upright tablet: W large, and below it W₀ + [B, A, ΔW]. */
function pictureLeading(
  { width, d, k, rank, mode, most: max = LEADING.phone }: StripRequest,
  font: number,
): StripSizes {
  const rules = MODES[mode];
  const inner = (rules.inner * font) / rules.font;
  const eight = usualRank({ d, k });
  const limit = mode === 'phone' ? LEADING.phone : LEADING.tablet;
  const largest = Math.min((Math.min(max, limit) * 64) / Math.max(d, k), width / k);
  const large = largest >= 1 ? Math.floor(largest / HALF) * HALF : largest;
  const usual = Math.min(large / 3, (width - inner - GAP) / (2 * k + eight));
  const cell =
    rank <= eight ? usual : Math.min((width - inner - GAP) / (2 * k + rank), (usual * (d + eight)) / (d + rank));
  const square = { across: side(k, cell), down: side(d, cell) };
  const W = { across: side(k, large), down: side(d, large) };
  const thick = side(rank, cell);
  const top = font * ABOVE_A + inner + usual * (d + eight);
  const between = BETWEEN_ROWS.leading * font;
  return {
    ...{ pictured: true, rows: 2, leading: true, font, square, W, target: square, thick, slot: square.across },
    ...{ top, between },
    height: W.down + between + top + 2.5 * font,
    tracks: [
      ['W0', square.across],
      ['plus', Math.min(width, Math.max(1.2 * W.across, 13 * font)) - 2 * square.across - thick - inner],
      ['B', thick],
      ['inner', inner],
      ['dW', square.across],
    ],
  };
}
