import { expect, it } from 'vitest';
import { actsOf } from './acts.ts';
import { parseLink } from './link/link.ts';
import { presets } from './presets.ts';
import { change } from './settings/experiment.ts';

it('every act of a preset changes what it names, and no other setting is clamped for it', () => {
  for (const { name, link } of presets.all) {
    const { experiment } = parseLink(link);
    expect(actsOf(name).length, name).toBeGreaterThan(0);
    for (const { label, does } of actsOf(name)) {
      if (typeof does === 'string') continue;
      expect(change(experiment, does), `${name}: ${label}`).toMatchObject(does);
      expect(change(experiment, does), `${name}: ${label}`).not.toEqual(experiment);
    }
  }
});
