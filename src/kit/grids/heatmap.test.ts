import { expect, it } from 'vitest';
import { paintCanvas } from './heatmap.tsx';

/** A canvas that keeps the last image, and counts the images created. */
function canvas() {
  const log = { made: 0, put: [] as { width: number; height: number; data: number[] }[] };
  const context = {
    createImageData: (width: number, height: number) => {
      log.made++;
      return { width, height, data: new Uint8ClampedArray(4 * width * height) };
    },
    putImageData: ({ width, height, data }: ImageData) => log.put.push({ width, height, data: [...data] }),
  };
  const it = { width: 300, height: 150, getContext: () => context };
  return { log, it: it as unknown as HTMLCanvasElement };
}

it('gives the canvas the shape of the matrix, columns across, and one pixel an entry', () => {
  const { log, it } = canvas();
  paintCanvas(it, { rows: 1, cols: 3, paint: (into) => into.set([9, 8, 7, 255], 8) });
  expect([it.width, it.height]).toEqual([3, 1]);
  expect(log.put).toEqual([{ width: 3, height: 1, data: [0, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 255] }]);
});

it('makes a new image only for another shape', () => {
  const { log, it } = canvas();
  const shape = (rows: number, cols: number) => paintCanvas(it, { rows, cols, paint: (into) => into.fill(rows) });
  shape(2, 3);
  shape(2, 3);
  expect(log.made).toBe(1);
  shape(3, 2);
  expect([log.made, it.width, it.height]).toEqual([2, 2, 3]);
  expect(new Set(log.put.at(-1)?.data)).toEqual(new Set([3]));
});
