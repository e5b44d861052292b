import { expect, it } from 'vitest';
import { credits } from './credits.ts';

it('lets two frames be under way, and keeps one credit for the last near the end', () => {
  const left = credits(() => 0);
  left.toGo(1000);
  left.spend(0);
  expect(left.mayGo(false)).toBe(true);
  left.toGo(10);
  expect(left.mayGo(false)).toBe(false);
  // The run rests: its last frame goes at once.
  expect(left.mayGo(true)).toBe(true);
  left.spend(0);
  expect(left.mayGo(true)).toBe(false);
  left.returned();
  expect(left.mayGo(true)).toBe(true);
});

it('lets large factors wait until the page has room, unless they are the last', () => {
  const time = { ms: 0 };
  const left = credits(() => time.ms);
  left.spend(32e6);
  time.ms = 500;
  expect([left.mayGo(false), left.mayGo(true)]).toEqual([false, true]);
  time.ms = 1001;
  expect(left.mayGo(false)).toBe(true);
});
