import { describe, expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import { rescaledFigures } from '../file/figures.ts';
import { sourceOf } from '../file/file-source.ts';
import type { Figures } from '../file/model.ts';
import { openAdapter } from '../file/open.ts';
import { predictResize, spectraOf } from '../file/resize/predict-resize.ts';
import { sizeSearch } from '../file/resize/size-choices.ts';
import { readNumbers } from '../file/safetensors/numbers.ts';
import { withAlpha } from '../file/scaling.ts';
import { makeFile, makePair } from '../file/testing/make-file.ts';
import type { AdaptersNews } from './protocol.ts';
import { createSession } from './session.ts';
import { writeFile } from './write-file.ts';

const RANK = 4;

/** A folder with a decoder of n layers, α in its config. */
async function folder(name: string, layers: number, seed: number): Promise<readonly { file: File; path: string }[]> {
  const tensors = Array.from({ length: layers }, (_, layer) => {
    const { B, A } = makePair(12, 9, [5, 2, 1, 0.3], seed + layer);
    const module = `base_model.model.model.layers.${layer}.self_attn.v_proj`;
    return [
      { name: `${module}.lora_A.weight`, shape: [RANK, 9], values: A.data },
      { name: `${module}.lora_B.weight`, shape: [12, RANK], values: B.data },
    ];
  });
  const config = { peft_type: 'LORA', r: RANK, lora_alpha: 8 };
  const made = await makeFile(name, tensors.flat(), { config });
  return [
    { file: new File([made.blob], name), path: `${name}/${name}` },
    { file: new File([made.config ?? ''], 'adapter_config.json'), path: `${name}/adapter_config.json` },
  ];
}

/** The worker's side without a worker: its messages in order. */
function talk() {
  const said: AdaptersNews[] = [];
  const waiting: (() => void)[] = [];
  const session = createSession((message) => {
    said.push(message);
    for (const wake of waiting.splice(0)) wake();
  });
  /** The first matching message, past or future. */
  const heard = async <M extends AdaptersNews>(fits: (message: AdaptersNews) => message is M): Promise<M> => {
    for (;;) {
      const found = said.find(fits);
      if (found) return found;
      await new Promise<void>((wake) => void waiting.push(wake));
    }
  };
  const of =
    <T extends AdaptersNews['type']>(type: T) =>
    (message: AdaptersNews): message is Extract<AdaptersNews, { readonly type: T }> =>
      message.type === type;
  return { ...session, said, heard, of };
}

async function opened(names: readonly string[]) {
  const worker = talk();
  const brought = (await Promise.all(names.map((name, i) => folder(name, 3, 10 * i + 1)))).flat();
  const answer = await worker.list(brought);
  for (const file of names.keys()) worker.open(file, file, null);
  const all = async (file: number) => {
    const figures: Figures[] = [];
    while (figures.length < 3)
      figures.push(
        ...(
          await worker.heard(
            (message): message is Extract<AdaptersNews, { type: 'measured' }> =>
              message.type === 'measured' && message.file === file && message.from === figures.length,
          )
        ).figures,
      );
    return figures;
  };
  return { worker, answer, all };
}

describe('the worker of adapter files', () => {
  it('lists what is in two folders, each with its config, and reads both', async () => {
    const { answer, worker, all } = await opened(['a.safetensors', 'b.safetensors']);
    expect(answer).toEqual({
      adapters: [
        { listed: 0, name: 'a.safetensors' },
        { listed: 1, name: 'b.safetensors' },
      ],
      config: null,
    });
    const figures = [...(await all(0)), ...(await all(1))];
    // s = α/r = 2 times the factors' σ, which are orthogonal but for chance.
    for (const { sigma } of figures) expect(sigma[0]).toBeGreaterThan(4);
    const ids = worker.said.flatMap((message) => (message.type === 'opened' ? [message.file] : []));
    expect(ids).toEqual([0, 1]);
  });

  it('writes a smaller file and finds the error that was foretold', async () => {
    const { worker, all } = await opened(['a.safetensors']);
    const figures = await all(0);
    const { adapter } = await worker.heard(worker.of('opened'));
    const plan = {
      way: { by: 'rank', rank: 2 },
      most: null,
      mostOfConvolutions: null,
      dtype: null,
      split: 'both',
    } as const;
    const { ranks, error, bytes } = predictResize(adapter, spectraOf(adapter, figures), plan);
    const asked = {
      does: 'resize',
      name: 'small.safetensors',
      to: null,
      file: 0,
      plan,
      ranks,
      foretold: error,
    } as const;
    worker.write(asked);
    const { written, file } = await worker.heard(worker.of('written'));
    expect(file.size).toBe(bytes);
    expect(written).toMatchObject({ name: 'small.safetensors', bytes, foretold: error });
    expect(Math.abs(written.measured / error - 1)).toBeLessThan(1e-5);
    expect(JSON.parse(written.config ?? '')).toMatchObject({ r: 2 });
  });

  it('foretells a merge of three files by TIES, and writes what it foretold', async () => {
    const { worker, all } = await opened(['a.safetensors', 'b.safetensors', 'c.safetensors']);
    await Promise.all([all(0), all(1), all(2)]);
    const plan = {
      weights: [1, 0.5, -1],
      method: 'ties',
      rank: 3,
      density: 0.4,
      seed: 0,
      others: 'carried',
      dtype: null,
    } as const;
    const found = await worker.foretell([0, 1, 2], plan);
    if ('fault' in found) throw new Error(found.details);
    expect(found.conflicts.signs).toBeGreaterThan(0.5);
    const foretold = found.foretold.error;
    worker.write({ does: 'merge', name: 'm.safetensors', to: null, files: [0, 1, 2], plan, foretold });
    const { written } = await worker.heard(worker.of('written'));
    expect(Math.abs(written.measured / foretold - 1)).toBeLessThan(1e-5);
    expect(await worker.foretell([0, 7], { ...plan, weights: [1, 1] })).toHaveProperty('fault', 'This file is closed.');
  });

  it('grows a file and finds no bit of ΔW changed; the seed is that of the command line', async () => {
    const { worker, all } = await opened(['a.safetensors']);
    await all(0);
    worker.write({
      does: 'grow',
      name: 'grown.safetensors',
      to: null,
      file: 0,
      plan: { rank: 2 * RANK, seed: 7 },
      foretold: 0,
    });
    const { written, file } = await worker.heard(worker.of('written'));
    expect(written).toMatchObject({ name: 'grown.safetensors', foretold: 0, measured: 0 });
    expect(JSON.parse(written.config ?? '')).toMatchObject({ r: 2 * RANK, lora_alpha: 16 });
    // New rows of A by the formula in docs/adapters.md.
    const source = sourceOf(file, 'grown.safetensors');
    const adapter = await openAdapter(source, written.config, null);
    if ('fault' in adapter) throw new Error(adapter.fault);
    for (const { canonical, k, rank, tensors } of adapter.modules) {
      if (!tensors.down) throw new Error(`${canonical} has no A`);
      const { uniform } = stream(7, `grow ${canonical}`);
      const rows = (await readNumbers(source, tensors.down)).subarray(RANK * k, rank * k);
      expect(Array.from(rows)).toEqual(Array.from(rows, () => Math.fround((2 * uniform() - 1) / Math.sqrt(k))));
    }
  });

  it('finds the sizes of a file with the α that a person gave, as a search on the page would', async () => {
    const { worker, all } = await opened(['a.safetensors']);
    const figures = await all(0);
    const { adapter } = await worker.heard(worker.of('opened'));
    worker.alpha(0, { alpha: 16 });
    const found = await worker.sizes(0, null);
    const typed = await worker.size(0, 900);
    if ('fault' in found || 'fault' in typed) throw new Error('the file is open');
    const asked = withAlpha(adapter, { alpha: 16 });
    const spectra = spectraOf(
      asked,
      figures.map((one, i) => rescaledFigures(one, i, asked, adapter)),
    );
    const { readSeconds, ...sizes } = found;
    expect(readSeconds).toBeGreaterThan(0);
    expect(sizes).toEqual(await sizeSearch(asked, spectra).choices(null, async () => {}));
    expect(typed).toEqual(sizeSearch(asked, spectra).most(900));
    worker.close(0);
    expect(await worker.sizes(0, null)).toHaveProperty('fault', 'This file is closed.');
  });

  it('compares two files, and again by other weights without reading them', async () => {
    const { worker, all } = await opened(['a.safetensors', 'b.safetensors']);
    await Promise.all([all(0), all(1)]);
    worker.compare([0, 1], [1, 1]);
    const { matched } = await worker.heard(worker.of('matched'));
    expect(matched.pairs).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    const first = await worker.heard(worker.of('compared'));
    worker.said.length = 0;
    worker.close(0);
    worker.weigh([2, 0]);
    const second = await worker.heard(worker.of('compared'));
    const [norm, , sum] = second.figures[0]?.frobenius ?? [0, 0, 0];
    expect(sum).toBeCloseTo(2 * norm, 10);
    expect(second.figures[0]?.cosine).toBe(first.figures[0]?.cosine);
  });

  it('keeps what was read when it is stopped, says nothing of it, and reads the rest later', async () => {
    const worker = talk();
    await worker.list(await folder('a.safetensors', 40, 1));
    worker.open(0, 0, null);
    await worker.heard(worker.of('opened'));
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((next) => setImmediate(next));
      worker.cancel();
      await new Promise((next) => setImmediate(next));
      worker.measure(0);
    }
    const read = () => worker.said.flatMap((message) => (message.type === 'measured' ? [message] : []));
    const all = () => read().reduce((sum, { figures }) => sum + figures.length, 0);
    await expect.poll(all).toBe(40);
    const seen = new Set(read().flatMap(({ from, figures }) => figures.map((_, i) => from + i)));
    expect(seen.size).toBe(40);
    expect(worker.said.some(({ type }) => type === 'failed')).toBe(false);
  });

  it('says of a damaged file what is wrong with it', async () => {
    const worker = talk();
    const file = new File(['not a header at all'], 'odd.safetensors');
    await worker.list([{ file, path: file.name }]);
    worker.open(7, 0, null);
    const { file: failed, title, details } = await worker.heard(worker.of('failed'));
    expect(failed).toBe(7);
    expect(`${title} ${details}`).toMatch(/odd\.safetensors|bytes/);
  });

  it('hands over ΔW of a module whole, with s in it', async () => {
    const { worker, all } = await opened(['a.safetensors']);
    const [figures] = await all(0);
    const answer = await worker.matrix(0, 0);
    if (!('data' in answer)) throw new Error('no matrix came');
    expect([answer.rows, answer.cols]).toEqual([12, 9]);
    expect(Math.hypot(...answer.data)).toBeCloseTo(figures?.frobenius ?? 0, 4);
  });
});

