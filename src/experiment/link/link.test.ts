import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violatedKeys } from '../settings/exercise.ts';
import { change, decide, defaults, isActive, isAutomatic, isNumeric, param } from '../settings/experiment.ts';
import { plainText } from '../settings/kinds.ts';
import { type Experiment, PARAM_KEYS, type ParamKey } from '../settings/params.ts';
import { defaultView, VIEW_KEYS, type View, viewParam } from '../settings/view.ts';
import { faultTexts } from './faults.ts';
import { configOf, parseLink, settingsLink, writeLink } from './link.ts';
import recorded from './testing/recorded-links.json' with { type: 'json' };

const anyExperiment: fc.Arbitrary<Experiment> = fc
  .infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))
  .map((stream) =>
    decide((key, draft) => {
      const p = param(key);
      const u = stream.next().value ?? 0;
      if (p.kind === 'text') return '';
      if (p.kind === 'flag') return u < 0.5;
      if ('options' in p) {
        const drawn = (p.options as string[])[Math.floor(u * (p.options as string[]).length * 0.999)];
        // Not every target has every method.
        return 'value' in p.check(drawn, draft) ? drawn : p.default(draft);
      }
      if (!isNumeric(p)) throw new Error(`${key} has no arbitrary`);
      if (p.special === 'null' && u < 0.3) return null;
      const [low, high] = [p.min(draft), p.max(draft)];
      const value = low + u * (high - low);
      return p.kind === 'integer'
        ? Math.min(high, Math.max(low, Math.round(value)))
        : Math.min(high, Math.max(low, value));
    }),
  );

const text = (longest: number) =>
  fc.string({ unit: 'grapheme', maxLength: longest }).filter((s) => s === '' || plainText(longest).test(s));

/** Any view, each key at its default half of the time. */
const anyView: fc.Arbitrary<View> = fc.record({
  pace: fc.constantFrom(50, 0.1, 1000, 7.25, Number.POSITIVE_INFINITY),
  run: fc.boolean(),
  show: fc.constantFrom('', 'rank,alpha'),
  charts: fc.constantFrom('', 'error,spectrum'),
  view: fc.constantFrom('lab', 'present', 'embed', 'wall', 'adapters'),
  lesson: fc.constantFrom('', 'what-is-lora', 'contents'),
  step: fc.integer({ min: 1, max: 20 }),
  origin: fc.constantFrom('', 'https://example.org,null'),
  compare: fc.constantFrom('', 'init:pissa;rank:2,name:a%2Cb & c'),
  sweep: fc.constantFrom('', 'rank:1,2,4;lr:0.01,1e-7'),
  repeat: fc.integer({ min: 1, max: 32 }),
  experiments: fc.constantFrom('', 'Fw-_0'),
  title: text(60),
  task: text(200),
  lock: fc.constantFrom('', 'rank,steps'),
  goal: fc.constantFrom('', 'error:0.05,numbers:600'),
  cost: fc.constantFrom('', 'model:gpt2,qkv:8'),
  which: fc.constantFrom('', 'rotation,oft,8', 'x,places', 'own,sizes'),
  case: fc.constantFrom('', 'nan', 'rank64'),
  dials: fc.constantFrom('', 'rule:sgd,p:2,q:0.5', 'x:1'),
  module: fc.constantFrom('', 'layers.1.q_proj'),
  done: fc.boolean(),
  predict: fc.boolean(),
  hand: fc.constantFrom('', 'AQEAAAA'),
  handin: fc.boolean(),
  by: text(24),
  answers: fc.constantFrom('', 'what-is-lora.1k3:b,512,y,;rank:a,-1e-7'),
});

const active = (e: Experiment) => PARAM_KEYS.filter((key) => isActive(key, e));

