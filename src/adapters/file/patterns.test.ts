import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookupOf } from './patterns.ts';

const matches = (pattern: string, name: string) => lookupOf([[pattern, 1]])(name);

describe('patterns of adapter_config.json', () => {
  it('fit the end of a name, after a dot or as a whole', () => {
    for (const [pattern, name, is] of [
      ['q_proj', 'model.layers.0.self_attn.q_proj', 1],
      ['q_proj', 'q_proj', 1],
      ['q_proj', 'model.my_q_proj', null],
      ['layers.0.q_proj', 'model.layers.0.q_proj', 1],
      ['layers.0.q_proj', 'model.layers.10.q_proj', null],
      ['^model\\.layers\\.2\\..*', 'model.layers.2.mlp.up_proj', 1],
      ['^layers\\.2\\..*', 'model.layers.2.mlp.up_proj', null],
      ['layers\\.(1[0-2]|3)\\.self_attn\\.[qk]_proj', 'model.layers.11.self_attn.k_proj', 1],
      ['layers\\.(1[0-2]|3)\\.self_attn\\.[qk]_proj', 'model.layers.13.self_attn.k_proj', null],
      ['(?:up|down)_blocks\\.\\d+\\.attn', 'unet.up_blocks.12.attn', 1],
      ['h\\.\\d{1,2}\\.attn.*', 'h.123.attn', null],
      ['.*', 'anything', 1],
    ] as const) {
      expect([pattern, name, matches(pattern, name)]).toEqual([pattern, name, is]);
    }
  });

  it('count in their order', () => {
    const lookup = lookupOf([
      ['layers.0.q', 4],
      ['q', 8],
    ]);
    expect(['a.layers.0.q', 'a.layers.1.q', 'a.v'].map(lookup)).toEqual([4, 8, null]);
  });

  it('mean what the engine of the browser takes them for', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      '\\.',
      '.',
      '[ab]',
      '[^a.]',
      '\\w',
      '(a|b\\.)',
      '(?:ab)?',
      'a+',
      'b*',
      '(a|){1,2}',
      '^',
      '$',
      '\\b',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.stringMatching(/^[ab.]{0,10}$/), (parts, name) => {
        const pattern = parts.join('');
        expect(matches(pattern, name)).toBe(new RegExp(`^(.*\\.)?(${pattern})$`).test(name) ? 1 : null);
      }),
      { numRuns: 500 },
    );
  });

  it('that are hostile or not understood are not guessed', () => {
    const name = `${'a'.repeat(30_000)}!`;
    for (const pattern of ['(a+)+b', '(a*)*(a*)*(a*)*b', '(a|a)*b', '(.*a){200}b']) {
      // A backtracking engine would not end within the life of the universe, nor of this test.
      expect([null, 'unknown']).toContain(matches(pattern, name));
    }
    for (const pattern of [
      '(?=a)a',
      '(?<!a)b',
      '(a)\\1',
      '(?i)a',
      '(',
      ')',
      'a{3,1}',
      '[a',
      '*',
      'a**',
      '('.repeat(1e4),
      '((a{200}){200}){200}',
      'a\\',
    ]) {
      expect([pattern.slice(0, 20), matches(pattern, 'a')]).toEqual([pattern.slice(0, 20), 'unknown']);
    }
    expect(lookupOf(Array.from({ length: 1e5 }, (_, i) => [`x${i}.y`, i]))('a.y')).toBe(null);
  });
});
