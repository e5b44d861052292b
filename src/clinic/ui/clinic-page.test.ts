import { expect, it } from 'vitest';
import type { CaseName } from '../../experiment/settings/view.ts';
import { CASES } from '../cases/cases.ts';
import { findCases } from './clinic-page.tsx';

const found = (query: string) => findCases(query, CASES).map(({ name }) => name);

/** As people type it, and the complaint that is meant. */
const TYPED: readonly (readonly [query: string, name: CaseName])[] = [
  ['nothing', 'nothing'],
  ['my lora does nothing', 'nothing'],
  ['flat loss', 'flat'],
  ['lora_B zero', 'zeros'],
  ['NaN', 'nan'],
  ['loss is nan', 'nan'],
  ['staircase', 'staircase'],
  ['overfitting', 'overfit'],
  ['rank 64 worse', 'rank64'],
  ['rsLoRA', 'rank64'],
  ['new variant', 'variant'],
  ['target_modules', 'modules'],
  ['merge bf16', 'merged'],
  ['file too large', 'size'],
  ['resize', 'size'],
  ['two loras', 'together'],
];

it.each(TYPED)('“%s” finds %s', (query, name) => expect(found(query)).toContain(name));

it('keeps the page order, takes any word, and finds all without one and none for nonsense', () => {
  const all = CASES.map(({ name }) => name);
  expect(found('')).toEqual(all);
  expect(found('  ')).toEqual(all);
  expect(found('xylophone')).toEqual([]);
  const ranked = found('rank');
  expect(ranked).toEqual(all.filter((name) => ranked.includes(name)));
  expect(found('xylophone nan')).toEqual(found('nan'));
});