describe('share links', () => {
  it('come back as the same experiment, and as the same link', () => {
    fc.assert(
      fc.property(anyExperiment, anyView, (e, v) => {
        const link = writeLink(e, v, 0.0123);
        const { experiment, view, faults } = parseLink(link);
        expect(view).toEqual(v);
        expect(faults).toEqual([]);
        for (const key of active(e)) expect(experiment[key]).toEqual(key === 'lr' ? (e.lr ?? 0.0123) : e[key]);
        expect(writeLink(experiment, view, null)).toBe(link);
      }),
      { numRuns: 300 },
    );
  });

  it('write every active parameter, defaults included, and no inactive one', () => {
    const keys = [...new URLSearchParams(writeLink(defaults(), defaultView(), 0.02).slice(1)).keys()];
    for (const key of active(defaults())) {
      const p = param(key);
      const left = p.omitsDefault?.(defaults()) || p.write(key === 'lr' ? 0.02 : defaults()[key]) === null;
      expect(keys.includes(key), key).toBe(!left);
    }
    expect(keys).not.toContain('law');
    expect(keys).toContain('alpha');
  });

  it('never throw, whatever the fragment, and always give an experiment inside its bounds', () => {
    const pieces = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', '%E0%A4%A', '%', '&&==', 'toString=1', 'hasOwnProperty'),
      fc
        .tuple(
          fc.constantFrom(...PARAM_KEYS, ...VIEW_KEYS),
          fc.oneof(fc.string(), fc.double().map(String), fc.constantFrom('0x10', '1e999', 'NaN', '', '-1', 'null')),
        )
        .map(([key, value]) => `${key}=${value}`),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const { experiment, faults } = parseLink(`#v=1&${parts.join('&')}`);
        for (const key of active(experiment))
          expect(param(key).check(experiment[key], experiment), key).toHaveProperty('value');
        for (const text of faultTexts(faults)) expect(text.length).toBeGreaterThan(10);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['rank=0', 'rank', '1 to 64'],
    ['rank=-1', 'rank', '1 to 64'],
    ['rank=1e999', 'rank', '1 to 64'],
    ['rank=NaN', 'rank', '1 to 64'],
    ['rank=0x10', 'rank', '1 to 64'],
    ['rank=', 'rank', '1 to 64'],
    ['rank=900', 'rank', '1 to 64'],
    ['rank=8.5', 'rank', 'whole'],
    ['d=1000000000', 'd', '1 to 4096'],
    ['k=4097', 'k', '1 to 4096'],
    ['steps=1e12', 'steps', '1 to 100000'],
    ['opt=lion', 'opt', 'sgd'],
    ['alpha=-3', 'alpha', '0.001 to 65536'],
    ['lr=abc', 'lr', 'must be a number from 10⁻²⁰ to 10¹²; using the automatic rate.'],
    ['show=constructor', 'show', 'a comma-separated list of keys'],
    ['repeat=33', 'repeat', 'a whole number from 1 to 32; using 1'],
    [`by=${'x'.repeat(25)}`, 'by', 'a name of at most 24 characters; left out'],
    ['lock=foo', 'lock', 'a comma-separated list of keys'],
    ['view=walls', 'view', 'lab, runs, compare, sweep'],
    ['show=foo,bar', 'show', 'a comma-separated list of keys'],
    ['show=rank,foo', 'show', 'a comma-separated list of keys'],
  ])(
    '%s: a notice names the key, the value and what is allowed, and the key keeps its default',
    (part, key, allowed) => {
      const { experiment, view, faults } = parseLink(`#v=1&alpha=32&${part}`.replace(/alpha=32&alpha/, 'alpha'));
      const [text] = faultTexts(faults);
      expect(faults).toHaveLength(1);
      expect(text).toContain(`${part.split('=')[0]}=${part.split('=')[1]}`);
      expect(text).toContain(allowed);
      expect({ ...experiment, ...view }).toMatchObject({ [key]: { ...defaults(), ...defaultView() }[key as ParamKey] });
      if (key !== 'alpha') expect(experiment.alpha).toBe(32);
    },
  );

  it('of a large layer go up to rank 256, of others to the smaller of d and k', () => {
    const ranks: [number, number, number][] = [
      [4096, 4096, 256],
      [4096, 257, 256],
      [4096, 256, 256],
      [4096, 100, 100],
      [1024, 1024, 1024],
      [1025, 1024, 256],
      [2048, 512, 512],
    ];
    for (const [d, k, max] of ranks) {
      for (const key of ['rank', 'truerank'] as const) {
        const link = (n: number) => parseLink(`#v=1&target=low-rank&d=${d}&k=${k}&${key}=${n}`);
        expect(link(max).faults).toEqual([]);
        expect(link(max).experiment[key]).toBe(max);
        const { experiment, faults } = link(max + 1);
        expect(faultTexts(faults)[0]).toContain(`1 to ${max}`);
        expect(experiment[key]).toBe(8);
      }
    }
  });

  it('with a text that shows nothing, or steers how others are shown, has it left out', () => {
    for (const text of ['%20', 'a%E2%80%AEb', 'a%0Ab', '%00', '%F0%9F%98%80'.repeat(25)]) {
      const { view, faults } = parseLink(`#v=1&by=${text}`);
      expect(view.by).toBe('');
      expect(faults).toMatchObject([{ kind: 'value', key: 'by', allowed: 'a name of at most 24 characters' }]);
    }
    expect(parseLink(`#v=1&title=${'x'.repeat(61)}`).faults).toMatchObject([{ key: 'title', kept: 'left out' }]);
    expect(parseLink(`#v=1&by=${'%F0%9F%98%80'.repeat(24)}`).faults).toEqual([]);
  });

  it('with a number of 49,000 digits has it refused by its length', () => {
    const { faults } = parseLink(`#v=1&alpha=${'1'.repeat(49_000)}x`);
    expect(faults).toHaveLength(1);
  });

  it('name unknown and doubled keys, and honour the rest', () => {
    const { experiment, faults } = parseLink(
      '#v=1&colour=red&__proto__=1&constructor=2&rank=4&rank=5&truerank=3&law=power',
    );
    expect(experiment.rank).toBe(4);
    expect(faults.map((f) => f.kind)).toEqual(['unknown', 'unknown', 'unknown', 'doubled', 'inactive']);
    expect(faultTexts(faults).join(' ')).toContain('__proto__');
  });

  it('of another version, or far too long, open the default', () => {
    expect(parseLink('#v=3&rank=4')).toEqual({
      experiment: defaults(),
      view: defaultView(),
      faults: [{ kind: 'version', value: '3' }],
    });
    const long = parseLink(`#v=1&rank=4&x=${'a'.repeat(2e6)}`);
    expect(long.experiment).toEqual(defaults());
    expect(long.faults[0].kind).toBe('too-long');
  });

  it('give a config of JSON numbers and strings', () => {
    const config = configOf(defaults(), { ...defaultView(), pace: Number.POSITIVE_INFINITY }, 0.02);
    for (const value of Object.values(config)) expect(['number', 'string']).toContain(typeof value);
    expect(config).toMatchObject({ v: 1, rank: 8, lr: 0.02, pace: 'max', target: 'low-rank' });
  });
});

