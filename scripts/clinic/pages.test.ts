import { describe, expect, it } from 'vitest';
import { CASE_NAMES } from '../../src/clinic/cases/case.ts';
import { words } from '../../src/kit/chart/marks.ts';
import { svgMarkup } from './markup.ts';
import { casePage, listPage, type PageParts } from './pages.ts';
import { madeUpCase } from './testing/made-up-case.ts';

const cases = CASE_NAMES.map(madeUpCase);
const size = { width: 300, height: 200, font: 13, short: false };
const parts: PageParts = {
  cases,
  evidence: (name) => madeUpCase(name).evidence(new Map(), true),
  chart: ({ title, about }) =>
    svgMarkup([words('a', 'ink', [1, 2], 'end', '<&">')], size, `${title}. ${about}`, 'wide'),
  small: (name) => svgMarkup([], size, `Chart of ${name}`, 'small'),
  inFile: { nothing: 'it finds <zeros>' },
  policy: "default-src 'none'",
  site: '',
};
const pages = new Map<string, string>([
  ...cases.map((of) => [of.name, casePage(of, parts)] as const),
  ['index', listPage(parts)] as const,
]);

/** HTML's elements without an end, and what lies in pictures. */
const VOID = new Set(['meta', 'link', '!doctype']);
const TAG = /<(\/?)([!\w]+)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g;

/** Faults of a page as markup: tags that do not match, and letters between them that are not escaped. */
function faultsOf(page: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  for (const [tag, closes, name, , closed] of page.matchAll(TAG)) {
    if (closes === '') {
      if (closed === '' && !VOID.has(name)) open.push(name);
    } else if (open.pop() !== name) faults.push(tag);
  }
  const rest = page.replace(TAG, '');
  return [...faults, ...open, ...(rest.match(/[<>]|&(?!(?:amp|lt|gt|quot);)/g) ?? [])];
}

it.each([...pages])('%s is whole markup with one heading, a language and a title', (_, page) => {
  expect(faultsOf(page)).toEqual([]);
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page.match(/<h1>/g)).toHaveLength(1);
  expect(page.match(/<title>[^<]+<\/title>/g)).toHaveLength(1);
  for (const tag of page.match(/<svg[^>]*>/g) ?? []) expect(tag).toMatch(/role="img" aria-label="[^"]{5,}"/);
});

it.each([...pages])('%s keeps to the policy: no script, no style of its own, nothing from elsewhere', (_, page) => {
  expect(page).not.toMatch(
    /<script|<style|\sstyle=|\son\w+=|javascript:|data:|https?:(?!\/\/www\.w3\.org\/2000\/svg")/i,
  );
});

it.each([...pages])('%s leads to pages that are there', (name, page) => {
  const links = [...page.matchAll(/\shref="([^"]+)"/g)].map(([, link]) => link.replaceAll('&amp;', '&'));
  const beside = links.flatMap((link) => /^\.\/([\w-]+)\.html$/.exec(link)?.[1] ?? []);
  expect(beside.filter((link) => !pages.has(link))).toEqual([]);
  expect(
    links.filter(
      (link) => !/^\.\/[\w-]+\.(html|css)$|^\.\.\/(#view=clinic(&case=\w+)?|#view=adapters|icon\.svg)?$/.test(link),
    ),
  ).toEqual([]);
  if (name === 'index') expect(new Set(beside)).toEqual(new Set(CASE_NAMES));
  else expect(links).toContain(`../#view=clinic&case=${name}`);
});

describe('a page', () => {
  it('says all that its case says, in order', () => {
    const text = (pages.get('nothing') ?? '').replace(/^[\s\S]*<main>|<[^>]+>/g, '');
    const said = [
      'What you see',
      '&lt;0.78&gt;',
      'Look here',
      'Why',
      'The switch',
      'Rule for s',
      'α/√r',
      '0.781 → 0.067',
    ];
    const rest = [
      'What people try first',
      'Twice the &lt;rate&gt;: still 0.6',
      'In PEFT',
      'use_rslora=True',
      'In kohya',
    ];
    const end = [
      '&quot;&lt;dim&gt;&quot;',
      'When it is not this',
      'It may be the rate.',
      '“flat”',
      '“together”',
      'In your file',
      'it finds &lt;zeros&gt;',
    ];
    let at = 0;
    for (const piece of [...said, ...rest, ...end]) {
      const next = text.indexOf(piece, at);
      expect(next, piece).toBeGreaterThanOrEqual(at);
      at = next;
    }
  });

  it('leads round: the twelfth is before the first', () => {
    expect(pages.get('nothing')).toContain('rel="prev" href="./together.html"');
    expect(pages.get('together')).toContain('rel="next" href="./nothing.html"');
  });

  it('has a card whose address is whole if the site’s is known, and then its own address too', () => {
    const of = madeUpCase('flat');
    const card = (page: string) => /property="og:image" content="([^"]+)"/.exec(page)?.[1];
    expect(card(casePage(of, parts))).toBe('./flat.png');
    expect(casePage(of, parts)).not.toContain('canonical');
    const published = casePage(of, { ...parts, site: 'https://example.org/lora/' });
    expect(card(published)).toBe('https://example.org/lora/clinic/flat.png');
    expect(published).toContain('rel="canonical" href="https://example.org/lora/clinic/flat.html"');
  });
});
