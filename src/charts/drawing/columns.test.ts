import { describe, expect, it } from 'vitest';
import { rankScale, stepScale } from '../../kit/chart/axes.ts';
import { plotOf, type Size } from '../../kit/chart/chart.ts';
import { madeUpScene } from '../testing/made-up-scene.ts';
import { rankReading, spacedRanks, stepReading, tableCsv } from './columns.ts';

const size: Size = { width: 544, height: 176, font: 13, short: false };

describe('locate is the inverse of the axis', () => {
  it.each([1, 2, 3, 64, 1000, 4096])('ranks 1 to %i', (n) => {
    const scene = madeUpScene({ d: n, k: n, rank: 1, step: 10 });
    const x = rankScale(plotOf(size), n);
    for (let index = 1; index <= n; index++) {
      expect(rankReading.locate(scene, size, x(index))).toBe(index);
      if (index < n) expect(rankReading.locate(scene, size, x(index) + 0.4 * (x(index + 1) - x(index)))).toBe(index);
    }
  });

  it('steps', () => {
    const scene = madeUpScene({ rank: 8, step: 40, newest: 200 });
    const x = stepScale(plotOf(size), 300);
    for (const step of [0, 1, 77, 200]) expect(stepReading.locate(scene, size, x(step) + 0.3)).toBe(step);
    expect(stepReading.locate(scene, size, x(280))).toBe(200);
  });

  it('nothing outside the plot', () => {
    const scene = madeUpScene({ rank: 8, step: 40 });
    for (const px of [0, 30, 700]) {
      expect(rankReading.locate(scene, size, px)).toBeNull();
      expect(stepReading.locate(scene, size, px)).toBeNull();
    }
  });
});

describe('the indices that a line is drawn through', () => {
  it('are all of them while they stand apart', () => {
    const x = rankScale(plotOf(size), 64);
    expect(spacedRanks(64, x)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
  });

  it('are the first, the last, and in between no more than the eye can tell apart', () => {
    const x = rankScale(plotOf(size), 4096);
    const kept = spacedRanks(4096, x);
    expect([kept[0], kept.at(-1)]).toEqual([1, 4096]);
    expect(kept.length).toBeLessThan(4 * size.width);
    for (let i = 1; i < kept.length; i++)
      expect(x(kept[i]) - x(kept[i - 1])).toBeLessThan(Math.max(0.5, x(kept[i - 1] + 1) - x(kept[i - 1]) + 1e-9));
  });
});

it('is RFC 4180 with comments in front and full precision', () => {
  const table = {
    columns: ['step', 'a, "b"'],
    rows: [
      [0, 0.1 + 0.2],
      [1, null],
      ['x\ny', 1e-300],
    ],
  };
  expect(tableCsv(table, ['first', 'two\nlines'])).toBe(
    '# first\r\n# two\r\n# lines\r\nstep,"a, ""b"""\r\n0,0.30000000000000004\r\n1,\r\n"x\ny",1e-300\r\n',
  );
});

it('has no formula of a name, in a cell, a header or a comment; numbers stay numbers', () => {
  const names = ['=HYPERLINK("x")', '+1', '-1', '@x'];
  const text = tableCsv({ columns: names, rows: [names, [-1, -0.5, 1e-9, -2]] }, [`a,${names[0]}`]);
  const cells = `"'=HYPERLINK(""x"")",'+1,'-1,'@x`;
  expect(text.split('\r\n')).toEqual(['"# a,=HYPERLINK(""x"")"', cells, cells, '-1,-0.5,1e-9,-2', '']);
});
