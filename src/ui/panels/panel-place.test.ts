import { describe, expect, it } from 'vitest';
import { type Box, panelPlace } from './panel-place.ts';

const apart = (a: Box, b: Box) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

describe('a panel that explains a chart', () => {
  const cases: readonly (readonly [name: string, box: Box, width: number, height: number])[] = [
    ['left column', { left: 280, top: 540, right: 815, bottom: 700 }, 1440, 900],
    ['right column', { left: 862, top: 700, right: 1412, bottom: 890 }, 1440, 900],
    ['low window', { left: 762, top: 540, right: 1252, bottom: 715 }, 1280, 720],
    ['tablet', { left: 24, top: 700, right: 390, bottom: 900 }, 820, 1180],
    ['phone, chart at the foot', { left: 16, top: 500, right: 374, bottom: 732 }, 390, 844],
    ['small phone', { left: 16, top: 353, right: 344, bottom: 528 }, 360, 640],
    ['phone on its side', { left: 16, top: 220, right: 236, bottom: 388 }, 844, 390],
    ['chart scrolled to the head', { left: 16, top: -20, right: 374, bottom: 180 }, 390, 844],
  ];
  it.each(cases)('stands beside it and in the window: %s', (_, box, width, height) => {
    const place = panelPlace(box, width, height);
    if (!place) throw new Error('no place was found');
    expect(apart(place, box)).toBe(true);
    expect(place.left).toBeGreaterThanOrEqual(0);
    expect(place.top).toBeGreaterThanOrEqual(0);
    expect(place.right).toBeLessThanOrEqual(width);
    expect(place.bottom).toBeLessThanOrEqual(height);
    expect(place.right - place.left).toBeGreaterThanOrEqual(250);
    expect(place.bottom - place.top).toBeGreaterThanOrEqual(150);
  });

  it('gives up where the chart fills the window', () => {
    expect(panelPlace({ left: 0, top: 40, right: 320, bottom: 250 }, 320, 256)).toBeNull();
  });
});
