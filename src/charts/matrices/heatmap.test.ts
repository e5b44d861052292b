import { describe, expect, it } from 'vitest';
import { type Colours, paint, paintPicture, percentile99, tonesOf } from './heatmap.ts';

const colours: Colours = { paper: [251, 250, 246], positive: [10, 122, 80], negative: [28, 44, 80] };
const pixels = (values: number[], scale: number, className = colours) => {
  const into = new Uint8ClampedArray(4 * values.length);
  paint(values, 1, values.length, scale, className, into);
  return { at: (i: number) => [...into.slice(4 * i, 4 * i + 4)] };
};

describe('paint', () => {
  it('makes zero paper, the scale the hue, and a negative value its opponent', () => {
    const { at } = pixels([0, -0, 1, -1], 1);
    expect(at(0)).toEqual([251, 250, 246, 255]);
    expect(at(1)).toEqual([251, 250, 246, 255]);
    expect(at(2)).toEqual([10, 122, 80, 255]);
    expect(at(3)).toEqual([28, 44, 80, 255]);
  });

  it('has strength (|v|/scale)^0.85 in between', () => {
    for (const v of [0.1, 0.35, 0.8, -0.5]) {
      const { at } = pixels([2 * v], 2);
      const hue = v > 0 ? colours.positive : colours.negative;
      const wanted = colours.paper.map((p, c) => p + (hue[c] - p) * Math.abs(v) ** 0.85);
      for (let c = 0; c < 3; c++) expect(Math.abs(at(0)[c] - wanted[c])).toBeLessThan(1.5);
    }
  });

  it('has full strength beyond the scale, and where there is no number', () => {
    const { at } = pixels([1.5, -7, 0.5, Number.NaN, Number.POSITIVE_INFINITY], 1);
    for (const i of [0, 3, 4]) expect(at(i)).toEqual([10, 122, 80, 255]);
    expect(at(2)).not.toEqual(at(0));
    expect(at(1)).toEqual([28, 44, 80, 255]);
  });

  it('is blank where the scale is 0, and takes ink for both signs', () => {
    expect(pixels([0, 0], 0).at(1)).toEqual([251, 250, 246, 255]);
    const ink: Colours = { paper: [255, 255, 255], positive: [0, 0, 0], negative: [0, 0, 0] };
    const { at } = pixels([0.3, -0.3], 1, ink);
    expect(at(0)).toEqual(at(1));
  });
});

describe('a picture', () => {
  const [paper, ink] = [
    [251, 250, 246],
    [27, 30, 34],
  ] as const;
  const painted = (values: number[], tones = tonesOf(paper, ink)) => {
    const into = new Uint8ClampedArray(4 * values.length);
    paintPicture(values, 1, values.length, [-1, 3], tones, into);
    return (i: number) => [...into.slice(4 * i, 4 * i + 4)];
  };

  it('goes from the lighter to the darker of paper and hue, linear in sRGB', () => {
    const at = painted([-1, 3, 1]);
    expect(at(0)).toEqual([...paper, 255]);
    expect(at(1)).toEqual([...ink, 255]);
    for (let c = 0; c < 3; c++) expect(Math.abs(at(2)[c] - (paper[c] + ink[c]) / 2)).toBeLessThanOrEqual(1);
  });

  it('stays a positive where the paper is dark', () => {
    const night = tonesOf(ink, paper);
    expect(night).toEqual(tonesOf(paper, ink));
    expect(painted([-1], night)(0)).toEqual([...paper, 255]);
  });

  it('gives what lies outside its range the tone of the end', () => {
    const at = painted([-9, 40, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect([at(0), at(3)]).toEqual([at(0), at(0)]);
    expect(at(0)).toEqual([...paper, 255]);
    expect([at(1), at(2)]).toEqual([
      [...ink, 255],
      [...ink, 255],
    ]);
  });
});

describe('percentile99', () => {
  it('is what sorting gives', () => {
    for (const n of [1, 2, 99, 100, 101, 1000, 4096]) {
      const values = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898) * ((i * 7919) % 31));
      const sorted = values.map(Math.abs).sort();
      expect(percentile99(values)).toBe(sorted[Math.ceil(0.99 * n) - 1]);
    }
  });
  it('takes equal, empty and broken lists', () => {
    expect(percentile99(new Float32Array(500).fill(-2))).toBe(2);
    expect(percentile99([])).toBe(0);
    expect(percentile99([...Array(999).fill(1), Number.NaN])).toBe(1);
  });
});
