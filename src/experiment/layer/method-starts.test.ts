import { expect, it } from 'vitest';
import { toFloat32 } from '../../math/matrix.ts';
import { parseLink } from '../link/link.ts';
import { methods } from '../methods/index.ts';
import { fileKey } from '../methods/method.ts';
import golden from './golden-methods.json' with { type: 'json' };
import { fingerprint } from './testing/fingerprint.ts';
import { prepareModule } from './testing/one-module.ts';

// Recorded once, as golden-layers.json. e2e/bits.ts looks for the same bits in each browser.
it.each(Object.entries(golden))('%s starts from the bits it always had', (link, recorded) => {
  const { experiment, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const module = prepareModule(experiment, null, { vectors: false });
  if ('why' in module || !module.method) throw new Error('no method');
  const { shapes, own, places, directions } = module.method;
  const found = {
    W0: fingerprint(module.base),
    target: fingerprint(module.target),
    ...Object.fromEntries(
      shapes.map(({ name, rows, cols }, i) => [fileKey(name), fingerprint({ rows, cols, data: own[i] })]),
    ),
    ...(places && { places: fingerprint({ rows: 1, cols: places.length, data: Float32Array.from(places) }) }),
    ...(directions && { U: fingerprint(toFloat32(directions.U)), V: fingerprint(toFloat32(directions.V)) }),
  };
  expect(found).toEqual(recorded);
});

it('has every method beside LoRA', () => {
  const looked = Object.keys(golden).map((link) => parseLink(link).experiment.method);
  for (const { name } of methods.all) expect(looked.includes(name)).toBe(name !== 'lora');
});
