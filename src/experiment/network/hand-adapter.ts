import { fromBase64Url, toBase64Url } from '../link/deflate.ts';
import { digits } from './digits-target.ts';

export interface HandFactors {
  /** Rank × k, row by row. */
  readonly A: ArrayLike<number>;
  /** d × rank, row by row. */
  readonly B: ArrayLike<number>;
}

/** What adapts the network to a hand: ΔW = s·B·A for each of its matrices. */
export interface HandAdapter {
  readonly rank: number;
  readonly scaling: number;
  readonly layers: readonly HandFactors[];
}

/**
 * `hand` of a link, base64url: version and rank (a byte each), s (float32, low byte first); then A and B of each matrix,
 * row by row: a scale (float32) and the entries in 8 bits. An entry is scale·q/127, q from −127 to 127.
 * A scale for each row of A and column of B gains nothing: of 23,910 answers to 30 sets of drawings, 21 changed at rank
 * 4, and 18 with one for each factor.
 */
const VERSION = 1;
const HEAD = 6;
const MAX_LENGTH = 2500;
const LARGEST = 127;
/** More does not fit into a link. */
export const MAX_HAND_RANK = 5;
/** No adapter has larger numbers. */
const MAX_SCALE = 1e6;

const FACTORS = digits.layers.flatMap(
  ({ d, k }, layer) =>
    [
      { layer, factor: 'A', size: k },
      { layer, factor: 'B', size: d },
    ] as const,
);
const bytesOf = (rank: number) => FACTORS.reduce((sum, { size }) => sum + 4 + rank * size, HEAD);

/** The text for a link. Throws RangeError for an adapter that has no text: its rank, its sizes or a number. */
export function encodeHand({ rank, scaling, layers }: HandAdapter): string {
  if (!Number.isInteger(rank) || rank < 1 || rank > MAX_HAND_RANK)
    throw new RangeError(`the rank is ${rank}; a link holds 1 to ${MAX_HAND_RANK}`);
  for (const { layer, factor, size } of FACTORS)
    if (layers[layer][factor].length !== rank * size)
      throw new RangeError(`${factor} of matrix ${layer + 1} has not ${rank} × ${size} entries`);
  const view = new DataView(new ArrayBuffer(bytesOf(rank)));
  view.setUint8(0, VERSION);
  view.setUint8(1, rank);
  if (!(scaling > 0 && scaling <= MAX_SCALE)) throw new RangeError(`the scaling is ${scaling}`);
  view.setFloat32(2, scaling, true);
  let at = HEAD;
  for (const { layer, factor } of FACTORS) {
    const entries = Array.from(layers[layer][factor]);
    const scale = Math.fround(Math.max(...entries.map(Math.abs)));
    if (!(scale <= MAX_SCALE)) throw new RangeError(`an entry of ${factor} is not a number up to ${MAX_SCALE}`);
    view.setFloat32(at, scale, true);
    at += 4;
    for (const x of entries) view.setInt8(at++, scale === 0 ? 0 : Math.round((x / scale) * LARGEST));
  }
  return toBase64Url(new Uint8Array(view.buffer));
}

type DecodedHand = { readonly adapter: HandAdapter } | { readonly fault: string };

/** The adapter of a text from anywhere, or what is wrong with it, without a full stop. */
export function decodeHand(text: string): DecodedHand {
  if (text.length > MAX_LENGTH) return { fault: `it has ${text.length} characters; the limit is ${MAX_LENGTH}` };
  if (!/^[\w-]+$/.test(text)) return { fault: 'it is not base64url' };
  let bytes: Uint8Array;
  try {
    bytes = fromBase64Url(text);
  } catch {
    return { fault: 'it is cut off' };
  }
  if (bytes[0] !== VERSION) return { fault: `its version is ${bytes[0]}; this page reads version ${VERSION}` };
  const rank = bytes[1];
  if (!(rank >= 1 && rank <= MAX_HAND_RANK))
    return { fault: `its rank is ${rank ?? 'missing'}; expected 1 to ${MAX_HAND_RANK}` };
  if (bytes.length !== bytesOf(rank))
    return { fault: `it has ${bytes.length} bytes; an adapter of rank ${rank} has ${bytesOf(rank)}` };
  return factorsOf(rank, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function factorsOf(rank: number, view: DataView): DecodedHand {
  const scaling = view.getFloat32(2, true);
  if (!(scaling > 0 && scaling <= MAX_SCALE)) return { fault: 'its scaling s is not a number above 0' };
  const layers = digits.layers.map(({ d, k }) => ({ A: new Float32Array(rank * k), B: new Float32Array(d * rank) }));
  let at = HEAD;
  for (const { layer, factor } of FACTORS) {
    const scale = view.getFloat32(at, true);
    if (!(scale >= 0 && scale <= MAX_SCALE)) return { fault: `a scale of ${factor} is not a number from 0` };
    at += 4;
    const entries = layers[layer][factor];
    for (let i = 0; i < entries.length; i++) {
      const q = view.getInt8(at++);
      if (q < -LARGEST) return { fault: `an entry of ${factor} is below its scale` };
      entries[i] = (scale * q) / LARGEST;
    }
  }
  return { adapter: { rank, scaling, layers } };
}
