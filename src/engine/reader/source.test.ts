import { expect, it } from 'vitest';
import { decodeFault } from './source.ts';

it.each([
  [40_000_000, 1],
  [1, 9_750_000],
])('a picture of %i × %i that no browser decodes is called too large, not damaged', (width, height) => {
  const why = decodeFault({ format: 'PNG', width, height });
  expect(why).toContain(`${width} × ${height} pixels: it is larger than what the browser decodes`);
  expect(why).not.toContain('damaged');
});

it('one of a usual size is damaged', () => {
  expect(decodeFault({ format: 'JPEG', width: 4000, height: 3000 })).toContain('damaged or cut off');
});
