import { describe, expect, it } from 'vitest';
import { encodeModule } from '../experiment/matrix-file/factored-data.ts';
import { encodeMatrix } from '../experiment/matrix-file/matrix-data.ts';
import { makeFactors } from '../experiment/matrix-file/testing/factors.ts';
import { digits } from '../experiment/network/digits-target.ts';
import { encodeHand } from '../experiment/network/hand-adapter.ts';
import { writeHandFile } from '../experiment/network/hands/hand-file.ts';
import { SAMPLE_HANDS, sampleDrawing } from '../experiment/network/sample-hands.ts';
import { openLink } from './address.ts';
import { openFile, openText } from './files.ts';

const counting = (rows: number, cols: number) =>
  encodeMatrix({ rows, cols, data: Float32Array.from({ length: rows * cols }, (_, i) => i) });

async function runFile(rows: number, cols: number, others: object = {}): Promise<string> {
  return withData(await counting(rows, cols), others);
}

function withData(data: unknown, others: object = {}): string {
  const factors = { A: [[1, 2]], B: [[1], [2], [3]] };
  return JSON.stringify({
    format: 'lora-explorer/run',
    version: 1,
    link: `#v=1&target=matrix&d=3&k=2&rank=1&lr=0.1&data=${data}`,
    layers: [
      {
        ...{ name: 'W', d: 3, k: 2, rank: 1, base: null, target: null, initial: factors, final: factors },
        trace: { gradNormA: [1], gradNormB: [1], spectrum: [] },
      },
    ],
    trace: { step: [0], loss: [1], relativeError: [1] },
    changes: [],
    status: 'idle',
    ...others,
  });
}

describe('a run file of one’s own matrix', () => {
  it('comes back with it', async () => {
    const event = await openText('a.json', await runFile(3, 2));
    if (event.type !== 'recorded') throw new Error(JSON.stringify(event));
    expect(event.drawing).toEqual({ rows: 3, cols: 2, data: Float64Array.of(0, 1, 2, 3, 4, 5) });
  });

  it('comes back with the factors of a module, bit for bit', async () => {
    const factors = makeFactors(3, 2, 2);
    const event = await openText('a.json', withData(await encodeModule(factors)));
    if (event.type !== 'recorded') throw new Error(JSON.stringify(event));
    expect(event.drawing).toEqual(factors);
    const odd = await openText('a.json', withData(await encodeModule(makeFactors(4, 2, 2))));
    expect(JSON.stringify(odd)).toContain('the matrix in data is 4 × 2, d × k is 3 × 2');
  });

  it('comes back with a module that its text only names, where that is open on the page', async () => {
    const [rows, cols] = [3, 2];
    const module = { ...makeFactors(1600, 1600, 2), base: { matrix: makeFactors(1600, 1600, 1600).B, name: 'm' } };
    const text = String(await encodeModule(module));
    const refused = await openText('a.json', withData(text));
    expect(JSON.stringify(refused)).toContain('open it from its own files in Adapters');
    const drawing = { ...makeFactors(rows, cols, 2) };
    const held = new Map([[text, drawing]]);
    expect(await openText('a.json', withData(text), held)).toMatchObject({ type: 'recorded', drawing });
    const { event, remarks } = await openLink(`#v=1&target=matrix&d=3&k=2&rank=1&data=${text}`, held);
    expect([event.drawing, remarks]).toEqual([drawing, []]);
  });

  it('is refused where the matrix has another size, naming both', async () => {
    const event = await openText('a.json', await runFile(2, 3));
    if (event.type !== 'notice') throw new Error('opened');
    expect(event.notice.texts[0]).toContain('the matrix in data is 2 × 3, d × k is 3 × 2');
  });

  it('is refused where there is none', async () => {
    const event = await openText('a.json', (await runFile(3, 2)).replace(/&data=[\w-]+/, ''));
    if (event.type !== 'notice') throw new Error('opened');
    expect(event.notice.texts[0]).toContain('data is missing');
  });
});

describe('a file', () => {
  const kind = async (text: string, name = 'a.json') => {
    const event = await openFile(new File([text], name));
    return event.type === 'command' ? 'matrix' : event.type;
  };

  it('is a run or a matrix by what is in it', async () => {
    expect(await kind(await runFile(3, 2), 'a.csv')).toBe('recorded');
    expect(await kind('{"format": "lora-explorer/run", "data": 1}')).toBe('notice');
    expect(await kind('{}')).toBe('notice');
    expect(await kind(' [[1, 2]]')).toBe('matrix');
    expect(await kind('{"index": [0], "data": [[1, 2]]}')).toBe('matrix');
    expect(await kind('1,2')).toBe('matrix');
    expect(await kind('')).toBe('matrix');
  });
});

it('a file that is refused is named without what steers how text is shown', async () => {
  const event = await openFile(new File(['{}'], 'a\u202egnp.json'));
  if (event.type !== 'notice') throw new Error('opened');
  expect(event.notice.title).toBe('a�gnp.json could not be opened.');
});

it('a hand that was handed in opens in the Lab with its adapter and its twenty test drawings', async () => {
  const layers = digits.layers.map(({ d, k }) => ({ A: new Float32Array(k).fill(1), B: new Float32Array(d).fill(1) }));
  const hand = encodeHand({ rank: 1, scaling: 2, layers });
  const drawings = Array.from({ length: 50 }, (_, slot) => sampleDrawing(SAMPLE_HANDS.upright, slot % 10, 0));
  const text = writeHandFile('Mei', hand, drawings);
  const event = await openFile(new File([text], 'mei.json'));
  if (event.type !== 'opened') throw new Error(JSON.stringify(event));
  expect([event.experiment.adapt, event.view?.hand, event.view?.by]).toEqual(['hand', hand, 'Mei']);
  expect([...(event.handTest?.answers ?? [])]).toEqual([...Array(20).keys()].map((i) => i % 10));
  const broken = await openFile(new File([text.replace(`"${hand}"`, '"AQQAAIA_"')], 'mei.json'));
  expect(broken).toMatchObject({ type: 'notice', notice: { tone: 'bad', title: 'mei.json could not be opened.' } });
});
