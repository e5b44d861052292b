import { type EditName, editWords } from './names.ts';
import type { EditShade } from './painting.ts';

/** Two lenses with the same glint, not a mirrored one, which keeps the rank low. */
const sunglasses: EditShade = (x, y) => {
  const u = Math.abs(x - 0.5);
  const a = (u - 0.128) / 0.106;
  const b = (y - 0.372) / 0.094;
  if (a * a * a * a + b * b < 1) return glint(x < 0.5 ? x - 0.372 : x - 0.628, y - 0.35) ? 0 : 1;
  const bridge = u < 0.04;
  const arm = u > 0.2 && u < 17 / 64;
  return y >= 20 / 64 && y < 22 / 64 && (bridge || arm) ? 1 : null;
};

/** Two slanted strokes; w and t are measured from the middle of a lens. */
function glint(w: number, t: number): boolean {
  const p = w + 0.045;
  const wide = Math.abs(p + t) < 0.011 && Math.abs(p - t) < 0.055;
  return wide || (Math.abs(p + t - 0.04) < 0.008 && Math.abs(p - t) < 0.04);
}

const hat: EditShade = (x, y) => {
  const u = Math.abs(x - 0.5);
  if (y >= 9 / 64 && y < 11 / 64 && u < 10 / 64) return 0;
  const brim = y >= 12 / 64 && y < 14 / 64 && u < 18 / 64;
  const crown = y >= 1 / 64 && y < 12 / 64 && u < 10 / 64;
  return brim || crown ? 1 : null;
};

/** 120 squares of 2 × 2 cells of a grid, dark and light in turn, later ones on top: nearly full rank. */
const confetti: EditShade = (x, y) => thrown()[Math.floor(y * GRID) * GRID + Math.floor(x * GRID)];

const GRID = 64;
let cells: readonly (number | null)[] | null = null;

/** The squares, by their cells. The positions come from a linear congruential generator, exact in integers. */
function thrown(): readonly (number | null)[] {
  if (cells) return cells;
  const grid = new Array<number | null>(GRID * GRID).fill(null);
  let q = 1;
  const next = () => {
    q = (16807 * q) % 2147483647;
    return q % (GRID - 1);
  };
  for (let i = 0; i < 120; i++) {
    const [column, row] = [next(), next()];
    for (const at of [0, 1, GRID, GRID + 1]) grid[row * GRID + column + at] = i % 2;
  }
  cells = grid;
  return grid;
}

/** The edits of the owl, by name. */
export const EDIT_SHADES: Readonly<Record<EditName, EditShade>> = { sunglasses, hat, confetti };

/** The first one for a name that is none. */
export const editShade = (name: string): EditShade => EDIT_SHADES[editWords.byName(name).name];
