/** Sides of a rectangle in px, from the top left corner of window or page. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const GAP = 12;
const EDGE = 8;
const WIDEST = 560;
/** Least size of a readable text, in px. */
const LEAST = { width: 250, height: 150 };
/** px beyond which more room is no better. */
const ENOUGH = 600;

/** Free space at each side of a box: right, left, above, below. */
function sidesOf({ left, top, right, bottom }: Box, width: number, height: number): readonly Box[] {
  const all: Box = { left: EDGE, top: EDGE, right: width - EDGE, bottom: height - EDGE };
  return [
    { ...all, left: right + GAP },
    { ...all, right: left - GAP },
    { ...all, bottom: top - GAP },
    { ...all, top: bottom + GAP },
  ];
}

/** Place at the box's side with the most room, close to it; null if no side has enough, as on a page zoomed to 400%. */
export function panelPlace(
  box: Box,
  width: number,
  height: number,
): (Box & { readonly from: 'top' | 'bottom' }) | null {
  const use = (side: Box) => {
    const [w, h] = [Math.min(side.right - side.left, WIDEST), Math.min(side.bottom - side.top, ENOUGH)];
    return w < LEAST.width || h < LEAST.height ? 0 : w * h;
  };
  const sides = sidesOf(box, width, height);
  const best = sides.reduce((a, b) => (use(b) > use(a) ? b : a));
  if (use(best) === 0) return null;
  const place = sides.indexOf(best);
  const wide = Math.min(WIDEST, best.right - best.left);
  // Close to the box: at its edge on the left or right, aligned with its left side above and below.
  const left = place === 1 ? best.right - wide : place === 0 ? best.left : Math.min(box.left, best.right - wide);
  const at = Math.max(best.left, left);
  const from = place === 2 ? 'bottom' : 'top';
  // Next to a low chart the panel begins higher, so that it is readable.
  const top = place < 2 ? Math.max(best.top, Math.min(box.top, best.bottom - ENOUGH)) : best.top;
  return { left: at, right: at + wide, top, bottom: best.bottom, from };
}
