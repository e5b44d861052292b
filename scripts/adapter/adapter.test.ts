import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { decoderOf12, unetOf128 } from '../../src/adapter/testing/models.ts';
import { main } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'adapter-'));
const at = (name: string) => join(folder, name);
const NEW = at('new');
const [PEFT, NAMELESS, PLAIN, OUT] = [
  'peft/adapter_model.safetensors',
  'style.safetensors',
  'plain.safetensors',
  'new/out.safetensors',
].map(at);

beforeAll(async () => {
  const [decoder, unet] = [await decoderOf12(), await unetOf128()];
  for (const name of ['peft', 'new']) mkdirSync(at(name));
  writeFileSync(PEFT, new Uint8Array(await decoder.blob.arrayBuffer()));
  writeFileSync(PLAIN, readFileSync(PEFT));
  writeFileSync(at('peft/adapter_config.json'), decoder.config ?? '');
  writeFileSync(NAMELESS, new Uint8Array(await unet.blob.arrayBuffer()));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command prints, and its exit code. */
async function run(...args: readonly string[]) {
  const said = { out: '', error: '' };
  const into = (key: 'out' | 'error') => (text: unknown, done?: unknown) => {
    said[key] += String(text);
    if (typeof done === 'function') done();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, ...said };
}

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
    expect((await run(...args, '--force')).code).toBe(0);
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
    const ratios = norm(after).map((value: number, i: number) => value / norm(before)[i]);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(2, 5);
  });

  it('is converted bit for bit, with α in its config', async () => {
    const { code, out } = await run('convert', NAMELESS, '--alpha', '4', '--to', 'kohya', '--out', OUT, '--json');
    expect([code, JSON.parse(out).measured]).toEqual([0, 0]);
    expect(JSON.parse((await run('info', OUT, '--json')).out)).toMatchObject({ format: 'kohya', tensors: 384 });
  });
});

it.each([
  [['info', 'nothing.safetensors'], 'nothing.safetensors: there is no such file.'],
  [['inform'], '"inform" is no command; there are info, resize, merge and convert (--help lists their options).'],
  [['info', PEFT, '--alpha', '1e308'], '--alpha 1e308: expected a number other than 0 up to 1e12.'],
  [['info', PEFT, '--rank', '4'], 'info takes no --rank.'],
  [['resize', PEFT, '--out', OUT], 'resize takes one of --rank'],
  [['resize', PEFT, '--rank', '0', '--out', OUT], '--rank 0: expected a whole number from 1.'],
  [['resize', PEFT, '--energy', '95', '--out', OUT], '--energy 95: expected a number above 0, at most 1.'],
  [['resize', PEFT, '--rank', '2', '--out', PEFT], 'is the input; choose another name'],
  [['resize', PEFT, '--bytes', '900', '--out', OUT, '--force'], '--bytes 900: with one direction in each module'],
  [['resize', PLAIN, '--rank', '2', '--out', OUT], 'α is not known.'],
  [['merge', NAMELESS, NAMELESS, '--weights', '1', '--out', OUT], '--weights 1: expected two numbers'],
  [['convert', NAMELESS, '--to', 'onnx', '--out', OUT], '--to onnx: expected peft or kohya.'],
  [['info', at('peft/adapter_config.json')], 'adapter_config.json:'],
])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
  const { code, out, error } = await run(...args);
  expect([code, out]).toEqual([2, '']);
  expect(error).toContain(sentence);
  expect(error.trim().split('\n')).toHaveLength(1);
  expect(readdirSync(NEW)).toEqual([]);
});
