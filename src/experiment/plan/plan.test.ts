import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quarterOf } from '../../math/testing/part-of.ts';
import { faultTexts } from '../link/faults.ts';
import { parseLink, settingsLink, writeLink } from '../link/link.ts';
import { change, hasAutoAlpha, isActive, param, withAutoRate } from '../settings/experiment.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { combine } from './combine.ts';
import { type Goal, judgeGoal, readGoal, writeGoal } from './goal.ts';
import { experimentOf, pinOf, readPins, writePins } from './pins.ts';
import { cellsOf, readSweep, typedValues, writeSweep } from './sweep.ts';
import { sweepCsv, sweepFileOf } from './sweep-file.ts';

const of = (link: string) => parseLink(`#v=1&${link}`).experiment;
const live = of('');
const key = (e: Experiment) => `${settingsLink(withAutoRate(e))} ${isActive('alpha', e) && hasAutoAlpha(e)}`;

/** Any experiment that the user can reach by moving controls, without an imported matrix. */
const anyExperiment = fc
  .array(
    fc.oneof(
      fc.record({
        key: fc.constantFrom(...PARAM_KEYS.filter((k) => !['data', 'auto', 'target', 'lr'].includes(k))),
        value: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.double({ min: 0, max: 3, noNaN: true }), fc.boolean()),
      }),
      fc.record({ key: fc.constant('lr' as const), value: fc.constantFrom(null, 0.01, 0.5) }),
      fc.record({
        key: fc.constantFrom(...PARAM_KEYS.filter((k) => param(k).kind === 'choice' && k !== 'target')),
        value: fc.nat(40),
      }),
      fc.record({
        key: fc.constant('target' as const),
        value: fc.constantFrom('low-rank', 'decay', 'rotation', 'picture', 'regression', 'digits', 'transformer'),
      }),
    ),
    { maxLength: 6 },
  )
  .map((moves) => {
    let e = live;
    for (const { key, value } of moves) {
      const p = param(key);
      const names = 'options' in p ? (p.options as string[]) : null;
      const wanted = names && typeof value === 'number' ? names[Math.floor(value) % names.length] : value;
      e = change(e, { [key]: wanted } as Partial<Experiment>);
    }
    return e;
  });