describe('links recorded before settings and view came apart', () => {
  it.each(recorded)('$from is read and written as then', ({ from, to, said, ...more }) => {
    const { experiment, view, faults } = parseLink(from);
    expect(faultTexts(faults)).toEqual(said);
    // Later keys: the size of A where B is zero, and one that marks a derived rate as such.
    const sized = isActive('size', experiment) ? to.replace('&opt=', '&size=1&opt=') : to;
    const derived = experiment.lr === null;
    expect(writeLink(experiment, view, 0.0123)).toBe(derived ? sized.replace('&ratio=', '&auto=lr&ratio=') : sized);
    const again = parseLink(to);
    expect(writeLink(again.experiment, again.view, null)).toBe(sized);
    if ('config' in more) expect(configOf(experiment, view, 0.0123)).toMatchObject(more.config ?? {});
  });
});

describe('a derived rate', () => {
  const shared = writeLink(defaults(), defaultView(), 0.0123);
  const { experiment, faults } = parseLink(shared);

  it('goes into a link as a number and as derived, and comes back from it the same, whatever is derived today', () => {
    expect(shared).toContain('lr=0.0123&auto=lr');
    expect(faults).toEqual([]);
    expect(experiment.lr).toBe(0.0123);
    expect(isAutomatic(experiment)).toBe(true);
    expect(writeLink(experiment, defaultView(), 0.5)).toBe(shared);
    // A rate set by the user is fixed, as in every link before.
    const fixed = parseLink('#v=1&lr=0.0123').experiment;
    expect(isAutomatic(fixed)).toBe(false);
    expect(writeLink(fixed, defaultView(), 0.5)).not.toContain('auto');
  });

  it('follows as soon as another setting changes, and is fixed once it is set', () => {
    expect(change(experiment, { rank: 4 })).toMatchObject({ rank: 4, lr: null, auto: '' });
    expect(change(experiment, { rank: 8 })).toBe(experiment);
    expect(change(experiment, { lr: 0.0123 })).toMatchObject({ lr: 0.0123, auto: '' });
    expect(change(experiment, { lr: null })).toMatchObject({ lr: null, auto: '' });
  });

  it('makes no other run, and is a plain number to who reads the config', () => {
    expect(settingsLink(experiment)).toBe(settingsLink(parseLink('#v=1&lr=0.0123').experiment));
    expect(configOf(experiment, defaultView(), null)).toEqual(configOf(defaults(), defaultView(), 0.0123));
    expect(configOf(experiment, defaultView(), null)).toMatchObject({ lr: 0.0123, auto: 'lr' });
  });

  it('is nothing without a rate, and a link can say nothing else of it', () => {
    expect(parseLink('#v=1&auto=lr').faults).toMatchObject([{ kind: 'inactive', key: 'auto' }]);
    expect(parseLink('#v=1&lr=0.1&auto=rank').faults).toMatchObject([{ kind: 'value', key: 'auto', allowed: 'lr' }]);
    expect(isAutomatic(parseLink('#v=1&lr=0.1&auto=rank').experiment)).toBe(false);
  });
});

