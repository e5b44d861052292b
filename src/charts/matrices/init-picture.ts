import type { FactorFilling } from '../../experiment/inits/init.ts';

export interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly hue: 'a' | 'b' | 'w0';
  /** 0 paper … 1 the full hue; below 0 towards the negative colour. */
  readonly strength: number;
}

/** The corner layout in miniature, with the initial A and B. Draw into the box -1 -1 46 41. */
export interface InitPicture {
  readonly box: string;
  readonly frames: { readonly A: TileFrame; readonly B: TileFrame; readonly DW: TileFrame };
  readonly tiles: readonly Tile[];
  /** The centre of the figure 0 in a factor that starts at zero. */
  readonly zeros: readonly { readonly x: number; readonly y: number; readonly hue: 'a' | 'b' }[];
}

type TileFrame = Pick<Tile, 'x' | 'y' | 'width' | 'height'>;

interface PicturedInit {
  readonly filling: { readonly A: FactorFilling; readonly B: FactorFilling };
  /** True if their product is a part of W₀. */
  readonly moves?: true;
}

const FRAMES = {
  A: { x: 11, y: 0, width: 30, height: 7.5 },
  B: { x: 0, y: 11, width: 7.5, height: 27.5 },
  DW: { x: 11, y: 11, width: 30, height: 27.5 },
} as const;
const ENTRY = 2.5;
/** An ordered factor shows its directions, the strongest first. */
const ORDERED = [1, 0.7, 0.4];
/** A part of W₀, paler than A and B. */
const PART = 0.4;

/** Normal numbers/1.8 within ±1, in thousandths: of the stream (5, 'corner picture'), which a page need not load. */
export const NOISE = [
  -735, -108, 869, -109, -396, 26, 22, -439, -28, 1000, -670, 196, -138, 365, 1000, 379, -342, -277, 642, 717, 76, -105,
  -158, 19, 145, -69, 154, -997, -552, -258, -507, 723, 124, -638, -559, 845, 96, -175, -30, -71, 281, 178, 1000, -1000,
  373, 1000, 514, 272, -434, 632, -187, -187, 5, 581, -504, 1000, -1000, 272, -243, 416, -120, 565, -899, 246, 472,
  -188, 161, 515, 414,
];

export function initPicture({ filling: { A, B }, moves }: PicturedInit): InitPicture {
  const noise = NOISE.values();
  return {
    box: '-1 -1 46 41',
    frames: FRAMES,
    tiles: [
      ...tiles(A, FRAMES.A, 'a', noise),
      ...tiles(B, FRAMES.B, 'b', noise),
      ...(moves ? [{ ...FRAMES.DW, hue: 'w0' as const, strength: PART }] : []),
    ],
    zeros: [
      ...(A === 'zero' ? [{ x: 26, y: 3.75, hue: 'a' as const }] : []),
      ...(B === 'zero' ? [{ x: 3.75, y: 24.75, hue: 'b' as const }] : []),
    ],
  };
}

function tiles(
  filling: FactorFilling,
  { x, y, width, height }: TileFrame,
  hue: 'a' | 'b',
  noise: Iterator<number>,
): Tile[] {
  if (filling === 'zero') return [];
  if (filling === 'ordered')
    return ORDERED.map((strength, i) =>
      hue === 'a'
        ? { x, y: y + i * ENTRY, width, height: 1.6, hue, strength }
        : { x: x + i * ENTRY, y, width: 1.6, height, hue, strength },
    );
  const list: Tile[] = [];
  for (let i = 0; i < width / ENTRY; i++) {
    for (let j = 0; j < height / ENTRY; j++) {
      const strength = noise.next().value / 1000;
      list.push({ x: x + i * ENTRY, y: y + j * ENTRY, width: ENTRY, height: ENTRY, hue, strength });
    }
  }
  return list;
}
