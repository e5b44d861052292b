import type { Rect } from '../drawing/marks.ts';
import type { StripLayout, StripMode, StripRules } from './strip-rules.ts';
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
  stripRules,
} from './strip-rules.ts';

export interface PictureRequest {
  readonly width: number;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly mode: StripMode;
  /** px of the text; left out: what the mode has. Everything but the matrices grows with it. */
  readonly font?: number;
  /** Most px of a cell; low windows give less. */
  readonly most?: number;
  /** One row, however narrow: a phone on its side has no height for a second. */
  readonly low?: boolean;
}

/** px beside the matrices at a text of 12 px. */
const GAP = 32;
const WIDE_GAP = 72;
/** Between W and ΔW*, at least. */
const APART = 40;
const NARROW = 680;
/** On a phone a cell may have a half px: most have two or three dots to it. */
const HALF = 0.5;

/** The largest cell in the frame of another page, `width` px wide: two rows of larger ones would be higher than wide. */
export const framedCell = (width: number) => (width < NARROW ? 2 : 3);

/**
 * Places of everything in W₀ + [B, A, ΔW] = W | ΔW*, where W₀ is a picture. Cells are whole px, so that no row of a picture
 * is wider than the next. B ends where rank 8 ends: up to there nothing but the thickness of A and B changes with the rank.
 */
export function layoutPicture(request: PictureRequest): StripLayout {
  const rules = rulesFor(request);
  if (rules.rows === 2) return twoRows(request, rules);
  // Of a narrow tablet two rows show more.
  if (request.mode === 'tablet' && request.width < NARROW * rules.unit && !request.low) return twoRows(request, rules);
  return oneRow(request, rules, wholeCell(request, rules));
}

interface Rules extends StripRules {
  /** Widths grow with the text. */
  readonly unit: number;
}

function rulesFor({ mode, font }: PictureRequest): Rules {
  const rules = stripRules(mode);
  const unit = (font ?? rules.font) / rules.font;
  const large = rules.font / 12;
  return {
    ...rules,
    unit: unit * large,
    font: rules.font * unit,
    symbolFont: rules.symbolFont * unit,
    inner: rules.inner * unit,
    words: rules.words * unit,
    keyWidth: rules.keyWidth * unit,
    keyHeight: rules.keyHeight * unit,
    gap: GAP * unit * large,
  };
}

const usualRank = ({ d, k }: Pick<PictureRequest, 'd' | 'k'>) => Math.min(8, d, k);
/** ΔW* is a little smaller than what the layer has, where that leaves its cells in whole px. */
const targetCell = (cell: number) => (cell <= 3 ? cell : Math.max(3, Math.round(0.75 * cell)));

/** Width of all at a size of cell, with the gaps as narrow as can be. */
function widthAt(cell: number, request: PictureRequest, rules: Rules): number {
  const { k, rank } = request;
  const thick = Math.max(rank, usualRank(request)) * cell;
  const beside = Math.max(k * targetCell(cell), leastBeside(request, rules));
  return 3 * k * cell + beside + thick + 2 * rules.gap + rules.inner + APART * rules.unit;
}

/** What the words under ΔW* need. */
const leastBeside = ({ width }: PictureRequest, { words }: Rules) => Math.min(words, 0.2 * width);

/** The largest whole px that fits at the usual rank; less than 1 where not even that does. */
function wholeCell(request: PictureRequest, rules: Rules): number {
  const { d, k, width, most = 4, low } = request;
  const usual = { ...request, rank: usualRank(request) };
  const highest = (most * 72) / (d + usual.rank);
  for (let cell = Math.floor(highest); cell >= 1; cell -= low ? HALF : 1)
    if (widthAt(cell, usual, rules) <= width) return cell;
  const fixed = widthAt(0, usual, rules);
  return Math.max(1 / k, Math.min((width - fixed) / (4 * k + usual.rank), highest));
}

/** Above the usual rank A and B grow thicker and all else smaller, so that the height stays. */
function cellAt(request: PictureRequest, rules: Rules, usual: number): number {
  const { d, k, rank, width } = request;
  const eight = usualRank(request);
  if (rank <= eight) return usual;
  const byHeight = (usual * (d + eight)) / (d + rank);
  const byWidth = (width - widthAt(0, request, rules)) / (4 * k + rank);
  // Whole px for the sides of the squares at least.
  const cell = Math.min(usual, byHeight, byWidth);
  return cell * k < 1 ? cell : Math.floor(cell * k) / k;
}

/** What each of the two gaps gets of `over` px to spare: a quarter, the rest being between W and ΔW*; beyond `most` px of it a third, for all three alike. */
const gapShare = (over: number, most: number) => Math.max(over / 4, most + (over - 4 * most) / 3);

