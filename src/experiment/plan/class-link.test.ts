import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../link/link.ts';
import { isFixed } from '../settings/exercise.ts';
import { change, defaults } from '../settings/experiment.ts';
import type { ParamKey } from '../settings/params.ts';
import { CHART_NAMES, defaultView } from '../settings/view.ts';
import { type Access, type ClassForm, classLink, classView, formOf, rowsOf } from './class-link.ts';

const e = change(defaults(), { target: 'low-rank', rank: 2 });
const plain = formOf(defaultView(), e);
const opened = (form: ClassForm) => parseLink(classLink(form, e));

const anyForm: fc.Arbitrary<ClassForm> = fc.record({
  title: fc.string({ unit: 'grapheme', maxLength: 70 }),
  task: fc.string({ unit: 'grapheme', maxLength: 220 }),
  access: fc.dictionary(
    fc.constantFrom<ParamKey>('rank', 'alpha', 'init', 'opt', 'lr', 'steps', 'seed', 'target'),
    fc.constantFrom<Access>('change', 'locked', 'hidden'),
  ),
  goal: fc.option(
    fc.record({
      error: fc.double({ min: 1e-6, max: 1000, noNaN: true }),
      numbers: fc.option(fc.integer({ min: 1, max: 1e6 })),
      steps: fc.option(fc.integer({ min: 1, max: 1000 })),
    }),
  ),
  lesson: fc.constantFrom('', 'what-is-lora', 'rank'),
  handin: fc.boolean(),
  run: fc.boolean(),
  pace: fc.constantFrom(1, 10, 50, Number.POSITIVE_INFINITY),
  charts: fc.subarray([...CHART_NAMES], { minLength: 1 }),
  layout: fc.constantFrom('lab', 'present', 'embed'),
});

describe('a class link', () => {
  it('has two sliders to begin with, and everything else hidden', () => {
    const { view, faults } = opened({ ...plain, title: 'Two' });
    expect(faults).toEqual([]);
    expect(view).toMatchObject({ show: 'rank,alpha', lock: '', title: 'Two', goal: '', handin: false });
  });

  it('is read back as what was asked for, whatever that is', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { view, faults, experiment } = opened(form);
        expect(faults).toEqual([]);
        expect(view).toEqual(classView(form, e));
        expect(experiment).toEqual(e);
        if (view.title !== '') expect(classLink(formOf(view, e), e)).toBe(classLink(form, e));
      }),
    );
  });

  it('lets students change what is ticked, and nothing else', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const { view } = opened({ ...form, title: 'a' });
        for (const key of rowsOf(e)) expect(isFixed(key, view)).toBe((form.access[key] ?? 'hidden') !== 'change');
      }),
    );
  });

  it('leaves an automatic rate out, and keeps one that was set', () => {
    expect(classLink(plain, e)).not.toMatch(/[#&](lr|auto)=/);
    expect(classLink(plain, { ...e, lr: 0.01, auto: 'lr' })).not.toMatch(/[#&](lr|auto)=/);
    expect(classLink(plain, { ...e, lr: 0.01 })).toContain('&lr=0.01');
  });

  it('cuts what is too long and joins lines', () => {
    const { title, task } = classView({ ...plain, title: 'x'.repeat(99), task: 'one\ntwo\u202e' }, e);
    expect([title.length, task]).toEqual([60, 'one two']);
  });
});
