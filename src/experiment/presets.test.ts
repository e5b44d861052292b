import { expect, it } from 'vitest';
import { parseLink } from './link/link.ts';
import { readPins } from './plan/pins.ts';
import { cellsOf, readSweep } from './plan/sweep.ts';
import { presetOf, presets } from './presets.ts';
import { readRecorded } from './recorded/testing/check-over-seeds.ts';

it('every preset opens without a remark, with its pins and its sweep, and is known by its settings', () => {
  for (const { name, link } of presets.all) {
    const { experiment, view, faults } = parseLink(link);
    const { pins, faults: ofPins } = readPins(view.compare, experiment);
    const { axes, faults: ofSweep } = readSweep(view.sweep, experiment);
    expect([...faults, ...ofPins, ...ofSweep], name).toEqual([]);
    expect(pins.length, name).toBe(view.compare === '' ? 0 : view.compare.split(';').length);
    expect(
      cellsOf({ axes, repeat: 1 }, experiment).filter(({ why }) => why !== null),
      name,
    ).toEqual([]);
    expect(presetOf(experiment), name).toBe(name);
  }
});

it('each claim has been tried over five seeds, and no other is recorded', () => {
  expect(Object.keys(readRecorded())).toEqual(presets.all.map(({ name }) => name));
});