function oneRow(request: PictureRequest, rules: Rules, usual: number): StripLayout {
  const { width, d, k, rank } = request;
  const { font, symbolFont, inner, unit } = rules;
  const cell = cellAt(request, rules, usual);
  const px = (entries: number, size = cell) => Math.max(1, entries * size);
  const [across, down, thick] = [px(k), px(d), px(rank)];
  const small = Math.min(targetCell(usual), cell);
  const eight = usualRank(request);
  const beside = Math.max(px(k, small), leastBeside(request, rules));
  const room = width - 2 * rules.gap - inner - APART * unit - Math.max(thick, eight * cell) - beside;
  const slot = Math.max(across, Math.min(rules.words, room / 3));
  const gap = rules.gap + gapShare(Math.max(0, room - 3 * slot), (WIDE_GAP - GAP) * unit);
  const tall = usual * (d + eight);
  const y = Math.round(firstRow(rules, tall, down) + clearance(rules, px(eight, usual), usual));
  const W0: Rect = { x: 0, y, width: across, height: down };
  const left = W0.x + slot + gap + Math.max(0, eight - rank) * cell;
  const { B, A, DW } = cornered({ x: left, y }, { across, down, thick }, rules);
  const W: Rect = { ...W0, x: DW.x + slot + gap };
  const target: Rect = {
    x: width - beside,
    y: y + down - px(d, small),
    width: px(k, small),
    height: px(d, small),
  };
  const caption = captions(rules, y + down, slot);
  const sign = y + down / 2 + symbolFont * 0.35;
  const last = caption(target).lines.at(-1) ?? 0;
  return {
    width,
    height: belowCaptions(y + down, rules),
    cell,
    font,
    symbolFont,
    pictured: true,
    matrices: { W, W0, B, A, DW, target, E: null },
    signs: { ...NO_SIGNS, equals: centred(between(DW, W), sign), plus: plusBeside(W0, B, request, rules) },
    divider: {
      x: Math.round((W.x + slot + target.x) / 2),
      from: target.y - font * 1.5,
      to: last + font * 0.4,
    },
    headings: headings({ W, W0, B, A, target }, rules, A.x + across),
    captions: {
      W: caption(W),
      W0: caption(W0),
      DW: caption(DW),
      target: { ...caption(target), width: width - target.x },
      E: null,
    },
    key: colourKey(width, heading(target, rules).y, rules),
  };
}

/** The phone: W₀ + [B, A, ΔW] above, W large and ΔW* below. */
function twoRows(request: PictureRequest, rules: Rules): StripLayout {
  const { width, d, k, rank } = request;
  const { font, symbolFont, inner } = rules;
  const eight = usualRank(request);
  const stepped = (size: number) => (size >= 1 ? Math.floor(size / HALF) * HALF : Math.max(1 / k, size));
  const fixed = inner + rules.gap;
  const most = Math.min(3, request.most ?? 3);
  const usual = stepped(Math.min((width - fixed) / (2 * k + eight), (most * 64) / Math.max(d, k)));
  const cell = rank <= eight ? usual : Math.min((width - fixed) / (2 * k + rank), (usual * (d + eight)) / (d + rank));
  const px = (entries: number, size = cell) => Math.max(1, entries * size);
  const [across, down, thick] = [px(k), px(d), px(rank)];
  const y = firstRow(rules, usual * (d + eight), down);
  const W0: Rect = { x: 0, y, width: across, height: down };
  // Their right and left ends stay where rank 8 has them.
  const left = width - Math.max(across, px(k, usual)) - inner - thick;
  const { B, A, DW } = cornered({ x: left, y }, { across, down, thick }, rules);
  const large = stepped(Math.min(1.5 * usual, (width - px(k, usual) - 2 * font) / k));
  // Low phones have small cells, and nothing to spare between the rows.
  const second = y + down + symbolFont * 1.2 + font * (most < 2 ? 3.6 : 4.4);
  const W: Rect = { x: 0, y: second, width: px(k, large), height: px(d, large) };
  const target: Rect = {
    x: width - px(k, usual),
    y: second + W.height - px(d, usual),
    width: px(k, usual),
    height: px(d, usual),
  };
  const above = captions({ ...rules, captionLines: 1 }, y + down, px(k, usual));
  const below = captions({ ...rules, captionLines: 2 }, second + W.height, px(k, usual));
  const ofW = below(W);
  return {
    width,
    height: belowCaptions(second + W.height, rules),
    cell,
    font,
    symbolFont,
    pictured: true,
    matrices: { W, W0, B, A, DW, target, E: null },
    signs: { ...NO_SIGNS, plus: plusBeside(W0, B, request, rules) },
    divider: null,
    headings: headings({ W, W0, B, A, target }, rules, DW.x + px(k, usual)),
    captions: {
      W: { ...ofW, lines: ofW.lines.slice(0, 1), width: px(k, large) },
      W0: above(W0),
      DW: above(DW),
      target: below(target),
      E: null,
    },
    key: null,
  };
}

const NO_SIGNS = { equals: null, arrow: null, should: null, become: null, leaves: null };

interface Headed {
  readonly W: Rect;
  readonly W0: Rect;
  readonly B: Rect;
  readonly A: Rect;
  readonly target: Rect;
}

function headings({ W, W0, B, A, target }: Headed, rules: Rules, right: number): StripLayout['headings'] {
  return {
    W: heading(W, rules),
    W0: heading(W0, rules),
    ...corneredHeadings({ A, B }, right, rules.font),
    target: heading(target, rules),
    E: null,
  };
}