describe('pins in a link', () => {
  it('come back as the same experiments, whatever the live one is', () => {
    fc.assert(
      fc.property(
        anyExperiment,
        fc.array(fc.record({ e: anyExperiment, name: fc.option(fc.stringMatching(/^[a-z,;:%&=+ é]{0,20}x$/)) }), {
          minLength: 1,
          maxLength: 4,
        }),
        (base, wanted) => {
          const pins = wanted.map(({ e, name }) => pinOf(e, base, name));
          for (const [i, pin] of pins.entries()) expect(key(experimentOf(pin, base))).toBe(key(wanted[i]?.e ?? base));
          const view = { ...parseLink('#v=1').view, compare: writePins(pins, base) };
          const opened = parseLink(writeLink(base, view, 0.0123));
          const again = readPins(opened.view.compare, opened.experiment);
          // Impossible experiments are left out with their reason, and nothing else is.
          const left = again.faults.length;
          expect(again.pins.length + left).toBe(pins.length);
          if (left > 0) return;
          expect(again.pins.map(({ name }) => name)).toEqual(wanted.map(({ name }) => name));
          for (const [i, pin] of again.pins.entries())
            expect(key(experimentOf(pin, opened.experiment))).toBe(key(wanted[i]?.e ?? base));
          expect(writePins(again.pins, opened.experiment)).toBe(opened.view.compare);
        },
      ),
      { numRuns: quarterOf(300) },
    );
  });

  it('are written as people would', () => {
    const read = readPins('init:pissa;rank:2;rank:32;opt:sgd', live);
    expect(read).toEqual({
      pins: [{ init: 'pissa' }, { rank: 2 }, { rank: 32 }, { opt: 'sgd' }].map((settings) => ({
        name: null,
        settings,
      })),
      faults: [],
    });
    expect(writePins(read.pins, live)).toBe('init:pissa;rank:2;rank:32;opt:sgd');
    expect(writePins([{ name: 'a,b;c:d 100%', settings: { rank: 4 } }], live)).toBe('rank:4,name:a%2Cb%3Bc%3Ad 100%25');
    expect(readPins(writePins([{ name: null, settings: {} }], live), live).pins).toHaveLength(1);
  });

  it('never hold a rate that is automatic: it follows', () => {
    const shared = parseLink('#v=1&lr=0.0123&auto=lr').experiment;
    const [pin] = readPins('rank:4', shared).pins;
    expect(pin && experimentOf(pin, shared)).toMatchObject({ rank: 4, lr: null, auto: '' });
    const fixed = of('lr=0.5');
    expect(readPins('rank:4', fixed).pins.map((one) => experimentOf(one, fixed).lr)).toEqual([0.5]);
    // With a fixed live rate an automatic one is marked, without its number.
    const automatic = pinOf(of('rank=4'), fixed);
    expect(writePins([automatic], fixed)).toBe('rank:4,auto:lr');
    expect(readPins('rank:4,auto:lr', fixed).pins).toEqual([automatic]);
    expect(writePins([pinOf(of('lr=0.1'), live)], live)).toBe('lr:0.1');
  });

  it.each([
    ['rank:900', 'compare=rank:900: must be a whole number from 1 to 64; this pin is left out.'],
    ['rank:4,rank:5', 'compare=rank:5: rank is given more than once; this pin is left out.'],
    ['rank', 'compare=rank: must be key:value, such as rank:4; this pin is left out.'],
    ['rank:', 'compare=rank:: must be a whole number from 1 to 64; this pin is left out.'],
    ['rank:%E0%A4%A', 'compare=rank:%E0%A4%A: must be key:value, such as rank:4; this pin is left out.'],
    ['__proto__:1', 'compare=__proto__:1: unknown setting; this pin is left out.'],
    [',,,,', 'compare=,,,,: must be key:value, such as rank:4; this pin is left out.'],
    ['name:\u200b', 'must be a text of at most 40 characters; this pin is left out.'],
    ['pace:50', 'compare=pace:50: unknown setting; this pin is left out.'],
    ['data:DwAA', 'compare=data: cannot be part of a pin; this pin is left out.'],
    ['auto:0.5', 'compare=auto:0.5: must be lr; this pin is left out.'],
    ['d:4,rank:8', 'compare=rank:8: must be a whole number from 1 to 4; this pin is left out.'],
    [`name:${'x'.repeat(41)}`, 'must be a text of at most 40 characters; this pin is left out.'],
    ['init:lora-ga,target:matrix', 'This target needs a matrix, and the experiment has none; this pin is left out.'],
    ['init:lora-ga,rank:64', 'Use rank 32; this pin is left out.'],
  ])('%s: left out with its reason, and the others stay', (part, said) => {
    const { pins, faults } = readPins(`opt:sgd;${part}`, live);
    expect(faultTexts(faults)).toEqual([expect.stringContaining(said)]);
    expect(pins).toEqual([{ name: null, settings: { opt: 'sgd' } }]);
  });

  it('that the live experiment leaves no room for say so, and one setting without effect is ignored', () => {
    const large = of('d=64&k=64&rank=32');
    expect(faultTexts(readPins('d:16', large).faults)).toEqual([
      'compare=d:16: rank=32 of this link does not fit it, it must be a whole number from 1 to 16; this pin is left out.',
    ]);
    const ignored = readPins('rank:4,law:power', live);
    expect(ignored.pins).toEqual([{ name: null, settings: { rank: 4 } }]);
    expect(faultTexts(ignored.faults)).toEqual(['compare=law:power: has no effect on this pin, ignored.']);
    expect(faultTexts(readPins('rank:1;rank:2;rank:3;rank:4;rank:5', live).faults)).toEqual([
      'compare=5 pins: at most 4; the first 4 count.',
    ]);
  });
});

