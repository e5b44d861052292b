import { describe, expect, it } from 'vitest';
import { initialState } from '../../state/state.ts';
import { trainedState } from '../../state/testing/page.ts';
import { type StripContainer, stripPicture, stripText } from './pictures.ts';

const ROOM: StripContainer = { width: 900, mode: 'desk', cell: 3 };

describe('the strip for a file', () => {
  it('has every matrix of the step on show inside its layout, with its entries', () => {
    const strip = stripPicture(trainedState(), ROOM);
    const { width, height, matrices } = strip ?? expect.unreachable();
    expect(matrices.map(({ name }) => name).sort()).toEqual(['A', 'B', 'E', 'W', 'W0', 'dW', 'target']);
    for (const { x, y, across, down, plane, scale } of matrices) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + across).toBeLessThanOrEqual(width + 1e-9);
      expect(y + down).toBeLessThan(height);
      expect(plane?.values.length).toBe((plane?.rows ?? 0) * (plane?.cols ?? 0));
      expect(scale).toBeGreaterThanOrEqual(0);
    }
  });

  it('has B left of ΔW and A above it, rows and columns aligned', () => {
    const { matrices } = stripPicture(trainedState(), ROOM) ?? expect.unreachable();
    const of = (name: string) => matrices.find((matrix) => matrix.name === name) ?? expect.unreachable();
    const [A, B, dW] = ['A', 'B', 'dW'].map(of);
    expect([A.x, A.across, B.y, B.down]).toEqual([dW.x, dW.across, dW.y, dW.down]);
    const gap = dW.y - A.y - A.down;
    expect(gap).toBeGreaterThan(4);
    expect(dW.x - B.x - B.across).toBeCloseTo(gap, 9);
  });

  it('keeps the scales of A and B that it is given, so that a film does not flicker', () => {
    const scales = stripPicture(trainedState(), ROOM)?.scales ?? expect.unreachable();
    const held = stripPicture(trainedState(), ROOM, { ...scales, A: 7, B: 9 });
    expect([held?.scales.A, held?.scales.B]).toEqual([7, 9]);
  });

  it('has its names and figures as text, in the colours of the theme', () => {
    const text = stripText(stripPicture(trainedState(), ROOM) ?? expect.unreachable(), (token) => `of${token}`);
    const read = text.replace(/<[^>]+>/g, '');
    for (const name of ['W₀', 'A', 'B', 'ΔW = s·B·A', 'ΔW*', 'E = ΔW − ΔW*', 'relative error 10.0'])
      expect(read).toContain(name);
    expect(text).toContain('<tspan fill="of--dwt"');
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  it('is none before there are matrices', () => {
    expect(stripPicture(initialState({ backend: null, stepper: null }), ROOM)).toBeNull();
  });
});
