import type { Rect } from '../drawing/marks.ts';
import {
  belowCaptions,
  between,
  captions,
  centred,
  clearance,
  colourKey,
  cornered,
  corneredHeadings,
  firstRow,
  heading,
  plusBeside,
  type StripLayout,
  type StripRequest,
  type StripRules,
  stripRules,
} from './strip-rules.ts';

export { framedCell, layoutPicture } from './picture-layout.ts';
export type { StripCaption, StripLayout, StripMode, StripRequest, TextPlace } from './strip-rules.ts';

/** Places of everything in W = W₀ + [B, A, ΔW] → ΔW*, leaves E. Pure arithmetic. */
export function layoutStrip(request: StripRequest): StripLayout {
  const rules = stripRules(request.mode);
  const { cell, tall } = cellSize(request, rules);
  return rules.rows === 2 ? twoRows(request, rules, cell, tall) : oneRow(request, rules, cell, tall);
}

const usualRank = ({ d, k }: Pick<StripRequest, 'd' | 'k'>) => Math.min(8, d, k);

/** One size for all: what the width allows, and not so much that A and ΔW pass the height that rank 8 has set. */
function cellSize(
  { width, d, k, rank, tallest, enlarged = 1 }: StripRequest,
  rules: StripRules,
): { cell: number; tall: number } {
  const room = Math.max(2, width - rules.fixed);
  // The second is for an r so thin that it is drawn as a hairline of 1 px.
  const byWidth = (r: number) => Math.min(room / (rules.squares * k + r), (room - 1) / (rules.squares * k));
  const usual = usualRank({ d, k });
  const most = Math.min((tallest ?? rules.tallest) / (d + usual), byWidth(usual));
  const whole = Math.floor(most * enlarged + 1e-9);
  const tall = (whole < WHOLE ? most : whole / enlarged) * (d + usual);
  return { cell: Math.min(byWidth(rank), tall / (d + rank)), tall };
}

/** Cells of so many px, and larger ones, are whole px: a part of a px more or less is not seen in size, but as uneven rows. */
const WHOLE = 4;

/** Sizes in px of the two kinds of matrix, at least a hairline. */
function sizes({ d, k, rank }: StripRequest, cell: number) {
  const px = (entries: number) => Math.max(1, entries * cell);
  return { across: px(k), down: px(d), thick: px(rank) };
}

function oneRow(request: StripRequest, rules: StripRules, cell: number, tall: number): StripLayout {
  const { width } = request;
  const { font, symbolFont, gap, tuck } = rules;
  const { across, down, thick } = sizes(request, cell);
  // Where a matrix is narrower than the words under it, the words set its place.
  const share = (width - rules.fixed - thick) / rules.squares;
  const slot = Math.max(across, Math.min(rules.words, share));
  const used = rules.squares * slot + thick + rules.fixed;
  const sep = rules.sep + Math.max(0, Math.min(rules.widestSep - rules.sep, (width - used) / 2));
  const usual = tall * (1 - request.d / (request.d + usualRank(request)));
  const y = firstRow(rules, tall, down) + clearance(rules, usual, tall / (request.d + 1));
  const square = (x: number): Rect => ({ x, y, width: across, height: down });
  const W = rules.squares === 5 ? square(0) : null;
  const W0 = square(W ? slot + gap : 0);
  const { B, A, DW } = cornered({ x: W0.x + slot + gap - tuck, y }, { across, down, thick }, rules);
  const target = square(DW.x + slot + sep);
  const E = square(target.x + slot + sep);
  const middle = y + down / 2;
  const caption = captions(rules, y + down, slot);
  const become = between(DW, target);
  const half = sep * 0.28;
  return {
    width,
    height: belowCaptions(y + down, rules),
    cell,
    font,
    symbolFont,
    pictured: false,
    divider: null,
    matrices: { W, W0, B, A, DW, target, E },
    signs: {
      equals: W ? centred(between(W, W0), middle + symbolFont * 0.35) : null,
      plus: plusBeside(W0, B, request, rules),
      arrow: { from: become - half, to: become + half, y: middle },
      should: centred(become, middle - font * 0.75),
      become: centred(become, middle + font * 1.45),
      leaves: centred(between(target, E), middle),
    },
    headings: {
      W: W ? heading(W, rules) : null,
      W0: heading(W0, rules),
      ...corneredHeadings({ A, B }, A.x + slot, font),
      target: heading(target, rules),
      E: heading(E, rules),
    },
    captions: {
      W: W ? caption(W) : null,
      W0: caption(W0),
      DW: caption(DW),
      target: caption(target),
      E: caption(E),
    },
    key: colourKey(Math.min(width, E.x + slot), heading(E, rules).y, rules),
  };
}

/** The phone: ΔW* exactly under ΔW, E under W₀. */
function twoRows(request: StripRequest, rules: StripRules, cell: number, tall: number): StripLayout {
  const { width } = request;
  const { font, symbolFont, inner } = rules;
  const { across, down, thick } = sizes(request, cell);
  const share = (width - rules.fixed - thick) / 2;
  const slot = Math.max(across, Math.min(rules.words, share));
  const y = firstRow(rules, tall, down);
  const second = y + down + symbolFont * 1.2 + font * 3.5;
  const W0: Rect = { x: 0, y, width: across, height: down };
  const { B, A, DW } = cornered({ x: width - slot - inner - thick, y }, { across, down, thick }, rules);
  const target: Rect = { ...DW, y: second };
  const E: Rect = { ...W0, y: second };
  const above = captions(rules, y + down, slot);
  const below = captions(rules, second + down, slot);
  return {
    width,
    height: second + down + symbolFont * 1.15 + font * 1.9,
    cell,
    font,
    symbolFont,
    pictured: false,
    divider: null,
    matrices: { W: null, W0, B, A, DW, target, E },
    signs: {
      equals: null,
      plus: plusBeside(W0, B, request, rules),
      arrow: null,
      should: null,
      become: null,
      leaves: null,
    },
    headings: {
      W: null,
      W0: heading(W0, rules),
      ...corneredHeadings({ A, B }, A.x + slot, font),
      target: heading(target, rules),
      E: heading(E, rules),
    },
    captions: { W: null, W0: above(W0), DW: above(DW), target: below(target), E: below(E) },
    key: null,
  };
}
