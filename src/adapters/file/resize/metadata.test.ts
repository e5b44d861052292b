import { expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { patternsFor } from './metadata.ts';

/** PEFT's get_pattern_key: the first key for which re.match(rf"(.*\.)?({key})$", name) is true. */
function read({ usual, pattern }: ReturnType<typeof patternsFor>, name: string): number {
  const key = Object.keys(pattern).find((key) => new RegExp(`^(?:(.*\\.)?(${key})$)`).test(name));
  return key === undefined ? usual : pattern[key];
}

/** Before 0.14: the first key for which re.match(rf".*\.{key}$", name) is true, else the name itself is the key. */
function readByOlder({ usual, pattern }: ReturnType<typeof patternsFor>, name: string): number {
  const key = Object.keys(pattern).find((key) => new RegExp(`^(?:.*\\.${key}$)`).test(name)) ?? name;
  return pattern[key] ?? usual;
}

it('gives every module its own value back, in names that end alike too', () => {
  const random = stream(2, 'patterns');
  const words = ['a', 'b', 'q_proj', 'xq_proj', '0', '10', 'b.a', 'layers'];
  for (let i = 0; i < 300; i++) {
    const names = [
      ...new Set(
        Array.from({ length: 12 }, () =>
          Array.from({ length: 1 + random.integer(3) }, () => words[random.integer(words.length)]).join('.'),
        ),
      ),
    ];
    const values = names.map(() => 1 + random.integer(3));
    const patterns = patternsFor(names, values);
    expect(names.map((name) => read(patterns, name))).toEqual(values);
  }
});

it('is read by older versions too, where no name ends with another one', () => {
  const names = Array.from({ length: 24 }, (_, i) => `model.layers.${i >> 1}.self_attn.${i % 2 ? 'q' : 'v'}_proj`);
  const values = names.map((_, i) => 1 + (i % 5));
  const patterns = patternsFor(names, values);
  expect(names.map((name) => readByOlder(patterns, name))).toEqual(values);
});

it('escapes what a regular expression would take for more, dots only where they matter', () => {
  const names = ['x.y', 'xzy', 'c(1)+', 'c1'];
  const patterns = patternsFor(names, [1, 2, 3, 4]);
  expect(names.map((name) => read(patterns, name))).toEqual([1, 2, 3, 4]);
  expect(Object.keys(patternsFor(['m.0.q', 'm.1.q', 'm.2.q'], [4, 4, 2]).pattern)).toEqual(['m.2.q']);
  expect(patternsFor(['m.0.q', 'm.1.q'], [4, 4])).toEqual({ usual: 4, pattern: {} });
});
