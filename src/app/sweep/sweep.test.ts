// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { ended } from '../../state/testing/page.ts';
import { askedSweep } from './sweep.ts';

it('what is kept of a sweep counts for one build of the page only', () => {
  const state = ended();
  const engineIn = (build: string) => {
    document.head.innerHTML = `<meta name="build" content="${build}">`;
    return askedSweep(state, '1.0.0').engine;
  };
  expect(engineIn('0123')).toContain('1.0.0');
  expect(engineIn('0123')).toBe(engineIn('0123'));
  expect(engineIn('4567')).not.toBe(engineIn('0123'));
});
