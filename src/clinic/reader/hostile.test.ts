/** Whatever is pasted: an answer, no exception, and a time that grows with the length of the text and not with its square. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Stream, stream } from '../../math/random.ts';
import { anyText } from '../../math/testing/any-text.ts';
import { quarterOf } from '../../math/testing/part-of.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { MAX_TEXT, readPasted } from './read.ts';
import { PUBLISHED, PUBLISHED_LOGS } from './testing/published.ts';

const LOGS = PUBLISHED_LOGS.flatMap(({ losses, heldOut }) => [
  losses.join('\n'),
  JSON.stringify({ log_history: losses.map((loss, i) => ({ loss, step: i, eval_loss: heldOut[i] })) }),
  losses.map((loss, i) => `{'loss': ${loss}, 'learning_rate': 2e-4, 'epoch': ${i / 10}}`).join('\n'),
]);
const TEXTS = [...Object.values(PUBLISHED).flatMap((examples) => examples.map(({ text }) => text)), ...LOGS];

/** Every answer says something, and its places lie in the text, in order and apart. */
function check(text: string, found: Diagnosis): void {
  if (found.kind === 'refused') {
    expect(found.why).toMatch(/^[A-Z].*\.$/s);
    return;
  }
  expect(found.hits.length).toBeLessThanOrEqual(3);
  expect(found.looked.length).toBeGreaterThan(0);
  for (const { reason, expect: seen, evidence } of found.hits) {
    expect(reason).toMatch(/^\S.*\.$/s);
    expect(reason).not.toMatch(/undefined|NaN at|null|\[object/);
    expect(seen).toMatch(/\.$/);
    expect(evidence.length).toBeGreaterThan(0);
    for (const [i, { start, end }] of evidence.entries()) {
      expect(start).toBeGreaterThanOrEqual(i === 0 ? 0 : evidence[i - 1].end);
      expect(end).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  }
}

const PIECES = [
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ':',
  '=',
  ',',
  '#',
  '-',
  '--',
  '1e999',
  'nan',
  '"""',
  '\u0000',
  'é',
  '𝒓',
  '- ',
  '&a',
  '*a',
  '|',
  '<<:',
  'loss',
];

function mutated(text: string, random: Stream): string {
  let now = text;
  for (let n = 1 + random.integer(6); n > 0; n--) {
    const at = random.integer(now.length + 1);
    const length = random.integer(8);
    const piece = PIECES[random.integer(PIECES.length)];
    const kind = random.integer(5);
    if (kind === 0) now = now.slice(0, at);
    else if (kind === 1) now = now.slice(0, at) + now.slice(at + length);
    else if (kind === 2) now = now.slice(0, at) + piece + now.slice(at);
    else if (kind === 3) now = now.slice(0, at) + now.slice(at, at + 40).repeat(3) + now.slice(at);
    else now = now.slice(0, at) + piece.repeat(1 + length) + now.slice(at + length);
  }
  return now;
}

it('answers each published text after random changes', () => {
  for (const [i, text] of TEXTS.entries()) {
    const random = stream(i, 'paste');
    for (let n = quarterOf(24); n > 0; n--) {
      const changed = mutated(text, random);
      check(changed, diagnose(changed));
    }
  }
});

it('answers every beginning of the published texts', () => {
  for (const text of TEXTS)
    for (let end = 0; end < Math.min(text.length, 1500); end += 97)
      check(text.slice(0, end), diagnose(text.slice(0, end)));
});

it('answers any text', () => {
  fc.assert(
    fc.property(anyText, (text) => check(text, diagnose(text))),
    { numRuns: quarterOf(400) },
  );
});

const long = (piece: string, length = 30_000) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** Shapes that take minutes if a reader goes over its text again at each place. */
const SHAPES: Readonly<Record<string, string>> = {
  letters: long('a'),
  dots: long('a.'),
  blanks: `LoraConfig${long(' ')}x`,
  brackets: long('['),
  'brackets in Python': `LoraConfig(r=${long('[')}`,
  calls: long('LoraConfig('),
  'calls beside': long('LoraConfig(r=8,\n'),
  quotes: `LoraConfig(${long('"\\"')}`,
  'escaped quotes': `x = ${long('\\"')}`,
  'three quotes': long('"""\n'),
  dashes: long('- '),
  'lists in lists': long('- - a: 1\n'),
  'deeper and deeper': Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  options: long('--a --b=1 '),
  'open quote': `--network_dim "${long('a ')}`,
  tables: long('[a]\n'),
  equals: long('a = [\n'),
  losses: long('loss=1\n'),
  'losses in one line': long('loss: 1 '),
  numbers: long('1,2,3\n'),
  'one number': long('1'),
  logs: long("{'loss': 1.5, 'epoch': 0.1}\n"),
  zeros: long('lora_B tensor 0.'),
  prompts: long('<lora:a:1>'),
  fences: long('```\n'),
  products: `r = ${long('2*')}`,
};

it.each(Object.entries(SHAPES))('answers a long text of %s', (_name, text) => {
  check(text, diagnose(text));
});

const refusal = (text: string) => {
  const found = diagnose(text);
  return found.kind === 'refused' ? found.why : '';
};

it('refuses with a sentence that says what is read', () => {
  expect(refusal(' \n\t')).toMatch(/^Nothing was pasted\. What can be read: /);
  expect(refusal('Roses are red, violets are blue.')).toMatch(
    /^No setting and no list of losses .* What can be read: /,
  );
  expect(refusal(`r = 8\n${' '.repeat(MAX_TEXT)}`)).toMatch(/longer than 500,000 characters/);
  expect(refusal('\u0008\u0000\u0000{"__metadata__"')).toMatch(/^This is not text\. An adapter file/);
  expect(refusal(`{"r": ${'['.repeat(40)}`)).toMatch(/at most 32 are read/);
  expect(refusal(JSON.stringify({ model_type: 'llama', hidden_size: 4096 }))).toMatch(/^No setting/);
});

it('reads at most a hundred thousand losses', () => {
  const run = readPasted(long('1\n', 202_000));
  expect('losses' in run && run.losses?.series[0].values.length).toBe(100_000);
});