/** A place on the disk as in a browser; whether a file is left there. */
function placeOnDisk(canRemove: boolean) {
  let file: File | null = null;
  const parts: BlobPart[] = [];
  const writable = {
    write: async (bytes: BlobPart) => void parts.push(bytes),
    close: async () => {
      file = new File(parts, 'new.safetensors');
    },
    abort: async () => {},
  };
  const remove = async () => {
    file = null;
  };
  const handle = { createWritable: async () => writable, getFile: async () => file, ...(canRemove ? { remove } : {}) };
  return { handle: handle as unknown as FileSystemFileHandle, isThere: () => file !== null };
}

it.each([true, false])('a file on the disk that is not what was wanted is taken away: %s', async (canRemove) => {
  const bytes = async () => new Uint8Array(4);
  const tensors = ['A', 'B'].map((mark) => ({ name: `a.lora_${mark}.weight`, dtype: 'F32', shape: [1, 1], bytes }));
  const wrong = { fault: 'The file that was written differs.', details: 'A is not in it.' };
  const made = { file: { metadata: {}, tensors }, config: null, foretold: () => 0, measure: async () => wrong };
  const { handle, isThere } = placeOnDisk(canRemove);
  const order = {
    name: 'new.safetensors',
    to: handle,
    signal: new AbortController().signal,
    ahead: () => 1,
    progress: () => {},
  };
  expect(await writeFile(made, order)).toEqual({
    ...wrong,
    details: canRemove ? 'A is not in it. The new file was removed.' : 'A is not in it.',
  });
  expect(isThere()).toBe(!canRemove);
});
