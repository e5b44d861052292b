/** A line from a word to a thing, both by selector. */
export interface Tie {
  readonly from: string;
  readonly to: string;
  /** Its class: the hue of the matrix. */
  readonly look: string;
  /** Where it ends: at the top of the thing, at its right side, or at the name over its left corner. */
  readonly at: 'top' | 'side' | 'name';
}

/** A thing that is framed: a rectangle around a control, a dashed ring around a dot. */
export interface Frame {
  readonly at: string;
  readonly kind: 'box' | 'ring';
  readonly look: string;
}

/** A box on the page, in px from its top left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface PlacedTie {
  readonly word: Box;
  readonly thing: Box;
  readonly look: string;
  readonly at: Tie['at'];
}

interface PlacedFrame {
  readonly rect: Box;
  readonly kind: Frame['kind'];
  readonly look: string;
}

export interface Places {
  readonly width: number;
  readonly height: number;
  readonly ties: readonly PlacedTie[];
  readonly frames: readonly PlacedFrame[];
}

/** Where everything stands now. What is not on the page, or not to be seen, is left out. */
export function readPlaces(ties: readonly Tie[], frames: readonly Frame[]): Places {
  // Not the page: the picture over it is a part of that.
  const { offsetWidth, offsetHeight } = document.getElementById('root') ?? document.body;
  return {
    width: offsetWidth,
    height: offsetHeight,
    ties: ties.flatMap(({ from, to, look, at }) => {
      const [word, thing] = [boxOf(from), boxOf(to)];
      return word && thing ? [{ word, thing, look, at }] : [];
    }),
    frames: frames.flatMap(({ at, kind, look }) => {
      const rect = boxOf(at);
      return rect ? [{ rect, kind, look }] : [];
    }),
  };
}

function boxOf(selector: string): Box | null {
  const element = document.querySelector(selector);
  if (!element) return null;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  if (right === left || bottom === top) return null;
  const px = (value: number, scrolled: number) => Math.round(2 * (value + scrolled)) / 2;
  return { left: px(left, scrollX), right: px(right, scrollX), top: px(top, scrollY), bottom: px(bottom, scrollY) };
}

export function samePlaces(a: Places, b: Places): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export interface TiePath {
  readonly d: string;
  readonly end: readonly [x: number, y: number];
  readonly look: string;
}

/** From a word down, across at a height of its own, and down to the thing: so that no line crosses another. */
export function tiePaths(ties: readonly PlacedTie[]): TiePath[] {
  if (ties.length === 0) return [];
  // In two lines of words the lines from the first would cross the second.
  if (ties.some(({ word }) => Math.abs(word.bottom - ties[0].word.bottom) > 8)) return [];
  const bottom = Math.max(...ties.map(({ word }) => word.bottom));
  const roof = Math.min(...ties.map(({ thing }) => thing.top));
  const step = Math.max(3, Math.min(9, (roof - bottom - 6) / (ties.length + 1)));
  // Lines run to the right, so the rightmost goes highest.
  const order = [...ties].sort((a, b) => middle(b.word) - middle(a.word));
  return ties.map((tie) => {
    const { word, thing, look, at } = tie;
    const x = middle(word);
    const level = bottom + 3 + step * (1 + order.indexOf(tie));
    const start = `M${x} ${word.bottom + 1}V${level}`;
    if (at === 'side') {
      const y = Math.min(thing.top + 36, (thing.top + thing.bottom) / 2);
      return { d: `${start}H${thing.right + 8}V${y}H${thing.right}`, end: [thing.right, y], look };
    }
    const [end, down] = at === 'name' ? [thing.left - NAME.left, thing.top - NAME.up] : [nearTo(thing, x), thing.top];
    return { d: `${start}H${end}V${down}`, end: [end, down], look };
  });
}

/** Where the name over the left corner of a thing is, in px. */
const NAME = { left: 11, up: 20 };

const middle = ({ left, right }: Box) => (left + right) / 2;

/** Below the word where the thing reaches there; else in its first third. */
function nearTo(thing: Box, x: number): number {
  return x > thing.left + 12 && x < thing.right - 12 ? x : thing.left + (thing.right - thing.left) / 3;
}
