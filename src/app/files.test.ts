import { describe, expect, it } from 'vitest';
import { encodeFactored } from '../experiment/matrix-file/factored-data.ts';
import { encodeMatrix } from '../experiment/matrix-file/matrix-data.ts';
import { makeFactors } from '../experiment/matrix-file/testing/factors.ts';
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
    const event = await openText('a.json', withData(await encodeFactored(factors)));
    if (event.type !== 'recorded') throw new Error(JSON.stringify(event));
    expect(event.drawing).toEqual(factors);
    const odd = await openText('a.json', withData(await encodeFactored(makeFactors(4, 2, 2))));
    expect(JSON.stringify(odd)).toContain('the matrix in data is 4 × 2, d × k is 3 × 2');
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
