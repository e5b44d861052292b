// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Size } from '../kit/chart/chart.ts';
import { CHARTS } from './charts.ts';
import { timeline } from './error/timeline.ts';
import { markupOf } from './sheet/sheet.ts';
import { madeUpScene } from './testing/made-up-scene.ts';

const size: Size = { width: 544, height: 176, font: 13, short: false };
const blank = () => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'chart');
  document.body.append(svg);
  return svg;
};

describe.each([...CHARTS, timeline])('$name', (chart) => {
  it('drawn over and over is what it is drawn once', () => {
    const again = blank();
    const scenes = [0, 1, 50, 300].map((step) => madeUpScene({ rank: 8, step }));
    for (const scene of [
      ...scenes,
      { ...scenes[0], empty: 'Nothing yet.' },
      madeUpScene({ rank: 3, step: 20, others: [8] }),
      scenes[2],
    ])
      chart.draw(again, scene, size);
    const once = blank();
    chart.draw(once, scenes[2], size);
    expect(again.innerHTML).toBe(once.innerHTML);
  });

  it('keeps its elements from one drawing to the next', () => {
    const svg = blank();
    chart.draw(svg, madeUpScene({ rank: 8, step: 50 }), size);
    const before = [...svg.children];
    chart.draw(svg, madeUpScene({ rank: 8, step: 51 }), size);
    const kept = before.filter((element) => element.parentNode === svg);
    expect(kept.length).toBeGreaterThan(0.9 * before.length);
  });

  it('keeps a longer run beside it within the frame', () => {
    const svg = blank();
    const scene = { ...madeUpScene({ rank: 8, step: 30, others: [1] }), budget: 30 };
    expect(scene.others[0].curves.length).toBeGreaterThan(200);
    chart.draw(svg, scene, size);
    for (const path of svg.querySelectorAll('path, polyline')) {
      const numbers = (path.getAttribute('d') ?? path.getAttribute('points') ?? '').match(/-?[\d.]+/g) ?? [];
      expect(Math.max(0, ...numbers.map(Number)), path.outerHTML.slice(0, 120)).toBeLessThanOrEqual(size.width);
    }
  });

  it('needs no style attribute and no name that another chart could share', () => {
    const svg = blank();
    chart.draw(svg, madeUpScene({ rank: 8, step: 50 }), size);
    expect(svg.outerHTML).not.toMatch(/ style=| id=|url\(|href/);
  });

  it('becomes a part of a file that needs nothing of the page', () => {
    const svg = blank();
    chart.draw(svg, madeUpScene({ rank: 8, step: 50 }), size);
    const text = markupOf(svg, 24, 60);
    const part = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    expect(part.getAttribute('viewBox')).toBe('0 0 544 176');
    expect(['x', 'y'].map((name) => part.getAttribute(name))).toEqual(['24', '60']);
    expect(part.children.length).toBe(svg.children.length);
    expect(text).not.toMatch(/class=|style=|var\(|href|<script/);
  });
});
