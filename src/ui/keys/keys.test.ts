// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { isKeyTaken } from './keys.ts';
import { KEYS } from './list.ts';

function slider(inside: string): Element {
  document.body.innerHTML = `<div class="${inside}"><input type="range" /></div>`;
  const found = document.querySelector('input');
  if (!found) throw new Error('no slider');
  return found;
}

it('the timeline keeps plain arrows for its single steps and leaves those with shift to the list', () => {
  const focus = slider('timeline');
  expect(isKeyTaken({ key: 'ArrowLeft', shiftKey: false }, focus)).toBe(true);
  expect(isKeyTaken({ key: 'ArrowLeft', shiftKey: true }, focus)).toBe(false);
  expect(isKeyTaken({ key: 'ArrowUp', shiftKey: true }, focus)).toBe(true);
  expect(isKeyTaken({ key: 'ArrowLeft', shiftKey: true }, slider('ctl'))).toBe(true);
});

it('undo stands in the list of keys', () => {
  expect(KEYS.flatMap(({ shown }) => shown)).toContain('Ctrl+Z');
});
