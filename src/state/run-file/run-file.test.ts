import { expect, it } from 'vitest';
import { lazyProperties } from './run-file.ts';

function counted() {
  const made: string[] = [];
  const list = (name: string) => () => {
    made.push(name);
    return [name];
  };
  return { made, object: lazyProperties({ first: 1 }, { a: list('a'), b: list('b') }) };
}

it('makes what is read, once, and nothing else', () => {
  const { made, object } = counted();
  expect(Object.keys(object)).toEqual(['first', 'a', 'b']);
  expect(made).toEqual([]);
  expect(object.b).toEqual(['b']);
  expect(object.b).toBe(object.b);
  expect(made).toEqual(['b']);
});

it('is a plain object to whoever serialises, clones, spreads or writes it', () => {
  const plain = { first: 1, a: ['a'], b: ['b'] };
  expect(JSON.stringify(counted().object)).toBe(JSON.stringify(plain));
  expect(structuredClone(counted().object)).toEqual(plain);
  expect({ ...counted().object }).toEqual(plain);
  const { made, object } = counted();
  object.a = ['mine'];
  expect(object).toEqual({ ...plain, a: ['mine'] });
  expect(made).toEqual(['b']);
});
