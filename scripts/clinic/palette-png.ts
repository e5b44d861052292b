import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
/** Colours: more than the eye tells apart between paper and each ink. */
const MOST = 64;

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

/** Square of the distance of two colours 0xRRGGBB. */
function apart(a: number, b: number): number {
  const by = (shift: number) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return by(16) ** 2 + by(8) ** 2 + by(0) ** 2;
}

/**
 * A PNG with a palette (PNG specification, 11.2), much smaller than one of 24 bits a pixel: the most frequent colours, and for
 * each other one the nearest of them. `pixels`: red, green, blue, opacity of each, row by row; the opacity is left out.
 */
export function palettePng(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number): Buffer {
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let i = 0; i < colours.length; i++) {
    colours[i] = (pixels[4 * i] << 16) | (pixels[4 * i + 1] << 8) | pixels[4 * i + 2];
    counts.set(colours[i], (counts.get(colours[i]) ?? 0) + 1);
  }
  const byCount = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const palette = byCount.slice(0, MOST);
  const nearest = (colour: number) =>
    palette.reduce((best, of, i) => (apart(of, colour) < apart(palette[best], colour) ? i : best), 0);
  const indices = new Map(byCount.map((colour, i) => [colour, i < MOST ? i : nearest(colour)]));
  // Each row begins with its filter: none.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = indices.get(colours[y * width + x]) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rgb = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(rgb)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
