import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableCsv } from '../../charts/drawing/columns.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { errorsOf } from '../../experiment/run-file/run-record.ts';
import { recordOfErrors } from '../../experiment/run-file/testing/record.ts';
import { type EntryReading, readHandIn, readLinkLines } from './entry.ts';
import { type ClassEntry, classTable, namesOf, standingsOf } from './standings.ts';

const LINK = '#v=1&target=low-rank&d=4&k=3&truerank=2&rank=2&lr=0.02&steps=2';
const rows = (n: number, m: number) => Array.from({ length: n }, () => Array(m).fill(0.5));

/** A run file of two steps at 4 × 3, rank 2. */
const file = (more: object = {}) => ({
  format: 'lora-explorer/run',
  version: 1,
  app: '1.0.0',
  backend: 'cpu',
  device: 'processor',
  link: `${LINK}&by=Ada&goal=error:0.5`,
  config: {},
  scaling: 8,
  layers: [
    {
      ...{ name: 'W', d: 4, k: 3, rank: 2, base: rows(4, 3), target: rows(4, 3) },
      initial: { A: rows(2, 3), B: rows(4, 2) },
      final: { A: rows(2, 3), B: rows(4, 2) },
      trace: {
        gradNormA: [0, 1, 0.5],
        gradNormB: [2, 1, 0.5],
        effectiveRank: { step: [0, 2], values: [0, 1] },
        spectrum: [],
      },
    },
  ],
  trace: { step: [0, 1, 2], loss: [3, 2, 1], relativeError: [1, 0.8, 0.5] },
  changes: [],
  status: 'finished',
  ...more,
});

const text = (more: object = {}) => JSON.stringify(file(more));
const isSound = (read: EntryReading) =>
  'why' in read
    ? read.why.length > 5 && read.what.length > 0
    : read.name.length <= 25 && ('adapter' in read || read.link.startsWith('#v=1'));

describe('a file that was handed in', () => {
  it('gives settings, name and what it claims', () => {
    const read = readHandIn('run.json', text());
    expect(read).toMatchObject({ name: 'Ada', experiment: { rank: 2, steps: 2 }, view: { goal: 'error:0.5' } });
    expect('claim' in read && read.claim && Array.from(errorsOf(read.claim) ?? [])).toEqual([1, 0.8, 0.5]);
    expect('claim' in read && read.claim?.computed[0]).toMatchObject({ backend: 'cpu', device: 'processor' });
    expect('link' in read && parseLink(read.link)).toMatchObject({ faults: [], view: { by: 'Ada' } });
  });

  it('is named by its file where nobody says whose it is', () => {
    expect(readHandIn('mei-lin.json', text({ link: LINK }))).toMatchObject({ name: 'mei-lin' });
  });

  it.each<[string, string, RegExp]>([
    ['holiday.jpg', '\u0000JFIF', /^is not a run file$/],
    ['matrix.json', '{"data": [[1, 2]]}', /^is not a run file$/],
    ['old.json', text({ version: 9 }), /^cannot be read: version: found 9, expected 1$/],
    ['cut.json', text().slice(0, -30), /^cannot be read: The file is not JSON/],
    ['odd.json', text({ link: `${LINK}&rank=900` }), /^cannot be read: link: rank: given more than once/],
  ])('%s is left out with a reason', (name, content, why) => {
    const read = readHandIn(name, content);
    expect(read).toMatchObject({ what: name });
    expect('why' in read && read.why).toMatch(why);
  });

  it('never throws, whatever one value is replaced by', () => {
    const keys = ['link', 'trace', 'layers', 'changes', 'status', 'version', 'backend', 'scaling'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) =>
        isSound(readHandIn('a', text({ [key]: value }))),
      ),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, content) =>
        isSound(readHandIn(name, `{"x":"lora-explorer/run"${content}`)),
      ),
    );
  });
});

describe('pasted links', () => {
  const only = (line: string) => readLinkLines(line)[0];

  it('are read a line each; empty lines do not count', () => {
    const read = readLinkLines(
      `https://a.example/lora/${LINK}&by=Ada\r\n\n  Mei: https://a.example/${LINK}\n${LINK.slice(1)}\n`,
    );
    expect(read.map((one) => 'name' in one && one.name)).toEqual(['Ada', 'Mei', '']);
    expect(read.every((one) => 'claim' in one && one.claim === null)).toBe(true);
  });

  it.each([
    ['hello', /is not a link of this page \(hello\)/],
    ['https://example.org/', /is not a link of this page/],
    ['https://example.org/#top', /is not a link of this page/],
    ['#v=7&rank=2', /needs version 7/],
    [`${LINK.replace('&rank=2', '&rank=900')}`, /^cannot be used: rank=900: must be a whole number from 1 to 3$/],
    [`#v=1&rank=${'9'.repeat(60_000)}`, /too long/],
  ])('%s is left out with a reason', (line, why) => {
    const read = only(`\n${line}`);
    expect(read).toMatchObject({ what: 'line 2', why: expect.stringMatching(why) });
  });

  it('may have what does no harm: an unknown key, as a mail program adds one', () => {
    expect(only(`${LINK}&utm_source=mail&by=&goal=x`)).toMatchObject({ experiment: { rank: 2 } });
  });

  it('never throw, and names cannot steer how other text is shown', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (line) => readLinkLines(line).every(isSound)));
    const pair = fc.tuple(
      fc.constantFrom('rank', 'd', 'data', 'lr', 'by', 'goal', 'target', 'x'),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) =>
        readLinkLines(`#v=1&${pairs.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join('&')}`).every(isSound),
      ),
    );
    expect(only(`\u202eevil ${LINK}`)).toMatchObject({ name: '�evil' });
    expect(readLinkLines('x'.repeat(4_000_001))).toMatchObject([{ why: expect.stringMatching(/too long/) }]);
  });
});

describe('the table of a wall', () => {
  const entries = readLinkLines(
    `=HYPERLINK("x") ${LINK}\nB, "b" ${LINK}&rank=1`.replace('rank=2&lr=0.02&steps=2&rank=1', 'rank=1&steps=2'),
  )
    .filter((read) => 'experiment' in read)
    .map(
      (read, i): ClassEntry => ({
        ...read,
        id: i + 1,
        result: recordOfErrors([1, 0.4, 0.3 + i]),
      }),
    );
  const goal = { error: 0.5, numbers: 10, steps: null };
  const standings = standingsOf(entries, parseLink(LINK), goal);

  it('is CSV: a line per run in the order of the standings, all digits, no formula of a name', () => {
    const lines = tableCsv(classTable(standings, namesOf(entries, false), false), ['a wall']).split('\r\n');
    expect(lines[0]).toBe('# a wall');
    expect(lines[1]).toMatch(
      /^place,name,standing,reached at step,error at the last step allowed,error that the file claims at its end,rank,trained numbers/,
    );
    expect(lines[2]).toMatch(/^1,"B, ""b""",reached,1,1\.3,,1,7,/);
    expect(lines[3]).toMatch(/^,"'=HYPERLINK\(""x""\)",over the budget,1,0\.3,,2,14,/);
    expect(lines[3]).toContain('#v=1&target=low-rank');
  });

  it('has neither names nor links where names are hidden', () => {
    const text = tableCsv(classTable(standings, namesOf(entries, true), true));
    expect(text).toContain('run 1');
    expect(text).not.toMatch(/HYPERLINK|by=|#v=1/);
  });
});
