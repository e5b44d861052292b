import { expect, it } from 'vitest';
import { loops64 } from '../../../engine/tasks/network/loops.ts';
import { BLOCK_MODULES, createTransformer } from '../../../engine/tasks/network/transformer.ts';
import { assetsInNode } from '../../../engine/testing/assets-in-node.ts';
import { stream } from '../../../math/random.ts';
import { mergedLayers } from '../forward.ts';
import { sequencesOf, VOCABULARY } from '../sequences.ts';
import { transformer } from '../transformer-target.ts';
import { HEADS, WIDTH } from '../weights.ts';
import { decoderAttention } from './decoder-attention.ts';

const RANK = 3;

it.each(['copy-reverse', 'base-6'] as const)(
  'attention of an adapted decoder is that of the engine: %s',
  async (adapt) => {
    const assets = await assetsInNode({ target: 'transformer', adapt }, '');
    const weights = assets?.weights(adapt === 'base-6' ? 'base-5' : 'copy') ?? new Map<string, Float32Array>();
    const part = (name: string) => weights.get(name) ?? new Float32Array();
    const rest = { embedding: part('embedding'), positions: part('positions'), head: part('head') };
    const source = stream(3, 'attention');
    const draw = (count: number) => Float64Array.from({ length: count }, () => 0.1 * source.normal());
    const layers = transformer.layers.map(({ name, d, k }) => ({ d, k, W: part(name) }));
    const adapters = layers.map(({ d, k }) => ({ A: draw(RANK * k), B: draw(d * RANK), rank: RANK, scaling: 2 }));
    const { length, asked, heldOut } = sequencesOf(adapt, 8, (purpose) => stream(1, purpose));
    const of = Object.fromEntries(BLOCK_MODULES.map((name) => [name, { rank: RANK, full: false }])) as Record<
      (typeof BLOCK_MODULES)[number],
      { rank: number; full: boolean }
    >;
    const shape = { width: WIDTH, heads: HEADS, symbols: VOCABULARY, length, asked, count: 1, blocks: [of, of] };
    const net = createTransformer(loops64, shape, rest);
    for (const [i, layer] of net.layers.entries()) {
      layer.W.set(layers[i].W);
      layer.A.set(adapters[i].A);
      layer.B.set(adapters[i].B);
      layer.scaling = 2;
      layer.refresh();
    }
    const symbols = heldOut.inputs.subarray(5 * length, 6 * length);
    net.forward({ inputs: symbols, answers: [] });
    const found = decoderAttention(mergedLayers(layers, adapters), rest, symbols);
    expect(found.map((heads) => heads.length)).toEqual([HEADS, HEADS]);
    for (const [block, heads] of found.entries())
      for (const [i, value] of heads.flatMap((head) => [...head]).entries())
        expect(Math.abs(value - net.attention[block][i])).toBeLessThan(1e-12);
    const sums = found
      .flat()
      .flatMap((head) => Array.from({ length }, (_, i) => head.subarray(i * length, (i + 1) * length)));
    for (const row of sums) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  },
);
