// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../kit/chart/text-width.ts';
import { layoutSheet, type SheetShape, type SheetWords, sheetLines, sheetSvg } from './sheet.ts';

const WORDS: SheetWords = {
  title: 'Error against rank',
  subtitle: '‖ΔW − ΔW*‖ / ‖ΔW*‖, Frobenius; 1 = nothing learned',
  settings:
    'step 300 of 300 · a picture, 64 × 64 · rank 8 · α = 16 (s = 2) · Kaiming uniform · Adam, rate 0.015, automatic · seed 1',
  link: null,
  description: 'The run is at 0.172.',
};
const LOOKS = { paper: '#fff', ink: '#000', soft: '#333', quiet: '#666', family: '"A B", sans-serif' };
const BODY = { width: 752, height: 380 };
const parsed = (svg: string) => new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;

describe('a picture with its words', () => {
  it.each(['page', 'slide', 'film'] as const)(
    'on a %s: everything is inside, and nothing covers the picture',
    (shape) => {
      const link = `https://example.org/#${'rank=8&'.repeat(60)}`;
      for (const words of [WORDS, { ...WORDS, link }]) {
        const { width, height, body, texts } = layoutSheet(words, shape, BODY);
        for (const { x, y, size, style, text } of texts) {
          expect(x + textWidth(text, size, style === 'title')).toBeLessThanOrEqual(width);
          expect(y).toBeLessThan(height);
          expect(y - size).toBeGreaterThan(0);
          expect(y + 0.3 * size <= body.y || y - size >= body.y + body.height).toBe(true);
        }
        expect(body.height).toBeGreaterThan(shape === 'film' ? 250 : 360);
        const said = texts.map(({ text }) => text).join(' ');
        for (const part of [words.title, 'Frobenius', 'rank 8', 'seed 1']) expect(said).toContain(part);
      }
    },
  );

  it.each(['slide', 'film'] satisfies SheetShape[])('is 16:9 on a %s', (shape) => {
    const { width, height } = layoutSheet(WORDS, shape, BODY);
    expect(width / height).toBeCloseTo(16 / 9, 10);
  });

  it('is one file with all its words, whatever signs they have', () => {
    const words = { ...WORDS, title: 'A <b> & "c"\u0007', link: 'https://example.org/#v=1&rank=8' };
    const layout = layoutSheet(words, 'page', BODY);
    const svg = parsed(sheetSvg(layout, words, LOOKS, '<circle r="3"/>'));
    expect(svg.querySelector('title')?.textContent).toBe('A <b> & "c"');
    expect(svg.querySelector('desc')?.textContent).toContain('rank=8');
    expect(svg.getAttribute('font-family')).toBe('"A B", sans-serif');
    expect(svg.querySelectorAll('circle')).toHaveLength(1);
    expect(Number(svg.getAttribute('width'))).toBe(layout.width);
    expect([...svg.querySelectorAll('text')].map((text) => text.textContent)).toContain(words.link);
  });
});

describe('a line that is too long', () => {
  it('is broken between its parts, and loses nothing', () => {
    const lines = sheetLines(WORDS.settings, 12, 300);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(300);
    expect(lines.join(' · ')).toBe(WORDS.settings);
  });

  it('is broken at spaces where it has no parts, and inside a part that is too long itself', () => {
    expect(sheetLines('one two three', 12, 50)).toEqual(['one two', 'three']);
    expect(sheetLines('a · one two three', 12, 50).join(' ')).toBe('a one two three');
  });
});
