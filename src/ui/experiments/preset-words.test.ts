import { expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import { change } from '../../experiment/settings/experiment.ts';
import { presetWords } from './preset-words/words-by-preset.ts';

it('every act of a preset changes what it names, and no other setting is clamped for it', () => {
  for (const { name, link } of presets.all) {
    const { experiment } = parseLink(link);
    expect(presetWords(name).acts.length, name).toBeGreaterThan(0);
    for (const { label, does } of presetWords(name).acts) {
      if (typeof does === 'string') continue;
      expect(change(experiment, does), `${name}: ${label}`).toMatchObject(does);
      expect(change(experiment, does), `${name}: ${label}`).not.toEqual(experiment);
    }
  }
});