const NETWORKS = [
  ['#v=1&target=digits&adapt=rotate', 3],
  ['#v=1&target=digits&adapt=mirror&modules=in,out', 2],
  ['#v=1&target=digits&method=full', 3],
  ['#v=1&target=transformer&adapt=sort-down', 12],
  ['#v=1&target=transformer&adapt=sort-down&modules=q,v', 4],
] as const;
const anyRate = fc.double({ min: 1e-20, max: 1e12, noNaN: true });

describe('the rates of a network', () => {
  it.each(NETWORKS)('go into a link one a matrix, and come back the same: %s', (link, n) => {
    fc.assert(
      fc.property(fc.array(anyRate, { minLength: n, maxLength: n }), fc.boolean(), (rates, fixed) => {
        const list = rates.join(',');
        const e = parseLink(link).experiment;
        const shared = fixed ? writeLink({ ...e, lr: list }, defaultView(), null) : writeLink(e, defaultView(), list);
        const { experiment, faults } = parseLink(shared);
        expect(faults).toEqual([]);
        expect(experiment.lr).toBe(list);
        expect(isAutomatic(experiment)).toBe(!fixed);
        expect(writeLink(experiment, defaultView(), 0.5)).toBe(shared);
        expect(change(experiment, { batch: 7 }).lr).toBe(fixed ? list : null);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    '0.1,0.2',
    '0.1,0.2,0.3,0.4',
    '0.1,,0.3',
    '0.1,0.2,',
    ',',
    '0.1,NaN,0.3',
    '0.1,Infinity,0.3',
    '0.1,-0.2,0.3',
    '0.1,0,0.3',
    '0.1,1e13,0.3',
    '0.1,0x10,0.3',
    '0.1, 0.2,0.3',
    '0.1;0.2;0.3',
    `0.1,${'0'.repeat(2e4)}1,0.3`,
    `${'0.1,'.repeat(9000)}0.1`,
  ])('are refused if they are not one positive number a matrix: %#', (list) => {
    const { experiment, faults } = parseLink(`#v=1&target=digits&rank=2&lr=${list}&auto=lr`);
    expect(experiment).toMatchObject({ rank: 2, lr: null });
    expect(faultTexts(faults)[0]).toMatch(
      /^lr=.*: must be a number from .* to .*, or 3 with commas between, one a matrix; using the automatic rate\.$/,
    );
  });

  it('are of networks alone, and of none with a single matrix', () => {
    for (const link of ['#v=1&lr=0.1,0.2', '#v=1&target=regression&lr=0.1,0.2', '#v=1&target=classifier&lr=0.1,0.2']) {
      const { experiment, faults } = parseLink(link);
      expect(experiment.lr).toBeNull();
      expect(faults).toMatchObject([{ kind: 'value', key: 'lr', allowed: expect.not.stringContaining('commas') }]);
    }
  });

  it('of before, one number for all, stay that number until a setting changes', () => {
    const before = '#v=1&target=digits&adapt=rotate&method=lora&rank=4&alpha=8&opt=adam&lr=0.0065&auto=lr&steps=300';
    const { experiment, faults } = parseLink(before);
    expect(faults).toEqual([]);
    expect(experiment).toMatchObject({ lr: 0.0065, auto: 'lr', alpha: 8 });
    expect(writeLink(experiment, defaultView(), '0.1,0.2,0.3')).toContain('lr=0.0065&auto=lr&');
    expect(change(experiment, { rank: 8 })).toMatchObject({ lr: null, auto: '' });
  });

  it('that no longer fit other matrices become automatic', () => {
    const { experiment } = parseLink('#v=1&target=digits&lr=0.1,0.2,0.3');
    expect(change(experiment, { modules: 'in,out' }).lr).toBeNull();
    expect(change(experiment, { lr: 0.01 }).lr).toBe(0.01);
  });
});

describe('α of a network', () => {
  const of = (link: string) => parseLink(`#v=1&target=digits&${link}`).experiment;

  it('follows the rank if it is left out or said to be automatic, and is fixed if it is a number', () => {
    expect(change(of('rank=4'), { rank: 8 }).alpha).toBe(16);
    expect(change(of('rank=4&alpha=8&auto=alpha'), { rank: 8 }).alpha).toBe(16);
    expect(change(of('rank=4&alpha=8&lr=0.1&auto=lr,alpha'), { rank: 8 })).toMatchObject({ alpha: 16, lr: null });
    expect(change(of('rank=4&alpha=8&lr=0.1&auto=alpha'), { rank: 8 })).toMatchObject({ alpha: 16, lr: 0.1 });
    expect(change(of('rank=4&alpha=8'), { rank: 8 }).alpha).toBe(8);
    expect(change(of('rank=4&alpha=8&lr=0.1&auto=lr'), { rank: 8 }).alpha).toBe(8);
  });

  it('keeps the number of its link until a setting changes', () => {
    const e = of('rank=4&alpha=20&auto=alpha');
    expect(e.alpha).toBe(20);
    expect(writeLink(e, defaultView(), null)).toContain('&alpha=20&');
    expect(change(e, { steps: 100 }).alpha).toBe(8);
  });

  it('is written with its number, and by itself', () => {
    for (const [link, auto] of [
      ['rank=4', 'alpha'],
      ['rank=4&alpha=8', null],
      ['rank=4&alpha=8&auto=alpha,lr', 'alpha'],
      ['rank=4&lr=0.1&auto=lr', 'lr,alpha'],
      ['rank=4&lr=0.1&alpha=8&auto=lr', 'lr'],
      ['method=full', null],
      ['rank=4&alpha=-1', 'alpha'],
    ] as const) {
      const shared = writeLink(of(link), defaultView(), null);
      expect(new URLSearchParams(shared.slice(1)).get('auto'), link).toBe(auto);
      expect(writeLink(parseLink(shared).experiment, defaultView(), null)).toBe(shared);
    }
  });

  it('is fixed by a control, also at 2r, and follows again when that is asked for', () => {
    const e = of('rank=4');
    const fixed = change(e, { alpha: 8 });
    expect([fixed.auto, change(fixed, { rank: 16 }).alpha]).toEqual(['', 8]);
    expect(change(change(fixed, { auto: 'alpha' }), { rank: 16 }).alpha).toBe(32);
    // On the way from a matrix and back, α at its default stays at it.
    const there = change(change(defaults(), { target: 'digits' }), { rank: 4 });
    expect(there.alpha).toBe(8);
    expect(change(there, { target: 'low-rank' })).toMatchObject({ alpha: 16, auto: '' });
    expect(change(change(change(defaults(), { alpha: 5 }), { target: 'digits' }), { rank: 2 }).alpha).toBe(5);
  });

  it('may follow the rank where an exercise locks it, and take no other value', () => {
    const exercise = { ...defaultView(), lock: 'alpha' };
    const old = of('rank=4&alpha=8&auto=alpha');
    const violated = (link: string) => violatedKeys(old, of(link), exercise);
    expect(violatedKeys(old, change(old, { rank: 8 }), exercise)).toEqual([]);
    expect(violatedKeys(old, change(old, { alpha: 9 }), exercise)).toEqual(['alpha']);
    expect(violated('rank=8&alpha=99&auto=alpha')).toEqual(['alpha']);
    expect(violatedKeys(of('rank=4&alpha=8'), of('rank=8'), exercise)).toEqual(['alpha']);
  });

  it('is automatic with networks alone', () => {
    const { experiment, faults } = parseLink('#v=1&lr=0.1&auto=lr,alpha');
    expect(experiment.auto).toBe('');
    expect(faults).toMatchObject([{ kind: 'value', key: 'auto', allowed: 'lr' }]);
    expect(parseLink('#v=1&target=digits&auto=rank').faults).toMatchObject([{ allowed: 'any of lr,alpha' }]);
  });
});

describe('the key of a run', () => {
  it('is the same however it is looked at, and another one for every other setting', () => {
    fc.assert(
      fc.property(anyExperiment, anyView, anyExperiment, (e, view, other) => {
        expect(settingsLink(parseLink(writeLink(e, view, null)).experiment)).toBe(settingsLink(e));
        const same = PARAM_KEYS.every((key) => !(isActive(key, e) || isActive(key, other)) || e[key] === other[key]);
        expect(settingsLink(e) === settingsLink(other)).toBe(same);
      }),
    );
    expect(settingsLink(defaults())).not.toContain('lr=');
  });
});

describe('the two tables', () => {
  it('say of every setting what a change does and where its control stands, and of no view key', () => {
    for (const key of PARAM_KEYS)
      expect([param(key).effect, param(key).group]).toEqual([expect.any(String), expect.any(String)]);
    for (const key of VIEW_KEYS) expect(viewParam(key)).not.toHaveProperty('effect');
  });
});

describe('a control', () => {
  it('clamps what depends on it, and settings at their default follow it', () => {
    expect(change({ ...defaults(), rank: 64 }, { d: 16 }).rank).toBe(8 + 8);
    expect(change(change(defaults(), { d: 4 }), { d: 64 }).rank).toBe(8);
    expect(change(defaults(), { law: 'power', target: 'decay' }).rate).toBe(0.5);
    expect(change(defaults(), { rank: 1e9 }).rank).toBe(64);
    expect(change(defaults(), { rank: Number.NaN }).rank).toBe(8);
  });

  it('always leaves an experiment inside its bounds', () => {
    fc.assert(
      fc.property(
        anyExperiment,
        fc.constantFrom(...PARAM_KEYS),
        fc.oneof(fc.double(), fc.string(), fc.boolean()),
        (e, key, value) => {
          const after = change(e, { [key]: value } as Partial<Experiment>);
          for (const k of PARAM_KEYS) expect(param(k).check(after[k], after), k).toHaveProperty('value');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('freeze', () => {
  const LAYER = '#v=1&target=low-rank&d=12&k=10&rank=2';
  const read = (more: string) => {
    const { experiment, faults } = parseLink(`${LAYER}${more}`);
    return { train: experiment.train, init: experiment.init, said: faultTexts(faults), experiment };
  };

  it('names the factor that does not train; the link is written as train', () => {
    expect(read('&freeze=A')).toMatchObject({ train: 'B', said: [] });
    expect(read('&freeze=B')).toMatchObject({ train: 'A', init: 'init-b', said: [] });
    const { experiment } = read('&freeze=B&init=kaiming-uniform');
    expect(experiment).toMatchObject({ train: 'A', init: 'kaiming-uniform' });
    const written = writeLink(experiment, defaultView(), null);
    expect(written).toContain('train=A');
    expect(written).not.toContain('freeze');
    expect(parseLink(written).experiment).toEqual(experiment);
  });

  it('gives way to train, and is refused where it is neither factor or has no effect', () => {
    expect(read('&freeze=B&train=B')).toMatchObject({
      train: 'B',
      said: ['freeze=B: train counts.'],
    });
    expect(read('&freeze=both')).toMatchObject({ train: 'both', said: ['freeze=both: must be A or B; left out.'] });
    expect(read('&freeze=A&freeze=B')).toMatchObject({
      train: 'B',
      said: ['freeze: given more than once; the first counts.'],
    });
    expect(faultTexts(parseLink('#v=1&target=regression&freeze=A').faults)).toEqual([
      'freeze: has no effect on this experiment, ignored.',
    ]);
  });
});
