import { expect, it } from 'vitest';
import { subspacePicture } from './subspace.ts';

it('joins the name of each kind of line to that line: they all end at the same point', () => {
  const law = (m: number, equations: number) => Math.sqrt(Math.max(0, 1 - m / equations));
  for (const equations of [144, 36])
    for (const width of [640, 340]) {
      const draws = [Array.from({ length: 145 }, (_, m) => 0.97 * law(m, equations))];
      const marks = subspacePicture({ draws, equations }, { width, height: 320, font: 12, short: width < 400 });
      const pointsOf = (key: string) =>
        [...String(marks.find((mark) => mark.key === key)?.attributes.d).matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(
          ([, x, y]) => [Number(x), Number(y)],
        );
      for (const [name, line] of [
        ['law label', 'law'],
        ['draws', 'draw 0'],
      ]) {
        const leaders = marks.filter(({ key }) => key.startsWith(name) && key !== name);
        const ends = leaders.flatMap(({ key }) => pointsOf(key));
        const near = pointsOf(line).filter(([x, y]) => ends.some(([a, b]) => Math.hypot(a - x, b - y) < 8));
        expect(near.length, `${name} at ${equations}, ${width} px`).toBeGreaterThan(0);
      }
    }
});
