// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showOf } from './first-visit.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const motion = (reduced: boolean) => vi.stubGlobal('matchMedia', () => ({ matches: reduced }));

describe('the show of the first visit', () => {
  it('plays by itself, and waits to be led where less motion is asked for', () => {
    motion(false);
    expect([showOf(''), showOf('#')]).toEqual(['itself', 'itself']);
    motion(true);
    expect(showOf('')).toBe('hand');
  });

  it('never plays on a link, for somebody who has seen it, or in the frame of another page', () => {
    motion(false);
    expect(showOf('#v=1')).toBeNull();
    localStorage.setItem('lora-explorer/opening', 'seen');
    expect(showOf('')).toBeNull();
    localStorage.clear();
    expect(showOf('')).toBe('itself');
    vi.stubGlobal('parent', {});
    expect(showOf('')).toBeNull();
  });
});
