import { expect, it } from 'vitest';
import { faultTexts, quote } from './faults.ts';
import { parseLink } from './link.ts';

const said = (link: string) => faultTexts(parseLink(link).faults);

const long = `colour=${'A'.repeat(60_000)}`;

it.each([
  ['an unknown key', '#v=1&colour=red', 'colour: unknown setting, ignored.'],
  ['an empty key', '#v=1&=red', '(empty): unknown setting, ignored.'],
  ['a key twice', '#v=1&d=8&d=9', 'd: given more than once; the first counts.'],
  ['an idle key', '#v=1&target=low-rank&rate=0.5', 'rate: has no effect on this experiment, ignored.'],
  ['no version, and a key of the view', '#lesson=rank&d=8', 'v: missing; the link was read as version 1.'],
  ['no version', '#d=8', 'v: missing; the link was read as version 1.'],
  [
    'another version',
    '#v=9&d=8',
    'This link needs version 9; this page reads version 1. The default experiment is open instead; nothing from the link was used.',
  ],
  [
    'a long link',
    `#v=1&${long}`,
    'The link is too long (60,011 characters; the limit is 50,000, not counting a matrix). The default experiment is open instead.',
  ],
])('says what is wrong: %s', (_, link, sentence) => {
  expect(said(link)).toEqual([sentence]);
});

it.each(['#lesson=rank', 'lesson=rank&step=4', '#view=adapters', '#show=rank,alpha'])('says nothing of %s', (link) => {
  expect(said(link)).toEqual([]);
  expect(parseLink(link)).toEqual(parseLink(`v=1&${link.replace('#', '')}`));
});

it('does not count a matrix among the characters of a long link', () => {
  expect(said(`#v=1&target=matrix&data=Dw${'A'.repeat(100_000)}&${long}`)[0]).toMatch(
    /^The link is too long \(60,0\d\d /,
  );
});

it('names key, value and what is allowed', () => {
  expect(said('#v=1&d=8&k=8&rank=99')).toEqual([
    expect.stringMatching(/^rank=99: must be a whole number from 1 to 8; using 8\.$/),
  ]);
});

it('counts what it has no room for', () => {
  const link = `#v=1&${Array.from({ length: 15 }, (_, i) => `x${i}=1`).join('&')}`;
  expect(said(link)).toHaveLength(13);
  expect(said(link).at(-1)).toBe('And 3 more corrections.');
  expect(said(link.replace(/&x1[34]=1/g, '')).at(-1)).toBe('And one more correction.');
});

it('shows nothing of a value that could mislead', () => {
  expect(quote('a\u202eb\u0000c\nd')).toBe('a�b�c�d');
  expect(quote('x'.repeat(99), 10)).toBe('xxxxxxxxxx…');
});
