import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeFile, normalMatrix } from '../../src/adapters/file/testing/make-file.ts';
import { decoderOf12, unetOf128 } from '../../src/adapters/file/testing/models.ts';
import { zipOf } from '../../src/adapters/file/testing/zip.ts';
import { runCommand as run } from './testing/run-command.ts';
import { writeOutput } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'adapter-'));
const at = (name: string) => join(folder, name);
const NEW = at('new');
const [PEFT, NAMELESS, PLAIN, OUT] = [
  'peft/adapter_model.safetensors',
  'style.safetensors',
  'plain.safetensors',
  'new/out.safetensors',
].map(at);
const [FLUX, UNTOLD, TWO, FIVE] = ['flux.safetensors', 'untold.safetensors', 'two.zip', 'five.zip'].map((name) =>
  at(`odd/${name}`),
);

beforeAll(async () => {
  const [decoder, unet] = [await decoderOf12(), await unetOf128()];
  for (const name of ['peft', 'new', 'odd']) mkdirSync(at(name));
  const pair = (name: string) => [
    { name: `${name}.lora_down.weight`, shape: [2, 6], values: normalMatrix(2, 6, 1, 'A').data },
    { name: `${name}.lora_up.weight`, shape: [4, 2], values: normalMatrix(4, 2, 1, 'B').data },
  ];
  // As sd-scripts saves a LoRA of Flux.
  const [first, second] = ['lora_unet_double_blocks_0_img_attn_proj', 'lora_te1_text_model_encoder_layers_0_mlp_fc1'];
  const flux = await makeFile('flux.safetensors', [
    ...[first, second].flatMap(pair),
    ...[first, second].map((name) => ({ name: `${name}.alpha`, shape: [], values: [1] })),
  ]);
  writeFileSync(FLUX, new Uint8Array(await flux.blob.arrayBuffer()));
  const untold = await makeFile('untold.safetensors', [
    ...pair(first),
    { name: `${first}.alpha`, shape: [2], values: [1, 2] },
  ]);
  writeFileSync(UNTOLD, new Uint8Array(await untold.blob.arrayBuffer()));
  const data = new Uint8Array(await flux.blob.arrayBuffer());
  const twoIn = ['step-1', 'step-2'].map((path) => ({ path: `${path}/adapter_model.safetensors`, data }));
  writeFileSync(TWO, zipOf(twoIn));
  writeFileSync(FIVE, zipOf(['a', 'b', 'c', 'd', 'e'].map((name) => ({ path: `${name}.safetensors`, data }))));
  writeFileSync(PEFT, new Uint8Array(await decoder.blob.arrayBuffer()));
  writeFileSync(PLAIN, readFileSync(PEFT));
  writeFileSync(at('peft/adapter_config.json'), decoder.config ?? '');
  writeFileSync(NAMELESS, new Uint8Array(await unet.blob.arrayBuffer()));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('info', () => {
  it('finds the config beside the file, and prints the fields that scripts read', async () => {
    const { code, out } = await run('info', PEFT, '--json');
    expect(code).toBe(0);
    const found = JSON.parse(out);
    expect(found).toMatchObject({ format: 'peft', dtype: 'F32', bytes: readFileSync(PEFT).length });
    expect(found.modules).toHaveLength(12);
    const [module] = found.modules;
    expect(Object.keys(module)).toEqual(
      'name d k rank alpha scaling dtype frobenius sigma effectiveRank rank90 rank95 rank99 warnings'.split(' '),
    );
    expect(module).toMatchObject({ rank: 8, alpha: 8, scaling: 1 });
    const squares = module.sigma.map((x: number) => x * x);
    const total = squares.reduce((a: number, b: number) => a + b, 0);
    expect(module.frobenius).toBeCloseTo(Math.sqrt(total), 9);
    const held = squares.slice(0, module.rank95).reduce((a: number, b: number) => a + b, 0);
    expect(held).toBeGreaterThanOrEqual(0.95 * total);
    expect(held - squares[module.rank95 - 1]).toBeLessThan(0.95 * total);
  });

  it('prints a sentence on an α that is none, and goes on without it', async () => {
    const config = at('large.json');
    writeFileSync(config, '{"r": 8, "lora_alpha": 1e308}');
    const { code, out } = await run('info', PEFT, '--config', config, '--json');
    expect(code).toBe(0);
    const { warnings, modules } = JSON.parse(out);
    expect(warnings[0]).toContain('is 1.00·10³⁰⁸ in adapter_config.json; numbers up to 10¹² are read.');
    expect(modules[0]).toMatchObject({ alpha: null, scaling: null });
    expect(modules[0].frobenius).toBeGreaterThan(0);
  });

  it('names the faults of a module, and has their sentences once, for the file', async () => {
    const { warnings, modules } = JSON.parse((await run('info', NAMELESS, '--json', '--alpha', '4')).out);
    expect(warnings.join()).toMatch(/3 modules? stands? out/);
    const found = modules.flatMap((module: { warnings: string[] }) => module.warnings);
    expect(found.filter((about: string) => about === 'stands-out')).toHaveLength(3);
    for (const about of found) expect(about).toMatch(/^[a-z-]+$/);
  });

  it('leaves α open where the file does not say it', async () => {
    const [open, said] = [await run('info', PLAIN, '--json'), await run('info', PLAIN, '--json', '--alpha', '16')];
    const [first] = JSON.parse(open.out).modules;
    const [scaled] = JSON.parse(said.out).modules;
    expect([first.alpha, first.scaling, scaled.alpha, scaled.scaling]).toEqual([null, null, 16, 2]);
    expect(scaled.sigma[0] / first.sigma[0]).toBeCloseTo(2, 9);
  });
});

describe('what is written', () => {
  afterEach(() => {
    for (const name of readdirSync(NEW)) rmSync(join(NEW, name));
  });

  it('is cut as foretold, and read back; an output that exists stays', async () => {
    const args = ['resize', NAMELESS, '--alpha', '4', '--rank', '2', '--out', OUT, '--json'];
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    const { modules, error, measured, bytes } = JSON.parse(out);
    expect(modules.every((one: { before: number; after: number }) => one.before === 4 && one.after === 2)).toBe(true);
    expect(Math.abs(measured - error)).toBeLessThan(1e-6);
    expect(readFileSync(OUT).length).toBe(bytes);
    const again = await run(...args);
    expect([again.code, again.out]).toEqual([2, '']);
    expect(again.error).toMatch(/exists; --force writes over it\.\n$/);
    expect((await run('resize', PEFT, '--rank', '2', '--out', OUT, '--force')).code).toBe(0);
  });

  it('is a sum: of a file and minus itself nothing is left to write, of itself twice twice as much', async () => {
    const twice = await run(
      'merge',
      NAMELESS,
      NAMELESS,
      '--alpha',
      '4',
      '--weights',
      '1,1',
      '--rank',
      '4',
      '--out',
      OUT,
      '--json',
    );
    expect(twice.code).toBe(0);
    expect(JSON.parse(twice.out).measured).toBeLessThan(1e-6);
    const [before, after] = [await run('info', NAMELESS, '--alpha', '4', '--json'), await run('info', OUT, '--json')];
    const norm = ({ out }: { out: string }) => JSON.parse(out).modules.map((m: { frobenius: number }) => m.frobenius);
    const once = norm(before);
    const ratios = norm(after).map((value: number, i: number) => value / once[i]);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(2, 5);
  });

  it('is converted bit for bit, with α in its config', async () => {
    const { code, out } = await run('convert', NAMELESS, '--alpha', '4', '--to', 'kohya', '--out', OUT, '--json');
    expect([code, JSON.parse(out).measured]).toEqual([0, 0]);
    expect(JSON.parse((await run('info', OUT, '--json')).out)).toMatchObject({ format: 'kohya', tensors: 384 });
  });

  it('has the names of diffusers, and α in its header: s is as before', async () => {
    const kohya = at('new/kohya.safetensors');
    await run('convert', NAMELESS, '--alpha', '4', '--to', 'kohya', '--out', kohya);
    const { code, out } = await run('convert', kohya, '--to', 'diffusers', '--out', OUT, '--json');
    expect([code, JSON.parse(out).measured]).toEqual([0, 0]);
    const after = JSON.parse((await run('info', OUT, '--json')).out);
    expect(after).toMatchObject({ format: 'diffusers', tensors: 256 });
    expect(new Set(after.modules.map(({ scaling }: { scaling: number }) => scaling))).toEqual(new Set([1]));
  });

  it.each([false, true])(
    'has its name only when it was read back and found right; a file there: %s',
    async (isThere) => {
      const config = join(NEW, 'adapter_config.json');
      if (isThere) for (const file of [OUT, config]) writeFileSync(file, 'before');
      const bytes = async () => new Uint8Array(4);
      const tensors = ['A', 'B'].map((mark) => ({ name: `a.lora_${mark}.weight`, dtype: 'F32', shape: [1, 1], bytes }));
      const made = { file: { metadata: {}, tensors }, config: '{"r": 1, "lora_alpha": 1}' };
      const wrong = writeOutput({ out: OUT, force: true }, made, async ({ adapter }) => {
        expect(adapter.modules[0]).toMatchObject({ name: 'a', scaling: 1 });
        throw new Error('it differs');
      });
      await expect(wrong).rejects.toThrow('it differs');
      expect(readdirSync(NEW).sort()).toEqual(isThere ? ['adapter_config.json', 'out.safetensors'] : []);
      if (isThere) for (const file of [OUT, config]) expect(readFileSync(file, 'utf8')).toBe('before');
    },
  );

  it('is kept from a number that has no float32, and nothing is written', async () => {
    const { code, error } = await run('resize', UNTOLD, '--alpha', '1e-60', '--rank', '1', '--out', OUT);
    expect([code, error]).toEqual([
      2,
      'α does not fit its type. α of “lora_unet_double_blocks_0_img_attn_proj” is 5e-61, beyond the range of F32.\n',
    ]);
    expect(readdirSync(NEW)).toEqual([]);
  });

  it.skipIf(!existsSync('/proc/self/fd'))('leaves no file open, nor its config', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          const path = readlinkSync(`/proc/self/fd/${fd}`);
          return path.startsWith(folder) ? [path] : [];
        } catch {
          return [];
        }
      });
    const config = at('peft/adapter_config.json');
    for (const args of [
      ['info', PEFT, '--config', config],
      ['info', PEFT, '--config', UNTOLD],
      ['convert', FLUX, '--to', 'kohya', '--out', OUT],
      ['resize', PEFT, '--rank', '2', '--out', OUT],
      ['convert', NAMELESS, '--alpha', '4', '--to', 'peft', '--out', OUT, '--force'],
    ]) {
      await run(...args);
      expect([args[0], open()]).toEqual([args[0], []]);
    }
    expect(readdirSync(NEW).sort()).toEqual(['adapter_config.json', 'out.safetensors']);
  });
});

