import type { Matrix64 } from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { ByteSource, MergePlan, OutputType } from '../model.ts';
import { toBytes } from '../safetensors/numbers.ts';
import { writeSafetensors } from '../safetensors/write.ts';

export interface TestTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: OutputType;
}

export interface TestFile {
  readonly source: ByteSource;
  readonly blob: Blob;
  /** adapter_config.json. */
  readonly config: string | null;
}

export async function makeFile(
  name: string,
  tensors: readonly (Omit<TestTensor, 'dtype'> & { readonly dtype?: OutputType | 'F64' })[],
  beside: { readonly metadata?: Readonly<Record<string, string>>; readonly config?: object } = {},
): Promise<TestFile> {
  const sink = blobSink();
  const out = tensors.map(({ name, shape, values, dtype = 'F32' }) => ({
    name,
    dtype,
    shape,
    bytes: async () => (dtype === 'F64' ? new Uint8Array(Float64Array.from(values).buffer) : toBytes(values, dtype)),
  }));
  await writeSafetensors({ metadata: beside.metadata ?? {}, tensors: out }, sink);
  const blob = sink.blob();
  return { source: sourceOf(blob, name), blob, config: beside.config ? JSON.stringify(beside.config, null, 2) : null };
}

/** The same bytes as MLX writes them: null for no metadata, keys in alphabetical order, no padding, so no alignment. */
export function mlxFile(name: string, tensors: readonly TestTensor[], config: object): TestFile {
  let end = 0;
  const bytes = tensors.map(({ values, dtype = 'F32' }) => toBytes(values, dtype));
  const entries = tensors.map(({ name, shape, dtype = 'F32' }, i) => {
    const from = end;
    end += bytes[i].length;
    return [name, { data_offsets: [from, end], dtype, shape }] as const;
  });
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: null, ...Object.fromEntries(sorted) }));
  const blob = new Blob([new BigUint64Array([BigInt(header.length)]), header, ...bytes]);
  return { source: sourceOf(blob, name), blob, config: JSON.stringify(config, null, 4) };
}

/** A rows × cols matrix of normal numbers exact in float32, the same for the same seed and purpose. */
export function normalMatrix(rows: number, cols: number, seed: number, purpose: string): Matrix64 {
  const { normal } = stream(seed, purpose);
  return { rows, cols, data: Float64Array.from({ length: rows * cols }, () => Math.fround(normal())) };
}

/** B (d × r) and A (r × k), B·A with about these singular values: columns are orthonormal but for chance. */
export function makePair(d: number, k: number, sigma: readonly number[], seed: number, purpose = 'pair') {
  const r = sigma.length;
  const [B, A] = [normalMatrix(d, r, seed, `${purpose} B`), normalMatrix(r, k, seed, `${purpose} A`)];
  for (let p = 0; p < r; p++) {
    const root = Math.sqrt(sigma[p]);
    for (let i = 0; i < d; i++) B.data[i * r + p] = Math.fround((B.data[i * r + p] * root) / Math.sqrt(d));
    for (let j = 0; j < k; j++) A.data[p * k + j] = Math.fround((A.data[p * k + j] * root) / Math.sqrt(k));
  }
  return { B, A };
}

/** The plain sum of two files, all else as it is. */
export const SUM_PLAN: MergePlan = {
  weights: [1, 1],
  rank: null,
  method: 'sum',
  density: 1,
  seed: 0,
  others: 'carried',
  dtype: null,
};
