/** The base beside an open file, in the worker without a worker. */

import { describe, expect, it } from 'vitest';
import { frobenius, leadingColumns, multiply } from '../../math/matrix.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { makeFile, makePair, normalMatrix, type TestTensor } from '../file/testing/make-file.ts';
import type { AdaptersNews } from './protocol.ts';
import { createSession } from './session.ts';

const [D, K] = [12, 20];
const SIGMA = [2, 1];
const layers = [0, 1, 2].map((i) => `model.layers.${i}.self_attn.v_proj`);
const pairs = layers.map((name) => makePair(D, K, SIGMA, 1, name));
const weights = layers.map((name) => normalMatrix(D, K, 1, name));

async function brought(name: string, tensors: readonly TestTensor[]) {
  const { blob } = await makeFile(name, tensors);
  return [{ file: new File([blob], name), path: name }];
}

const adapter = () =>
  brought(
    'style.safetensors',
    layers.flatMap((name, i) => [
      { name: `base_model.model.${name}.lora_A.weight`, shape: [2, K], values: pairs[i].A.data },
      { name: `base_model.model.${name}.lora_B.weight`, shape: [D, 2], values: pairs[i].B.data },
    ]),
  );
const base = (names: readonly string[] = layers) =>
  brought(
    'base.safetensors',
    names.map((name, i) => ({ name: `${name}.weight`, shape: [D, K], values: weights[i].data })),
  );

type BaseNews = Extract<AdaptersNews, { readonly type: 'base-measured' }>;

/** News after a call until `is` is true of all of them. */
function talk() {
  let said: AdaptersNews[] = [];
  let hear = () => {};
  const session = createSession((news) => {
    said.push(news);
    hear();
  });
  const until = (is: (all: readonly AdaptersNews[]) => boolean) =>
    new Promise<readonly AdaptersNews[]>((resolve) => {
      hear = () => {
        if (!is(said)) return;
        hear = () => {};
        resolve(said);
        said = [];
      };
      hear();
    });
  return { session, until };
}

const measured = (all: readonly AdaptersNews[]) =>
  all
    .filter((news): news is BaseNews => news.type === 'base-measured')
    .flatMap(({ from, figures }) => figures.map((of, i) => [from + i, of] as const));
const isWhole = (all: readonly AdaptersNews[]) => measured(all).length === layers.length;

async function opened() {
  const { session, until } = talk();
  await session.list(await adapter());
  session.open(0, 0, null);
  await until((all) => all.some(({ type }) => type === 'measured'));
  session.alpha(0, { alpha: 4 });
  return { session, until };
}