describe('α of a network', () => {
  const automatic = of('target=digits&rank=4');
  const fixed = of('target=digits&rank=4&alpha=8');
  const ends = (live: Experiment, sweep: string) =>
    cellsOf({ axes: readSweep(sweep, live).axes, repeat: 1 }, live).map(({ experiment }) => experiment?.alpha);

  it('follows the ranks of a sweep if it is automatic, but not its own values', () => {
    expect(ends(automatic, 'rank:1,4,16')).toEqual([2, 8, 32]);
    expect(ends(fixed, 'rank:1,4,16')).toEqual([8, 8, 8]);
    expect(ends(automatic, 'alpha:4,8')).toEqual([4, 8]);
    const [cell] = cellsOf({ axes: readSweep('rank:1', automatic).axes, repeat: 1 }, automatic);
    expect(parseLink(cell.link).experiment).toMatchObject({ alpha: 2, auto: 'alpha' });
  });

  it('follows the rank of a pin, which says otherwise', () => {
    const read = (text: string, live: Experiment) =>
      readPins(text, live)
        .pins.map((pin) => experimentOf(pin, live))
        .map(({ alpha, auto }) => [alpha, auto]);
    expect(read('rank:1;rank:1,alpha:8', automatic)).toEqual([
      [2, 'alpha'],
      [8, ''],
    ]);
    expect(read('rank:1;rank:1,auto:alpha', fixed)).toEqual([
      [8, ''],
      [2, 'alpha'],
    ]);
    expect(writePins([pinOf(of('target=digits&rank=1'), fixed)], fixed)).toBe('rank:1,auto:alpha');
    expect(writePins([pinOf(of('target=digits&rank=1'), automatic)], automatic)).toBe('rank:1');
    expect(writePins([pinOf(of('target=digits&rank=4&alpha=8'), automatic)], automatic)).toBe('alpha:8');
    const rate = of('target=digits&rank=4&alpha=8&lr=0.1');
    expect(writePins([pinOf(automatic, rate)], rate)).toBe('auto:lr%2Calpha');
    expect(readPins('auto:lr%2Calpha', rate).pins).toEqual([pinOf(automatic, rate)]);
    expect(writePins([pinOf(of('target=digits&rank=4&lr=0.1,0.2,0.3'), automatic)], automatic)).toBe(
      'lr:0.1%2C0.2%2C0.3',
    );
    expect(read('lr:0.1%2C0.2%2C0.3', automatic)).toEqual([[8, 'alpha']]);
    expect(faultTexts(readPins('auto:alpha', live).faults)).toEqual([
      'compare=auto:alpha: must be lr; this pin is left out.',
    ]);
  });
});

describe('the matrices of a network in a sweep', () => {
  const live = parseLink('#v=1&target=digits').experiment;
  it('are sets in a link, and open as the experiments that they are', () => {
    const { axes, faults } = readSweep('modules:in,hidden%2Cout,in%2Chidden%2Cout;method:lora,full', live);
    expect(faults).toEqual([]);
    expect(axes[0]).toEqual({ key: 'modules', values: ['in', 'hidden,out', 'in,hidden,out'] });
    expect(writeSweep({ axes })).toBe('modules:in,hidden%2Cout,in%2Chidden%2Cout;method:lora,full');
    const cells = cellsOf({ axes, repeat: 1 }, live);
    expect(cells.map(({ why }) => why)).toEqual([null, null, null, null, null, null]);
    expect(cells[4].experiment).toMatchObject({ modules: 'hidden,out', method: 'full' });
    for (const { link, experiment } of cells) expect(parseLink(link).experiment).toEqual(experiment);
  });

  it('that the network does not have are left out, with a sentence', () => {
    const { axes, faults } = readSweep('modules:in,up,out%2Cin', live);
    expect(axes).toEqual([{ key: 'modules', values: ['in'] }]);
    expect(faultTexts(faults).every((text) => text.includes('must be names of matrices of the network'))).toBe(true);
  });
});

