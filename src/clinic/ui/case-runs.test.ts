import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { experimentOf, readPins } from '../../experiment/plan/pins.ts';
import { newRecord } from '../../experiment/run-file/run-record.ts';
import { areSame, withAutoRate } from '../../experiment/settings/experiment.ts';
import { isCaseName } from '../../experiment/settings/view.ts';
import { CASES, caseByName } from '../cases/cases.ts';
import { caseSettings, clinicKey, openInLab, runsToTrain, statusOf } from './case-runs.ts';

const experimentIn = (link: string) => parseLink(link).experiment;

describe.each(CASES)('the runs of $name', (one) => {
  it('begin with the symptom; the cure is trained with the switch on alone', () => {
    const [first] = one.runs.filter(({ role }) => role === 'symptom');
    const before = runsToTrain(one, false);
    expect(before.some(({ role }) => role === 'cure')).toBe(false);
    expect(new Set(runsToTrain(one, true))).toEqual(new Set(one.runs));
    if (first) expect(before[0]).toBe(first);
  });

  it('open in the lab with the other one as a pin, each with all of its settings', () => {
    const alone = one.runs.filter(({ hands, measures }) => !hands && !measures);
    const [symptom, cure] = (['symptom', 'cure'] as const).map((role) => alone.find((run) => run.role === role));
    for (const cured of [false, true]) {
      const event = openInLab(one, cured);
      const shown = cured && one.runs.some(({ role }) => role === 'cure') ? cure : (symptom ?? cure);
      if (!shown) {
        expect(event).toBeNull();
        continue;
      }
      if (event?.type !== 'opened') throw new Error('nothing opens');
      const other = shown === symptom ? cure : symptom;
      expect(areSame(event.experiment, experimentIn(shown.link))).toBe(true);
      expect(event.view?.case).toBe(one.name);
      const live = withAutoRate(event.experiment);
      const { pins, faults } = readPins(event.view?.compare ?? '', live);
      expect(faults).toEqual([]);
      expect(pins).toHaveLength(other ? 1 : 0);
      if (other)
        expect(areSame(withAutoRate(experimentOf(pins[0], live)), withAutoRate(experimentIn(other.link)))).toBe(true);
    }
    expect(caseSettings(one, false)).toMatch(/rate .+ · seed \d/);
  });

  it('lead to complaints that look like it, never to itself', () => {
    expect(one.otherwise.cases.length).toBeGreaterThan(0);
    for (const other of one.otherwise.cases) expect(isCaseName(other) && other !== one.name).toBe(true);
  });
});

it('says how far the runs are, and which one cannot be trained', () => {
  const { name, runs } = caseByName('flat');
  const [one, two] = runs.slice(0, 2).map((run) => ({ run, key: clinicKey(name, run.key) }));
  const asked = [one.run, two.run];
  const said = (ends: Parameters<typeof statusOf>[2]) =>
    Object.values(statusOf(name, asked, ends))
      .slice(0, 2)
      .join('');
  const end = { ...newRecord(experimentIn(one.run.link)), status: 'finished' as const };
  expect(said(new Map())).toBe('Training …, 0 of 2 runs');
  expect(said(new Map([[one.key, end]]))).toBe('Training …, 1 of 2 runs');
  const whole = new Map([
    [one.key, end],
    [two.key, end],
  ]);
  expect(said(whole)).toBe(`Finished, ${end.experiment.steps} steps, both runs`);
  expect(said(new Map([[one.key, { why: 'The worker ended.' }]]))).toBe(
    `Not trained: “${one.run.label}”. The worker ended.`,
  );
});
