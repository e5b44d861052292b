import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../kit/search/search-words.ts';
import { LESSONS } from '../../list.ts';
import { find, searchEntries } from './search.tsx';

const ALL = searchEntries(LESSONS);
const titles = (query: string, kind: string) =>
  find(query, ALL).flatMap(([of, found]) => (of === kind ? found.map(({ title }) => title) : []));

describe('search', () => {
  it('finds terms by their names, other names, and Greek letters', () => {
    expect(titles('rank', 'term')[0]).toBe('Rank');
    expect(titles('bf16', 'term')).toEqual(['Bfloat16']);
    expect(titles('alpha', 'term')[0]).toBe('α');
    expect(titles('α', 'term')[0]).toBe('α');
    expect(titles('eckart young', 'term')[0]).toBe('Eckart–Young');
    expect(titles('QLORA', 'term')[0]).toBe('QLoRA');
  });

  it('finds a lesson, one of its steps, and an experiment', () => {
    expect(titles('what is', 'lesson')[0]).toBe('What is LoRA?');
    const [[, [step]]] = find('how high rank', ALL);
    expect(step.place).toEqual({ kind: 'lesson', lesson: 'what-is-lora', step: expect.any(Number) });
    expect(titles('owl', 'experiment')).toContain('Edit: sunglasses for an owl');
    expect(titles('confetti', 'experiment').length).toBeGreaterThan(0);
  });

  it('finds what an engineer came for: Plan a run, first of all', () => {
    for (const query of ['LoraConfig', 'target modules', 'QLoRA', 'memory', 'plan a run']) {
      const [[kind, [first]]] = find(query, ALL);
      expect([kind, first.place], query).toEqual(['place', { kind: 'place', view: 'plan' }]);
    }
    expect(titles('safetensors', 'place')).toContain('Make it smaller');
    for (const query of ['loss is NaN', 'what is wrong', 'does nothing'])
      expect(titles(query, 'place'), query).toEqual(['Clinic']);
  });

  it('finds lessons by their terms', () => {
    const lessonOf = (query: string) =>
      find(query, ALL).flatMap(([, found]) =>
        found.flatMap(({ place }) => (place.kind === 'lesson' ? [place.lesson] : [])),
      )[0];
    const first = {
      muon: 'optimisers',
      dora: 'beyond',
      oft: 'beyond',
      'merge bf16': 'merging',
      'adapter for which update': 'beyond',
      predict: 'rank',
    };
    for (const [query, lesson] of Object.entries(first)) expect(lessonOf(query), query).toBe(lesson);
  });

  it('knows every term that a lesson explains', () => {
    for (const { name, title } of LESSONS) {
      const source = readFileSync(new URL(`../../${name}/lesson.tsx`, import.meta.url), 'utf8');
      for (const [, term] of source.matchAll(/\bterm\('([^']+)'/g)) {
        const places = ALL.filter(({ place }) => place.kind === 'lesson' && place.lesson === name);
        const text = places.map((one) => `${one.name} ${one.text}`).join(' ');
        expect(text, `“${term}” in ${title}`).toContain(plainText(term));
      }
    }
  });

  it('takes what has most words of the query, and says nothing to none', () => {
    expect(find('', ALL)).toEqual([]);
    expect(find('  · ', ALL)).toEqual([]);
    expect(find('zebra', ALL)).toEqual([]);
    expect(titles('zebra muon', 'lesson')).toEqual(titles('muon', 'lesson'));
    expect(titles('merge zebra bf16', 'lesson')[0]).toBe(titles('merge bf16', 'lesson')[0]);
    expect(
      find('intruder dim', ALL)
        .at(-1)?.[1]
        .map(({ title }) => title),
    ).toEqual(['Intruder dimension']);
    for (const [, found] of find('rank', ALL)) expect(found.length).toBeLessThanOrEqual(6);
  });

  it('reads a text without its accents, marks and capitals', () => {
    expect(plainText('Eckart–Young, ΔW* = σ₁·É')).toBe('eckart young delta w* sigma1 e');
  });
});