it.each([
  [['info', 'nothing.safetensors'], 'nothing.safetensors: there is no such file.'],
  [
    ['inform'],
    '"inform" is no command; there are info, resize, merge, grow, continue, convert and extract (--help lists their options).',
  ],
  [['info', PEFT, '--alpha', '1e308'], '--alpha 1e308: expected a number other than 0 up to 1e12.'],
  [['info', PEFT, '--rank', '4'], 'info takes no --rank.'],
  [['resize', PEFT, '--out', OUT], 'resize takes one of --rank'],
  [['resize', PEFT, '--rank', '0', '--out', OUT], '--rank 0: expected a whole number from 1.'],
  [['resize', PEFT, '--energy', '95', '--out', OUT], '--energy 95: expected a number above 0, at most 1.'],
  [['resize', PEFT, '--rank', '2', '--out', PEFT], 'is the input; choose another name'],
  [['resize', PEFT, '--bytes', '900', '--out', OUT, '--force'], '--bytes 900: with one direction in each module'],
  [['resize', PLAIN, '--rank', '2', '--out', OUT], 'α is not known.'],
  [['merge', NAMELESS, NAMELESS, '--weights', '1', '--out', OUT], '--weights 1: expected two numbers'],
  [['convert', NAMELESS, '--to', 'onnx', '--out', OUT], '--to onnx: expected peft, kohya or diffusers.'],
  [['info', at('peft/adapter_config.json')], 'adapter_config.json:'],
  [['info', '/dev/zero'], '/dev/zero: this is not a file.'],
  [['info', PEFT, '--config', NEW], 'new: this is not a file.'],
  [['convert', FLUX, '--to', 'kohya', '--out', OUT], 'The names are those of kohya already. Choose another naming.'],
  [['resize', UNTOLD, '--rank', '1', '--out', OUT], 'α is not known.'],
  [['convert', UNTOLD, '--to', 'peft', '--out', OUT], 'α is not known.'],
  [
    ['info', TWO],
    'This zip has 2 .safetensors files, “step-1/adapter_model.safetensors” and “step-2/adapter_model.safetensors”; unpack it and name one of them.',
  ],
  [
    ['info', FIVE],
    'This zip has 5 .safetensors files, “a.safetensors”, “b.safetensors”, “c.safetensors” and 2 more; unpack',
  ],
])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
  const { code, out, error } = await run(...args);
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain(sentence);
  expect(error.trim().split('\n')).toHaveLength(1);
  expect(readdirSync(NEW)).toEqual([]);
});
