import { describe, expect, it } from 'vitest';
import type { Scene } from '../../charts/chart.ts';
import { walk } from './chart-picture.tsx';

const scene = { d: 64, k: 16, rank: 8, step: 40, curves: { length: 101 }, hover: null } as unknown as Scene;
const at = (index: number): Scene => ({ ...scene, hover: { axis: 'rank', index } });

describe('walk', () => {
  it('starts at what is on show', () => {
    expect(walk(scene, 'rank', 'ArrowRight', false)).toEqual({ axis: 'rank', index: 8 });
    expect(walk(scene, 'step', 'ArrowLeft', false)).toEqual({ axis: 'step', step: 40 });
  });

  it('goes by one, by ten with shift, and stays on the axis', () => {
    expect(walk(at(3), 'rank', 'ArrowRight', false)).toEqual({ axis: 'rank', index: 4 });
    expect(walk(at(3), 'rank', 'ArrowRight', true)).toEqual({ axis: 'rank', index: 13 });
    expect(walk(at(3), 'rank', 'ArrowLeft', true)).toEqual({ axis: 'rank', index: 1 });
    expect(walk(at(3), 'rank', 'End', false)).toEqual({ axis: 'rank', index: 16 });
    expect(walk(scene, 'step', 'End', false)).toEqual({ axis: 'step', step: 100 });
  });

  it('gives way with Escape and leaves other keys alone', () => {
    expect(walk(at(3), 'rank', 'Escape', false)).toBeNull();
    expect(walk(scene, 'rank', 'Escape', false)).toBeUndefined();
    expect(walk(at(3), 'rank', 'x', false)).toBeUndefined();
  });
});
