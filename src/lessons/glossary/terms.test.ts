import { describe, expect, it } from 'vitest';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { LEVELS } from '../state/progress.ts';
import { meaningOf, TERM_NAMES, termHeading } from './terms.ts';

describe('the glossary', () => {
  it('explains each term at three levels, in a few lines that end', () => {
    expect(TERM_NAMES.length).toBeGreaterThanOrEqual(40);
    for (const name of TERM_NAMES)
      for (const level of LEVELS) {
        const text = meaningOf(name)[level];
        expect(text, `${name}, ${level}`).toMatch(/^(?![a-z]{3} ).{12,190}[.)]$/u);
        if (level === 'plain') expect(text, name).not.toMatch(/[√Σ‖∂]|arXiv/);
      }
  });

  it('leads to a lesson if one uses the word, and finds no two terms under one word', () => {
    const words = TERM_NAMES.flatMap((name) => [name, ...(meaningOf(name).also ?? [])]);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
    for (const { lesson } of TERM_NAMES.map(meaningOf))
      if (lesson !== undefined) expect(LESSON_NAMES).toContain(lesson);
  });

  it('is in the order of the alphabet, Greek letters last', () => {
    const known = ['activation', 'AdaLoRA', 'Adam', 'adapter', 'column space', 'rank', 'rsLoRA', 'SGD', 'α', 'δ', 'ΔW'];
    expect(TERM_NAMES.filter((name) => known.includes(name))).toEqual(known);
    expect(['rank', 'rsLoRA', 'α', 'bfloat16', 'δ'].map(termHeading)).toEqual(['Rank', 'rsLoRA', 'α', 'Bfloat16', 'δ']);
  });

  it('has its numbers right', () => {
    // The entropy of σ, the participation ratio and the stable rank of σᵢ = 1/i, in the glossary's order.
    const sigma = Array.from({ length: 16 }, (_, i) => 1 / (i + 1));
    const sum = (power: number) => sigma.reduce((all, one) => all + one ** power, 0);
    const entropy = Math.exp(-sigma.reduce((all, one) => all + (one / sum(1)) * Math.log(one / sum(1)), 0));
    const [participation, stable] = [sum(2) ** 2 / sum(4), sum(2)];
    expect([entropy, participation, stable].map((value) => value.toFixed(2))).toEqual(['10.58', '2.32', '1.58']);
    // Momentum 0.9 under a constant gradient ends at ten times the step of SGD.
    let v = 0;
    for (let i = 0; i < 200; i++) v = 0.9 * v + 1;
    expect(v).toBeCloseTo(10, 6);
    // bfloat16 keeps 7 bits after the leading one: half of the last is 2⁻⁸.
    const bits = new Uint32Array(new Float32Array([1]).buffer);
    const next = new Float32Array(new Uint32Array([bits[0] + 0x1_0000]).buffer)[0];
    expect((next - 1) / 2).toBe(2 ** -8);
  });
});