describe('the base beside a file', () => {
  it('is measured with the module on show first, and again with another α', async () => {
    const { session, until } = await opened();
    session.openBase(0, await base(layers.slice(0, 2)), 1);
    const news = await until(isWhole);
    expect(news.find(({ type }) => type === 'base-matched')).toMatchObject({
      file: 0,
      base: { name: 'base.safetensors', tensors: 2, found: 2 },
    });
    expect(measured(news).map(([index]) => index)).toEqual([1, 0, 2]);
    const norms = new Map(measured(news).map(([i, of]) => [i, typeof of === 'string' ? of : of.norm]));
    for (const i of [0, 1]) expect(norms.get(i)).toBeCloseTo(2 * frobenius(multiply(pairs[i].B, pairs[i].A)), 10);
    expect(norms.get(2)).toBe(`“base.safetensors” has no tensor for “${layers[2]}”.`);

    session.alpha(0, { alpha: 8 });
    session.measureBase(0);
    const again = measured(await until(isWhole));
    expect(again.map(([index]) => index)).toEqual([0, 1, 2]);
    const [[, first]] = again;
    expect(typeof first === 'string' ? first : first.norm).toBeCloseTo(2 * Number(norms.get(0)), 10);
  });

  it('measures what is left after a stop', async () => {
    const { session, until } = await opened();
    session.openBase(0, await base(), 0);
    await until((all) => all.some(({ type }) => type === 'base-matched'));
    session.cancel();
    session.measureBase(2);
    const rest = measured(await until((all) => measured(all).some(([index]) => index === 1)));
    expect(new Set(rest.map(([index]) => index)).has(2)).toBe(true);
  });

  it('finds the leading directions of a large W₀ once they are asked for', async () => {
    const [d, k] = [514, 520];
    const [name] = layers;
    const { B, A } = makePair(d, k, [9, 7, 0.3, 0.2], 3, 'large');
    const { session, until } = talk();
    // ΔW of the two leading directions of W₀.
    await session.list(
      await brought('large.safetensors', [
        { name: `base_model.model.${name}.lora_A.weight`, shape: [2, k], values: A.data.slice(0, 2 * k) },
        { name: `base_model.model.${name}.lora_B.weight`, shape: [d, 2], values: leadingColumns(B, 2).data },
      ]),
    );
    session.open(0, 0, null);
    await until((all) => all.some(({ type }) => type === 'measured'));
    session.alpha(0, { alpha: 4 });
    const W0 = { name: `${name}.weight`, shape: [d, k], values: multiply(B, A).data };
    session.openBase(0, await brought('base.safetensors', [W0]), 0);
    const leading = async () => {
      const [[, of]] = measured(await until((all) => measured(all).length === 1));
      return typeof of === 'string' ? of : of.alignment?.leading;
    };
    expect(await leading()).toBeNull();
    session.findLeading(0);
    const found = await leading();
    if (!found || typeof found === 'string') throw new Error(`no shares: ${found}`);
    expect(found.error).toBeGreaterThan(0);
    // The columns of the pair are orthonormal but for chance.
    expect(Math.min(found.left, found.right)).toBeGreaterThan(1 - 1e-5);
  });

  it('gives W_fine − W₀ of a module in a fine-tuned model, or says why there is none', async () => {
    const { session, until } = await opened();
    session.openBase(0, await base(layers.slice(0, 2)), 0);
    await until(isWhole);
    const moved = makePair(D, K, [3, 0.5], 7, 'tuned');
    const update = multiply(moved.B, moved.A).data;
    const tuned = await brought('tuned.safetensors', [
      { name: `transformer.${layers[0]}.weight`, shape: [D, K], values: weights[0].data.map((x, i) => x + update[i]) },
      { name: `transformer.${layers[1]}.weight`, shape: [K, D], values: weights[1].data },
    ]);
    const aim = await session.aimOf(0, tuned);
    if ('fault' in aim) throw new Error(aim.details);
    expect(aim.name).toBe('tuned.safetensors');
    // Both models are rounded to float32.
    expect(Math.max(...aim.matrix.data.map((x, i) => Math.abs(x - update[i])))).toBeLessThan(1e-6);
    expect([...aim.base.data]).toEqual([...weights[0].data]);
    expect(aim.sigma1).toBeCloseTo(productSpectrum(moved.B, moved.A, 1)[0], 5);
    expect(await session.aimOf(1, tuned)).toMatchObject({ details: expect.stringMatching(/is 20 × 12, and ΔW of/) });
    expect(await session.aimOf(2, tuned)).toMatchObject({ details: expect.stringMatching(/has no tensor for/) });
    expect(await session.aimOf(0, await base())).toMatchObject({ details: expect.stringMatching(/same numbers/) });
    expect(await session.aimOf(0, await adapter())).toMatchObject({
      details: expect.stringMatching(/factor of a LoRA/),
    });
  });

  it.each([
    ['The base is an adapter.', adapter],
    ['The base has the weights of no module.', () => base(['something.else'])],
    ['There is no model.', async () => [{ file: new File([], 'readme.md'), path: 'readme.md' }]],
  ])('is refused with a sentence: %s', async (title, files) => {
    const { session, until } = await opened();
    session.openBase(0, await files(), 0);
    const news = await until((all) => all.some(({ type }) => type === 'failed'));
    expect(news.find(({ type }) => type === 'failed')).toMatchObject({ title, ofBase: true });
  });
});
