import type { ByteSource, TensorEntry } from './model.ts';
import { fromBytes } from './safetensors/numbers.ts';

/** Bytes between two scalars that are rather read along than left out, and the most that is read at a time. */
const GAP = 65_536;
const PIECE = 4_194_304;
/** Pieces that are read at the same time. */
const AT_ONCE = 8;

/** Reads tensors of one number each: hundreds of them, small and often near each other, in few pieces. */
export async function readScalars(
  source: ByteSource,
  scalars: readonly TensorEntry[],
): Promise<ReadonlyMap<TensorEntry, number>> {
  const pieces: TensorEntry[][] = [];
  for (const scalar of scalars.toSorted((a, b) => a.from - b.from)) {
    const piece = pieces.at(-1);
    const near = piece && scalar.from - piece[piece.length - 1].to <= GAP && scalar.to - piece[0].from <= PIECE;
    if (near) piece.push(scalar);
    else pieces.push([scalar]);
  }
  const values = new Map<TensorEntry, number>();
  for (let i = 0; i < pieces.length; i += AT_ONCE) {
    await Promise.all(
      pieces.slice(i, i + AT_ONCE).map(async (piece) => {
        const from = piece[0].from;
        const bytes = await source.read(from, piece[piece.length - 1].to);
        for (const scalar of piece) {
          values.set(scalar, fromBytes(bytes.slice(scalar.from - from, scalar.to - from), scalar.dtype)[0]);
        }
      }),
    );
  }
  return values;
}
