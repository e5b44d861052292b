// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tourMode } from './tour.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const motion = (reduced: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: reduced }));

describe('the show of the first visit', () => {
  it('plays by itself, and waits to be led where less motion is asked for', () => {
    motion(false);
    expect([tourMode(''), tourMode('#')]).toEqual(['itself', 'itself']);
    motion(true);
    expect(tourMode('')).toBe('hand');
  });

  it('never plays on a link, for somebody who has seen it, or in the frame of another page', () => {
    motion(false);
    expect(tourMode('#v=1')).toBeNull();
    localStorage.setItem('lora-explorer/opening', 'seen');
    expect(tourMode('')).toBeNull();
    localStorage.clear();
    expect(tourMode('')).toBe('itself');
    vi.stubGlobal('parent', {});
    expect(tourMode('')).toBeNull();
  });
});