describe('a sweep in a link', () => {
  const varied = PARAM_KEYS.filter((k) =>
    ['rank', 'alpha', 'opt', 'scaling', 'init', 'lr', 'ratio', 'steps'].includes(k),
  );
  const valuesOf = (k: ParamKey): fc.Arbitrary<unknown> => {
    const p = param(k);
    // A start from a file needs the data of one.
    if ('options' in p) return fc.constantFrom(...(p.options as string[]).filter((option) => option !== 'file'));
    if (k === 'rank') return fc.integer({ min: 1, max: 64 });
    return k === 'steps' ? fc.integer({ min: 1, max: 1000 }) : fc.double({ min: 1, max: 1000, noNaN: true });
  };
  const anyAxes = fc
    .uniqueArray(fc.constantFrom(...varied), { minLength: 1, maxLength: 3 })
    .chain((keys) =>
      fc.tuple(
        ...keys.map((k, i) =>
          fc
            .uniqueArray(valuesOf(k), { minLength: 1, maxLength: i === 2 ? 4 : 6 })
            .map((values) => ({ key: k, values })),
        ),
      ),
    );

  it('comes back as the same lists of typed values', () => {
    fc.assert(
      fc.property(anyAxes, fc.integer({ min: 1, max: 32 }), (axes, repeat) => {
        const view = { ...parseLink('#v=1').view, sweep: writeSweep({ axes }), repeat };
        const opened = parseLink(writeLink(live, view, 0.0123));
        expect(opened.view.repeat).toBe(repeat);
        expect(readSweep(opened.view.sweep, opened.experiment)).toEqual({ axes, faults: [] });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['rank:1,900', 'rank:1', 'sweep=rank:900: must be a whole number from 1 to 64; left out.'],
    ['rank:1,,2', 'rank:1,2', 'sweep=rank: has an empty value; left out.'],
    ['rank:,1,2,', 'rank:1,2', 'sweep=rank: has 2 empty values; left out.'],
    ['rank:x', '', 'sweep=rank:x: must be a whole number from 1 to 64; left out.'],
    ['rank:2,2', 'rank:2', 'sweep=rank:2: is given more than once; left out.'],
    ['rank:1;rank:2', 'rank:1', 'sweep=rank:2: rank is given more than once; left out.'],
    ['seed:1,2', '', 'sweep=seed: must be a setting that can vary: a number or a choice; left out.'],
    ['data:a,b', '', 'sweep=data: must be a setting that can vary: a number or a choice; left out.'],
    ['auto:lr', '', 'sweep=auto: must be a setting that can vary: a number or a choice; left out.'],
    ['normalise:0,1', '', 'sweep=normalise: must be a setting that can vary: a number or a choice; left out.'],
    ['toString:1', '', 'sweep=toString:1: unknown setting; left out.'],
    [
      'opt:sgd,lion',
      'opt:sgd',
      'sweep=opt:lion: must be sgd, momentum, adam, adamw, muon, polar, scaled, lora-pro, signsgd; left out.',
    ],
    ['rank', '', 'sweep=rank: must be key:value,value,…, such as rank:1,2,4; left out.'],
    ['law:power', '', 'sweep=law: has no effect on this experiment; left out.'],
    [
      `lr:${Array.from({ length: 401 }, (_, i) => i + 1)}`,
      '',
      'sweep=401 values of lr: must be at most 400; left out.',
    ],
    ['rank:1;opt:sgd;steps:1,2,3,4,5', 'rank:1;opt:sgd', 'must be at most 4, a panel each; left out.'],
    [
      'rank:1;opt:sgd;steps:1;alpha:2',
      'rank:1;opt:sgd;steps:1',
      'sweep=alpha:2: must be at most 3 settings; left out.',
    ],
    [
      `rank:${Array.from({ length: 30 }, (_, i) => i + 1)};lr:${Array.from({ length: 20 }, (_, i) => i + 1)}`,
      '',
      'sweep=600 cells: must be at most 400; left out.',
    ],
  ])('%s: keeps what is possible, and says what is not', (text, kept, said) => {
    const { axes, faults } = readSweep(text, live);
    expect(writeSweep({ axes })).toBe(kept);
    expect(faultTexts(faults)).toEqual([expect.stringContaining(said)]);
  });

  it('says of every bad value that it is left out, whichever other settings have bad ones too', () => {
    const { axes, faults } = readSweep('rank:1,99;alpha:4,-5;lr:0.01,=1+1,1e999', live);
    expect(writeSweep({ axes })).toBe('rank:1;alpha:4;lr:0.01');
    expect(faultTexts(faults).map((said) => said.split(': ')[0])).toEqual([
      'sweep=lr:=1+1',
      'sweep=lr:1e999',
      'sweep=rank:99',
      'sweep=alpha:-5',
    ]);
    // Values that only fitted a rejected one are rejected too.
    expect(writeSweep(readSweep('rank:32,2;d:4,9999', live))).toBe('rank:2;d:4');
  });

  it('is read again as it was written, and each value is one that some cell has', () => {
    const piece = fc.oneof(
      fc.constantFrom('1', '2', '4', '32', '64', '99', '-5', '-0', '0', '0.01', '1e999', 'x', '%', '=1', '4096'),
      fc.constantFrom(
        'sgd',
        'adam',
        'low-rank',
        'regression',
        'rotation',
        'decay',
        'pissa',
        'standard',
        'max',
        'power',
      ),
    );
    const axis = fc
      .tuple(
        fc.constantFrom('rank', 'alpha', 'lr', 'd', 'k', 'opt', 'target', 'samples', 'init', 'beta1', 'law', 'noise'),
        fc.array(piece, { minLength: 1, maxLength: 4 }),
      )
      .map(([k, list]) => `${k}:${list}`);
    fc.assert(
      fc.property(
        fc.array(axis, { maxLength: 3 }),
        fc.constantFrom(live, of('d=64&k=64&rank=32'), of('target=regression')),
        (parts, e) => {
          const { axes } = readSweep(parts.join(';'), e);
          const again = readSweep(writeSweep({ axes }), e);
          expect(again).toEqual({ axes, faults: [] });
          const cells = cellsOf({ axes, repeat: 1 }, e).map(({ at }) => {
            const settings = Object.fromEntries(axes.map(({ key: k, values }, i) => [k, values[at[i] ?? 0]]));
            return { settings, made: combine(e, settings).experiment };
          });
          for (const { key: k, values } of axes)
            for (const value of values)
              expect(
                cells.some(
                  ({ settings, made }) =>
                    Object.is(settings[k], value) && isActive(k, made) && 'value' in param(k).check(value, made),
                ),
              ).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of any text is bounded, and its faults are sentences', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('rank:1,2', 'lr:1e999', 'd:1,2,4', ';;;', 'init:', 'rank:%', 'k:1,4096', 'opt:sgd,adam,x'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
        const text = parts.join(';');
        const sweep = readSweep(text, live);
        const cells = cellsOf({ axes: sweep.axes, repeat: 2 }, live);
        expect(cells.length).toBeLessThanOrEqual(800);
        for (const { experiment, why } of cells) expect(experiment === null).toBe(why !== null);
        const { pins } = readPins(text, live);
        expect(pins.length).toBeLessThanOrEqual(4);
        for (const said of faultTexts([...sweep.faults, ...readPins(text, live).faults, ...readGoal(text).faults]))
          expect(said.length).toBeGreaterThan(10);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the cells of a sweep', () => {
  const read = (text: string, repeat = 1, e = live) => cellsOf({ axes: readSweep(text, e).axes, repeat }, e);

  it('come row by row, panel by panel, seed 1 of all of them first', () => {
    const cells = read('rank:1,2;opt:sgd,adam;steps:10,20', 2, of('seed=7'));
    expect(cells).toHaveLength(16);
    expect(cells.slice(0, 5).map(({ at }) => at)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(cells.map(({ seed }) => seed)).toEqual([...Array(8).fill(7), ...Array(8).fill(8)]);
    expect(cells[9]).toMatchObject({ at: [1, 0, 0], experiment: { rank: 2, opt: 'sgd', steps: 10, seed: 8 } });
    expect(read('', 3).map(({ seed, at }) => [seed, at])).toEqual([
      [1, []],
      [2, []],
      [3, []],
    ]);
  });

  it('open in the lab as the experiments that they are', () => {
    for (const cell of read('rank:1,8;target:decay,regression,rotation;opt:sgd,adam', 2)) {
      const { experiment, faults } = parseLink(cell.link);
      expect(faults).toEqual([]);
      expect(key(experiment)).toBe(cell.experiment && key(cell.experiment));
    }
  });

  it('are judged one by one: what does not go together has no experiment, and says why', () => {
    const cells = read('d:4,64;rank:2,32');
    expect(cells.map(({ why }) => why)).toEqual([
      null,
      null,
      'Rank r 32 is not possible here: it must be a whole number from 1 to 4.',
      null,
    ]);
    expect(read('init:lora-ga,pissa;rank:64').map(({ why }) => why)).toEqual([
      expect.stringContaining('Use rank 32.'),
      null,
    ]);
    expect(read('target:matrix,decay').map(({ why }) => why)).toEqual([
      expect.stringContaining('needs a matrix'),
      null,
    ]);
    // A rank that fits no cell is a fault of the link instead.
    expect(read('d:4,8;rank:2,32')).toHaveLength(2);
    expect(read('', 2, of(`seed=${Number.MAX_SAFE_INTEGER}`)).map(({ why }) => why)).toEqual([
      null,
      expect.stringContaining('seed'),
    ]);
  });

  it('keep an automatic rate automatic, and a fixed one fixed', () => {
    const shared = parseLink('#v=1&lr=0.0123&auto=lr').experiment;
    expect(read('rank:1,2', 1, shared).map(({ experiment }) => experiment?.lr)).toEqual([null, null]);
    expect(read('rank:1,2', 1, of('lr=0.5')).map(({ experiment }) => experiment?.lr)).toEqual([0.5, 0.5]);
  });
});

describe('values as a person types them', () => {
  it.each<[ParamKey, string, readonly unknown[] | string]>([
    ['lr', '0.001, 0.002', [0.001, 0.002]],
    ['lr', '0.001 0.002;1e-1,', [0.001, 0.002, 0.1]],
    ['lr', '0.001 to 1, 4 values', [0.001, 0.01, 0.1, 1]],
    ['lr', '0.001 to 5, 12 values', [0.001, 0.00217, 0.0047, 0.0102, 0.0221, 0.048, 0.104, 0.226, 0.49, 1.06, 2.31, 5]],
    ['rank', '1 to 5', [1, 2, 3, 4, 5]],
    ['rank', '1 to 64, 7', [1, 2, 4, 8, 16, 32, 64]],
    ['rank', '4, 4, 2', [4, 2]],
    ['noise', '0 to 1, 5 values', [0, 0.25, 0.5, 0.75, 1]],
    ['opt', 'Adam, sgd', ['adam', 'sgd']],
    ['rank', '1, 900', '900: must be a whole number from 1 to 64'],
    ['rank', '1 to 900, 3', '900: must be a whole number from 1 to 64'],
    ['lr', '0.1 to 1', 'must say how many: 0.001 to 5, 12 values'],
    ['lr', '0.1 to 1, 1 values', 'must be 2 to 400 values'],
    ['lr', '', expect.stringContaining('must be a number') as unknown as string],
    ['seed', '1, 2', 'must be a setting that can vary: a number or a choice'],
    ['opt', 'lion', 'lion: must be sgd, momentum, adam, adamw, muon, polar, scaled, lora-pro, signsgd'],
  ])('%s: %s', (k, text, wanted) => {
    expect(typedValues(k, text, live)).toEqual(Array.isArray(wanted) ? { values: wanted } : { fault: wanted });
  });

  it('never throws, and gives values that the setting can have', () => {
    const word = fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom(' to ', ',', '3 values', '1', '0.5'));
    fc.assert(
      fc.property(fc.constantFrom(...PARAM_KEYS), fc.array(word, { maxLength: 6 }), (k, words) => {
        const typed = typedValues(k, words.join(' '), live);
        if ('fault' in typed) return;
        expect(typed.values.length).toBeGreaterThan(0);
        for (const value of typed.values) expect(param(k).check(value, live)).toHaveProperty('value');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a goal', () => {
  const goal = (error: number, numbers: number | null = null, steps: number | null = null): Goal => ({
    error,
    numbers,
    steps,
  });

  it('comes back from a link', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1000, noNaN: true }),
        fc.option(fc.integer({ min: 1, max: 33_554_432 })),
        fc.option(fc.integer({ min: 1, max: 100_000 })),
        (error, numbers, steps) => {
          const one = goal(error, numbers, steps);
          expect(readGoal(writeGoal(one))).toEqual({ goal: one, faults: [] });
        },
      ),
    );
    expect(writeGoal(goal(0.05, 600))).toBe('error:0.05,numbers:600');
    expect(readGoal('')).toEqual({ goal: null, faults: [] });
  });

  it.each([
    ['error:0', null, 'goal=error:0: must be a number above 0, up to 1000; left out.'],
    ['error:0.1,numbers:1.5', goal(0.1), 'goal=numbers:1.5: must be a whole number from 1 to 33554432; left out.'],
    ['error:0.1,error:0.2', goal(0.1), 'goal=error:0.2: error is given more than once; left out.'],
    ['error:0.1,toString:2', goal(0.1), 'goal=toString:2: must be error:…, numbers:… or steps:…; left out.'],
    ['error:0.1,steps', goal(0.1), 'goal=steps: must be a whole number from 1 to 100000; left out.'],
    ['error:-1', null, 'goal=error:-1: must be a number above 0, up to 1000; left out.'],
    ['numbers:600', null, 'goal=numbers:600: must hold an error to reach, such as error:0.05; left out.'],
  ])('%s is read as far as it can be', (text, wanted, said) => {
    const read = readGoal(text);
    expect(read.goal).toEqual(wanted);
    expect(faultTexts(read.faults)).toContain(said);
  });

  it('is reached at the first step that is good enough, within its budgets', () => {
    const errors = [1, 0.5, 0.2, 0.04, 0.06];
    expect(judgeGoal(goal(0.05), { errors, numbers: 100 })).toEqual({ kind: 'reached', step: 3, error: 0.04 });
    expect(judgeGoal(goal(0.05, 100, 3), { errors, numbers: 100 })).toMatchObject({ kind: 'reached', step: 3 });
    expect(judgeGoal(goal(0.05, null, 2), { errors, numbers: 100 })).toEqual({ kind: 'over', budget: 'steps' });
    expect(judgeGoal(goal(0.05, 99), { errors, numbers: 100 })).toEqual({ kind: 'over', budget: 'numbers' });
    expect(judgeGoal(goal(0.01), { errors, numbers: 100 })).toEqual({ kind: 'missed', error: 0.06 });
    // Steps after the budget do not count.
    expect(judgeGoal(goal(0.01, null, 2), { errors, numbers: 100 })).toEqual({ kind: 'missed', error: 0.2 });
    expect(judgeGoal(goal(0.01), { errors: [], numbers: 1 })).toEqual({ kind: 'missed', error: null });
    expect(judgeGoal(goal(0.5), { errors: [Number.NaN, null], numbers: 1 })).toEqual({ kind: 'missed', error: null });
  });
});

describe('a sweep file', () => {
  const axes = readSweep('d:4,64;rank:2,32', live).axes;
  const plan = { axes, repeat: 1 };
  const cells = cellsOf(plan, live);
  const figures = {
    status: 'finished' as const,
    steps: 300,
    rate: 0.02,
    loss: 0.5,
    error: 0.1,
    floor: Number.NaN,
    heldOut: null,
    effectiveRank: 2,
    training: null,
    reached: null,
    curve: { steps: [], values: [] },
  };
  const made = sweepFileOf(
    { app: '0.1.0', link: '#v=1' },
    plan,
    cells,
    [figures, { why: 'The worker, alas, failed.' }, null, null],
    async () => {},
  );

  it('has one cell a combination and seed, JSON numbers only, and a sentence where one is refused', async () => {
    const file = await made;
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
    expect(file).toMatchObject({ format: 'lora-explorer/sweep', version: 1, repeat: 1 });
    expect(file.axes).toEqual([
      { key: 'd', values: [4, 64] },
      { key: 'rank', values: [2, 32] },
    ]);
    const { status, steps, loss, effectiveRank } = figures;
    expect(file.cells[0]).toEqual({
      settings: { d: 4, rank: 2 },
      seed: 1,
      link: expect.stringContaining('d=4&k=64&base=gaussian&rank=2&'),
      ...{ status, steps, loss, effectiveRank, relativeError: 0.1, heldOutLoss: null },
      floor: null,
      why: null,
    });
    expect(file.cells.map(({ status, why, loss }) => [status, why !== null, loss])).toEqual([
      ['finished', false, 0.5],
      ['stopped', true, null],
      ['stopped', true, null],
      ['idle', false, null],
    ]);
  });

  it('has the accuracies of networks, and no column for them without', async () => {
    const net = parseLink('#v=1&target=digits').experiment;
    const plan = { axes: readSweep('rank:1,4', net).axes, repeat: 1 };
    const learned = { ...figures, error: null, heldOut: 0.2, accuracy: 0.943, oldAccuracy: 0.571 };
    const file = await sweepFileOf(
      { app: '0.1.0', link: '#v=1' },
      plan,
      cellsOf(plan, net),
      [learned, { ...learned, status: 'diverged' }],
      async () => {},
    );
    expect(file.cells[0]).toMatchObject({ relativeError: null, heldOutLoss: 0.2, accuracy: 0.943, oldAccuracy: 0.571 });
    const [head, first, second] = sweepCsv(file).split('\r\n');
    expect(head).toBe(
      'rank,seed,status,steps,relativeError,floor,loss,heldOutLoss,accuracy,oldAccuracy,effectiveRank,why,link',
    );
    expect(first).toMatch(/^1,1,finished,300,,,0.5,0.2,0.943,0.571,2,,"#v=1&/);
    expect(second).toMatch(/^4,1,diverged,300,,,,,,,,,"#v=1&/);
    expect((await made).cells.every((cell) => !('accuracy' in cell))).toBe(true);
  });

  it('is a table, a line a run', async () => {
    const file = await made;
    const lines = sweepCsv(file).split('\r\n');
    expect(lines[0]).toBe('d,rank,seed,status,steps,relativeError,floor,loss,heldOutLoss,effectiveRank,why,link');
    expect(lines[1]).toMatch(/^4,2,1,finished,300,0.1,,0.5,,2,,#v=1&.*&rank=2&.*&lr=0.02&auto=lr&/);
    expect(lines[2]).toContain('"The worker, alas, failed."');
    expect(lines).toHaveLength(6);
    const [first, ...others] = file.cells;
    const hostile = { ...file, cells: [{ ...first, why: '=1+1' }, ...others] };
    expect(sweepCsv(hostile).split('\r\n')[1]).toContain(",'=1+1,");
    const diverged = { ...file, cells: [{ ...first, status: 'diverged' as const, relativeError: 96.5 }, ...others] };
    expect(sweepCsv(diverged).split('\r\n')[1]).toMatch(/^4,2,1,diverged,300,,,,,,,#v=1/);
  });
});
