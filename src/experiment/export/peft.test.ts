import { describe, expect, it } from 'vitest';
import { type AnyMatrix, type Matrix64, multiply } from '../../math/matrix.ts';
import { inits } from '../inits/index.ts';
import { storageOf } from '../inits/testing/storage.ts';
import type { Change, Experiment } from '../settings/params.ts';
import { peftFolder } from './peft.ts';
import { writeSafetensors } from './safetensors.ts';
import { exportedRun } from './testing/exported.ts';
import { type ReadTensor, readSafetensors, unzip } from './testing/readers.ts';
import { zip } from './zip.ts';

describe('a ZIP archive', () => {
  it('gives its files back, whatever they hold and are named', async () => {
    const random = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 * (i + 3)) >>> 5);
    const entries = [
      { name: 'empty.txt', content: '' },
      { name: 'folder/ΔW.md', content: 'W₀ + s·B·A\n'.repeat(400) },
      { name: 'a.safetensors', content: random },
      { name: 'random.bin', content: random },
    ];
    const files = unzip(await zip(entries));
    expect([...files.keys()]).toEqual(entries.map(({ name }) => name));
    for (const { name, content } of entries) expect(files.get(name)).toEqual(Buffer.from(content));
    expect(await zip(entries)).toEqual(await zip(entries));
    expect(unzip(await zip([])).size).toBe(0);
  });
});

describe('a .safetensors file', () => {
  it('has the bytes of the format', () => {
    const file = writeSafetensors([{ name: 'a', shape: [1, 2], data: Float32Array.of(1, -0.5) }]);
    const header = '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(Buffer.from(file).toString('latin1')).toBe(
      `${String.fromCharCode(padded.length)}\0\0\0\0\0\0\0${padded}\x00\x00\x80\x3f\x00\x00\x00\xbf`,
    );
  });

  it('gives back every bit, indices too, and refuses a wrong shape', () => {
    const data = Float32Array.of(1e-45, -0, 3.4028235e38, 0.1, Math.PI, Number.POSITIVE_INFINITY);
    const read = readSafetensors(
      writeSafetensors([
        { name: 'x', shape: [2, 3], data },
        { name: 'i', shape: [3], data: Int32Array.of(0, 70000, -1) },
      ]),
    );
    expect(read.get('x')).toEqual({ dtype: 'F32', shape: [2, 3], values: Array.from(data) });
    expect(read.get('i')).toEqual({ dtype: 'I32', shape: [3], values: [0, 70000, -1] });
    expect(() => writeSafetensors([{ name: 'x', shape: [2, 2], data }])).toThrow('x: 6 numbers');
  });
});

interface Config {
  r: number;
  lora_alpha: number;
  use_rslora: boolean;
  target_modules: string[];
}

const matrix = ({ shape: [rows, cols], values }: ReadTensor): Matrix64 => ({
  rows,
  cols,
  data: Float64Array.from(values),
});

/** ΔW as PEFT forms it from its folder (LoraLayer.get_delta_weight). */
function deltaOf(files: Map<string, Buffer>): { config: Config; delta: Float64Array } {
  const config: Config = JSON.parse(String(files.get('adapter_config.json')));
  const tensors = readSafetensors(files.get('adapter_model.safetensors') ?? Buffer.alloc(0));
  const [name] = config.target_modules;
  const part = (of: string) => {
    const tensor = tensors.get(`base_model.model.${name}.${of}.weight`);
    if (!tensor) throw new Error(`no ${of}`);
    return matrix(tensor);
  };
  const [A, B] = [part('lora_A'), part('lora_B')];
  expect([A.rows, B.cols]).toEqual([config.r, config.r]);
  const scaling = config.use_rslora ? config.lora_alpha / Math.sqrt(config.r) : config.lora_alpha / config.r;
  return { config, delta: multiply(B, A).data.map((v) => scaling * v) };
}

const product = (s: number, B: AnyMatrix, A: AnyMatrix) => multiply(B, A).data.map((v) => s * v);

const scale = ({ scaling, alpha, rank }: Pick<Experiment, 'scaling' | 'alpha' | 'rank'>) =>
  scaling === 'none' ? 1 : alpha / (scaling === 'rslora' ? Math.sqrt(rank) : rank);

const cases = inits.all.flatMap(({ name }) => (['standard', 'rslora', 'none'] as const).map((s) => [name, s] as const));

it.each(cases)(
  'the PEFT folder gives ΔW = s·B·A − s₀·B₀·A₀ where a part of W₀ was moved: %s, %s',
  async (init, scaling) => {
    const samples = inits.byName(init).needs?.includes('inputs');
    const size = { d: 12, k: 9, rank: 4, truerank: 3, alpha: 6, samples: 20, steps: 15 };
    const { run } = await exportedRun({
      ...{ ...size, target: samples ? 'regression' : 'low-rank', init, scaling },
      ...storageOf(init),
    });
    // α changes on the way, so that s and s₀ differ; with s = 1 it has no effect.
    const changes: Change[] = [{ step: 5, key: 'alpha', value: 9 }];
    const files = unzip(await zip(peftFolder({ ...run, changes })));
    const { config, delta } = deltaOf(files);
    const [{ initial, final }] = run.modules;
    const [s0, s] = [6, 9].map((alpha) => scale({ scaling, alpha, rank: 4 }));
    const moved = inits.byName(init).moves === true;
    const trained = product(s, final.B, final.A);
    const before = product(s0, initial.B, initial.A);
    const largest = Math.max(...trained.map(Math.abs), 1e-30);
    delta.forEach((value, i) => {
      expect(Math.abs(value - (trained[i] - (moved ? before[i] : 0)))).toBeLessThan(1e-6 * largest);
    });
    expect(config).toMatchObject({ peft_type: 'LORA', r: moved ? 8 : 4, lora_dropout: 0, bias: 'none' });
    expect(config).toMatchObject({
      base_model_name_or_path: null,
      target_modules: ['W'],
      use_rslora: scaling === 'rslora',
    });
    if (scaling === 'none') expect(config.lora_alpha).toBe(config.r);
    expect([...files.keys()]).toEqual(['adapter_model.safetensors', 'adapter_config.json', 'README.md']);
    expect(String(files.get('README.md')).includes('belongs to that base, Q')).toBe(storageOf(init).quant === 'nf4');
    expect(String(files.get('README.md'))).toContain(moved ? 'rank 8, twice the rank' : 'lora_A (4 × 9)');
  },
);
