/** Written files as Python reads them by names and config alone (TORCH_PYTHON, or python3). */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { convertedFile } from '../convert/converted-file.ts';
import { fileFigures } from '../figures/file-figures.ts';
import { blobSink } from '../file-source.ts';
import type { Adapter, Fault, OutputType, ResizeWay } from '../model.ts';
import { openAdapter } from '../open.ts';
import { mergeOf } from '../pair/merged-file.ts';
import { predictResize, spectraOf } from '../resize/predict-resize.ts';
import { resizedFile } from '../resize/resized-file.ts';
import { type OutputFile, writeSafetensors } from '../safetensors/write.ts';
import { makeFile, makePair, SUM_PLAN, type TestFile, type TestTensor } from './make-file.ts';

const PYTHON = process.env.TORCH_PYTHON ?? 'python3';
const SCRIPT = fileURLToPath(new URL('read_back.py', import.meta.url));
const hasNumpy = spawnSync(PYTHON, ['-c', 'import numpy']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'adapters-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Difference from the prediction, at most: rounding adds to the error as a square. */
const WITHIN: Readonly<Record<OutputType, number>> = { F32: 1e-12, F16: 2e-6, BF16: 1e-4 };

type Paths = readonly [file: string, config: string | null];
interface OnDisk {
  readonly made: TestFile;
  readonly adapter: Adapter;
  readonly paths: Paths;
}

let files = 0;
function onDisk(bytes: Uint8Array, config: string | null): Paths {
  const path = join(folder, `${files++}`);
  writeFileSync(path, bytes);
  if (config !== null) writeFileSync(`${path}.json`, config);
  return [path, config === null ? null : `${path}.json`];
}

function usable<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

/** Eight modules of a decoder in PEFT's naming, with patterns of rank and α; or of a U-Net in kohya's. */
async function adapterOf(naming: 'peft' | 'kohya', dtype: OutputType, seed: number, rslora = false): Promise<OnDisk> {
  const tensors = Array.from({ length: 4 }, (_, layer) =>
    ['q', 'v'].flatMap((type, i): TestTensor[] => {
      const r = type === 'v' ? 4 : 6;
      const { B, A } = makePair(40, 30 + i, [3, 2, 1, 0.5, 0.3, 0.1].slice(0, r), seed + 2 * layer + i);
      const kohya = `lora_unet_down_blocks_1_attentions_0_transformer_blocks_${layer}_attn1_to_${type}`;
      const name = naming === 'kohya' ? kohya : `base_model.model.model.layers.${layer}.self_attn.${type}_proj`;
      const [down, up] = naming === 'kohya' ? ['lora_down', 'lora_up'] : ['lora_A', 'lora_B'];
      return [
        { name: `${name}.${down}.weight`, shape: [r, 30 + i], values: A.data, dtype },
        { name: `${name}.${up}.weight`, shape: [40, r], values: B.data, dtype },
        ...(naming === 'kohya' ? [{ name: `${name}.alpha`, shape: [], values: [2 + layer], dtype }] : []),
      ];
    }),
  ).flat();
  const patterns = { rank_pattern: { v_proj: 4 }, alpha_pattern: { 'layers\\.[12]\\.self_attn\\.q_proj': 5 } };
  const config = { peft_type: 'LORA', r: 6, lora_alpha: 12, use_rslora: rslora, ...patterns };
  const made = await makeFile('made.safetensors', tensors, naming === 'peft' ? { config } : {});
  const adapter = usable(await openAdapter(made.source, made.config, null));
  return { made, adapter, paths: onDisk(new Uint8Array(await made.blob.arrayBuffer()), made.config) };
}

async function written({ file, config }: { file: OutputFile; config: string | null }): Promise<Paths> {
  const sink = blobSink();
  await writeSafetensors(file, sink);
  return onDisk(new Uint8Array(await sink.blob().arrayBuffer()), config);
}

interface Order {
  readonly old: readonly (readonly [...Paths, weight: number])[];
  readonly new: Paths;
}

/** One process for all orders. */
function inPython(orders: readonly Order[]): { modules: number; error: number }[] {
  const input = orders.map((order) => JSON.stringify(order)).join('\n');
  const { stdout, stderr } = spawnSync(PYTHON, [SCRIPT], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const WAYS: readonly ResizeWay[] = [
  { by: 'energy', share: 0.9 },
  { by: 'rank', rank: 2 },
  { by: 'sv_fro', t: 0.8 },
];

describe.skipIf(!hasNumpy)(`Python reads what was written${hasNumpy ? '' : ' (not run: no NumPy here)'}`, () => {
  it('finds the error of a cut file that was foretold, in every type, with patterns and α/√r', async () => {
    const [orders, foretold]: [Order[], { error: number; within: number }[]] = [[], []];
    for (const naming of ['peft', 'kohya'] as const)
      for (const dtype of ['F32', 'F16', 'BF16'] as const)
        for (const [i, way] of WAYS.entries()) {
          const { made, adapter, paths } = await adapterOf(naming, dtype, 10 * i, i === 1);
          const figures = await Promise.all(adapter.modules.map((module) => fileFigures(made.source, module)));
          const spectra = spectraOf(adapter, figures);
          const plan = { way, most: null, mostOfConvolutions: null, dtype: null, split: 'both' } as const;
          const { ranks, error } = predictResize(adapter, spectra, plan);
          orders.push({
            old: [[...paths, 1]],
            new: await written(usable(resizedFile(made.source, adapter, spectra, plan, ranks))),
          });
          foretold.push({ error, within: WITHIN[dtype] });
        }
    const found = inPython(orders);
    for (const [i, { error, within }] of foretold.entries()) {
      expect(found[i].modules).toBe(8);
      expect(error).toBeGreaterThan(0.05);
      expect(Math.abs(found[i].error - error)).toBeLessThan(within);
    }
  });

  it('finds the sum of two files in one, and the same numbers under other names', async () => {
    const orders: Order[] = [];
    for (const naming of ['peft', 'kohya'] as const) {
      const [a, b] = [await adapterOf(naming, 'F32', 100), await adapterOf(naming, 'F32', 200, true)];
      const plan = { ...SUM_PLAN, weights: [0.7, -0.4] };
      const open = ({ made, adapter }: OnDisk) => ({ source: made.source, adapter });
      const sum = await written(usable(mergeOf([open(a), open(b)], plan)));
      orders.push({
        old: [
          [...a.paths, 0.7],
          [...b.paths, -0.4],
        ],
        new: sum,
      });
      const other = usable(await convertedFile(a.made.source, a.adapter, naming === 'peft' ? 'kohya' : 'peft'));
      orders.push({ old: [[...a.paths, 1]], new: await written(other) });
    }
    for (const [i, { modules, error }] of inPython(orders).entries()) {
      expect(modules).toBe(8);
      expect(error).toBeLessThan(i % 2 === 0 ? 1e-6 : 1e-12);
    }
  });
});
