// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../charts/testing/boxes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { readCost } from '../model/cost-link.ts';
import { CARDS, GIB, memoryOf, TRAINING_WAYS } from '../model/counts.ts';
import { dotFill, gibText, hatchFill, type MemoryScene, memoryBoard, memoryPicture } from './memory.ts';

const NAMES = { full: 'Full', lora: 'LoRA', qlora: 'QLoRA' } as const;

function sceneOf(text: string): MemoryScene {
  const { cost, faults } = readCost(text);
  expect(faults).toEqual([]);
  const memory = memoryOf(cost);
  return { bars: TRAINING_WAYS.map((way) => ({ name: NAMES[way], parts: memory[way] })), cards: CARDS };
}

const SIZES: readonly Size[] = [
  { width: 1010, height: 330, font: 13, short: false },
  { width: 820, height: 240, font: 13, short: false },
  { width: 700, height: 300, font: 13, short: true },
  { width: 358, height: 330, font: 13, short: true },
  { width: 288, height: 330, font: 13, short: true },
];
const SETTINGS = [
  '',
  'model:gpt2,qkv:8',
  'model:llama-3-8b,q:64,k:64,v:64,o:64,gate:64,up:64,down:64,weights:f32',
  'model:vit-b16,qkv:16,batch:64,checkpoints:0',
  'model:sd15-unet,self-q:4,optimiser:sgd',
  'model:llama-2-7b,q:16,optimiser:sgd,batch:16,checkpoints:0,tokens:4096',
  'model:own,family:llama,layers:80,width:8192,heads:64,kvHeads:8,head:128,inner:28672,vocabulary:128256',
  'model:own,family:gpt2,layers:1000,width:131072,heads:8,kvHeads:8,head:8,inner:1048576,vocabulary:10000000',
  'model:own,family:gpt2,layers:1,width:1,heads:1,kvHeads:1,head:1,inner:1,vocabulary:1,tokens:1',
];

describe.each(SIZES)('the memory board at $width × $height', (size) => {
  it.each(SETTINGS)('has all its texts apart and inside: %s', (text) => {
    const marks = memoryPicture(sceneOf(text), size);
    const boxes = marks
      .filter(({ tag }) => tag === 'text')
      .map((mark) => ({ text: mark.text, box: textBox(mark, 12) }));
    const outside = boxes.filter(
      ({ box }) => box.left < -1 || box.right > size.width + 1 || box.top < 0 || box.bottom > size.height,
    );
    const touching = boxes.flatMap((one, i) =>
      boxes
        .slice(i + 1)
        .flatMap((other) => (doBoxesOverlap(one.box, other.box, -2) ? [`${one.text} | ${other.text}`] : [])),
    );
    expect({ outside, touching }).toEqual({ outside: [], touching: [] });
    expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
    expect(JSON.stringify(marks)).not.toMatch(/NaN|null|Infinity/);
  });

  it('has bars as long as their bytes', () => {
    const scene = sceneOf('');
    const marks = memoryPicture(scene, size);
    const edge = (key: string) => {
      const xs = [...String(marks.find((mark) => mark.key === key)?.attributes.d).matchAll(/[ML]([\d.]+),/g)];
      return Math.max(...xs.map((pair) => Number(pair[1])));
    };
    const zero = Number(/^M([\d.]+)/.exec(String(marks.find(({ key }) => key === 'axis')?.attributes.d))?.[1]);
    const perGib = (edge('activations edge 0') - zero) / 76.589;
    const cardAt = (card: number) => edge(`card ${card}`);
    for (const card of CARDS) expect((cardAt(card) - zero) / perGib).toBeCloseTo(card, 0);
    expect((edge('activations edge 2') - zero) / perGib).toBeCloseTo(5.13, 0);
    expect((edge('weights edge 1') - zero) / perGib).toBeCloseTo(12.61, 0);
  });
});

it('says what it shows', () => {
  expect(memoryBoard.describe(sceneOf(''))).toBe(
    'Full: 76.6 GiB, weights 12.6, gradients 12.6, optimiser 50.2, activations 1.3; fits on an 80 GB card. ' +
      'LoRA: 14.1 GiB, weights 12.6, gradients 0.06, optimiser 0.13, activations 1.3; fits on a 16 GB card. ' +
      'QLoRA: 5.1 GiB, weights 3.7, gradients 0.06, optimiser 0.13, activations 1.3; fits on an 8 GB card.',
  );
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  memoryBoard.draw(svg, sceneOf(''), SIZES[0] as Size);
  expect(svg.textContent).toContain('76.6 GiB');
});

it('fills stay within their area', () => {
  const side = fc.double({ min: 0.1, max: 400, noNaN: true });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const area = { x: 10, y: 20, width, height };
      for (const mark of [hatchFill('h', area, 7), dotFill('d', area, 5)]) {
        const points = [...String(mark.attributes.d).matchAll(/([-\d.]+),([-\d.]+)/g)];
        const outside = points.filter(
          ([, x, y]) => !(+x >= 9.9 && +x <= 10.1 + width && +y >= 19.9 && +y <= 20.1 + height),
        );
        expect(outside).toEqual([]);
      }
    }),
    { numRuns: 50 },
  );
});

it('prints GiB with the digits that one reads', () => {
  expect([0, 0.001, 0.0625, 0.999, 1.254, 12.55, 76.589, 1234.5].map(gibText)).toEqual([
    '0',
    '<0.01',
    '0.06',
    '1.0',
    '1.3',
    '12.6',
    '76.6',
    '1,235',
  ]);
  expect(GIB).toBe(1_073_741_824);
});
