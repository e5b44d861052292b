import { type Plane, reduce } from '../../charts/matrices/plane.ts';
import { cached } from '../../experiment/layer/cached.ts';
import type { OwnShape } from '../../experiment/methods/method.ts';
import type { BesideLora } from '../../experiment/methods/starts.ts';
import { count } from '../../experiment/numbers.ts';

/** A matrix of a method's own numbers in the place of B, left of ΔW, or in that of A, above it. */
export interface OwnFactor {
  readonly name: string;
  /** Its shape in words: "64 × 8, m 64". */
  readonly size: string;
  readonly rows: number;
  readonly cols: number;
  /** The numbers as drawn, from those that are kept. */
  readonly values: (own: readonly Float32Array[]) => Float32Array;
}

/** The places beside ΔW of a method; null: it has nothing there. */
export interface OwnFactors {
  readonly A: OwnFactor | null;
  readonly B: OwnFactor | null;
  /** Cells that the place of B is wide, and that of A high. */
  readonly thick: number;
}

/** Cells of a place whose matrix has no thickness of its own. */
const USUAL = 8;
const MOST_CELLS = 256;

const sizeOf = ({ rows, cols }: Pick<OwnShape, 'rows' | 'cols'>) => `${count(rows)} × ${count(cols)}`;

const plain = (shape: OwnShape, at: number, more = ''): OwnFactor => ({
  ...shape,
  size: `${sizeOf(shape)}${more}`,
  values: (own) => own[at],
});

type Placed = (shapes: readonly OwnShape[], d: number) => OwnFactors;

const PLACES: Readonly<Record<BesideLora, Placed>> = {
  dora: ([A, B, m]) => ({ A: plain(A, 0), B: plain(B, 1, `, m ${count(m.rows)}`), thick: A.rows }),
  hira: ([A, B]) => ({ A: plain(A, 0), B: plain(B, 1), thick: A.rows }),
  lokr: ([W2, C]) => ({ A: plain(W2, 0), B: plain(C, 1), thick: USUAL }),
  'lora-xs': ([R]) => ({ A: null, B: plain(R, 0), thick: R.rows }),
  ia3: ([scale]) => {
    // A factor of 1 leaves W₀ as it is: it is drawn blank.
    const less = {
      ...plain(scale, 0),
      name: 'ℓ − 1',
      values: ([own]: readonly Float32Array[]) => own.map((x) => x - 1),
    };
    return scale.rows === 1 ? { A: less, B: null, thick: 2 } : { A: null, B: less, thick: 2 };
  },
  shira: ([{ cols: n }], d) => {
    const cols = Math.ceil(n / d);
    const values = ([own]: readonly Float32Array[]) => {
      const whole = new Float32Array(d * cols);
      whole.set(own);
      return whole;
    };
    const thick = Math.min(2 * USUAL, cols);
    return { A: null, B: { name: 'θ', size: `${count(n)} entries`, rows: d, cols, values }, thick };
  },
  oft: ([Q], d) => {
    const b = d / Q.rows;
    const size = Q.rows === 1 ? sizeOf({ rows: b, cols: b }) : `${count(Q.rows)} of ${sizeOf({ rows: b, cols: b })}`;
    const values = ([own]: readonly Float32Array[]) => blocksOf(own, d, b);
    return { A: null, B: { name: 'Q', size, rows: d, cols: b, values }, thick: Math.min(2 * USUAL, b) };
  },
};

/** The blocks of Q = −Qᵀ below each other, from the entries above their diagonals. */
function blocksOf(entries: Float32Array, d: number, b: number): Float32Array {
  const whole = new Float32Array(d * b);
  let at = 0;
  for (let first = 0; first < d; first += b)
    for (let i = 0; i < b; i++)
      for (let j = i + 1; j < b; j++) {
        const q = entries[at++];
        whole[(first + i) * b + j] = q;
        whole[(first + j) * b + i] = -q;
      }
  return whole;
}

export const ownFactors = (name: BesideLora, shapes: readonly OwnShape[], d: number): OwnFactors =>
  PLACES[name](shapes, d);

const planesOfOwn = cached((own: readonly Float32Array[]) => {
  const made = new Map<string, Plane>();
  return (of: OwnFactor): Plane => {
    const plane = made.get(of.name) ?? reduce(of.values(own), of.rows, of.cols, MOST_CELLS).mean;
    made.set(of.name, plane);
    return plane;
  };
});

/** The same plane for the same numbers. */
export const ownPlane = (of: OwnFactor, own: readonly Float32Array[]): Plane => planesOfOwn(own)(of);
