import { expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { codeLink } from './adapters.ts';
import { LONGEST_NAME, nameOf } from './hand-name.tsx';

it('a name has at most 24 characters, and none that controls how the others are shown', () => {
  expect(nameOf('  Mei  ')).toBe('Mei');
  expect(nameOf('a'.repeat(99))).toBe('a'.repeat(LONGEST_NAME));
  expect(nameOf('Mei\u202e\u0000gnp')).toBe('Meignp');
  expect(nameOf(' \u200b\u00a0 ')).toBe('');
  expect(nameOf('<img src=x onerror=1>')).toBe('<img src=x onerror=1>');
});

it('whatever was typed, its link has no fault and holds the name', () => {
  for (const typed of [
    'Mei',
    '👩‍🏫'.repeat(9),
    `${'x'.repeat(23)}😀😀`,
    '&view=wall#',
    '\ud800',
    'ü'.repeat(40),
    '+ %26',
  ]) {
    const name = nameOf(typed);
    const { view, faults } = parseLink(codeLink('AQE', name));
    expect(faults.filter((fault) => 'key' in fault && fault.key === 'by')).toEqual([]);
    expect(view.by).toBe(name);
  }
});
