import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// Forms that read as if they were translated, and spellings that the page does not use; what it says instead.
const BANNED: readonly (readonly [form: RegExp, instead: string])[] = [
  [/\bcan(not)? be (had|got)\b/i, 'is (not) available, is (not) possible'],
  [/\b(go|goes|went) on\b/i, 'continue'],
  [/\btrain on\b(?! samples)/i, 'train more, continue'],
  [/\b(took|taken|takes) off\b/i, 'subtract'],
  [/['>"]\s*Wanted\b|\bthat is wanted\b|\bthe wanted\b/, 'target'],
  [/\b(steps?|samples|seconds|ms|lines?|numbers?) an? (step|second|line|row)\b/i, 'per step, per second'],
  [/[\d}] %(?=[\s.,;:)`'"<]|$)/m, '25% without a space'],
  [/\bCtrl [A-Z]\b/, 'Ctrl+Z'],
  [/LoRA explorer/, 'LoRA Explorer'],
  [/\b(is|are) (needed|offered) (as|where)\b|\ballowed (is|are)\b/i, 'must be, expected; available when'],
  [/\bthere is no such\b/i, 'unknown'],
  [/\bnothing to speak of\b|\bof late\b|\bmeanwhile\b|\bsecond opinion\b|\bon show\b/i, 'plainer words'],
  [/\bcomma list\b/, 'comma-separated list'],
  [/\bthe start of A and B\b|\bstart of A\b/i, 'initialisation'],
  [/\bForget it\b/, 'Discard'],
  [/\bthe run before\b/i, 'the previous run'],
  [/\bhandbook\b/i, 'a source that readers have'],
];

/** Where a text has a form of the list: "file:line: what is there; instead". */
function foundIn(name: string, text: string): string[] {
  return text.split('\n').flatMap((line, i) =>
    BANNED.flatMap(([form, instead]) => {
      const match = form.exec(line);
      return match ? [`${name}:${i + 1}: “${match[0].trim()}”; instead: ${instead}`] : [];
    }),
  );
}

/** The code of a file without its comments, line for line: what is left with words in it is said on the page. */
const spoken = (code: string) =>
  code
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|\s)\/\/ .*$/gm, '$1')
    .replace(/^import .*$/gm, '');

const PAGE = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|testing\/|^engine\/steppers|^engine\/kernels/.test(path))
  .map((path) => `src/${path}`);
const PAGES = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...['docs', 'src'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
  ),
];

describe('plain words', () => {
  it('on the page', () => {
    expect(PAGE.length).toBeGreaterThan(200);
    expect(PAGE.flatMap((path) => foundIn(path, spoken(readFileSync(path, 'utf8'))))).toEqual([]);
  });

  it('in what is written for users and for those who work on the page', () => {
    expect(PAGES.flatMap((path) => foundIn(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('each form is found where it stands, and not in a comment', () => {
    const said = [
      'PiSSA cannot be had here',
      'label: "Go on"',
      'the mean shade is taken off',
      "head: 'Wanted'",
      'Samples a step.',
      '`${share} % of those in W₀`',
      '(Ctrl Z)',
      'rank=900: allowed is 1 to 64',
    ];
    for (const line of said) expect(foundIn('x', spoken(line)), line).toHaveLength(1);
    expect(foundIn('x', spoken('a; // the run goes on\n/* cannot be had\n * goes on */'))).toEqual([]);
  });
});
