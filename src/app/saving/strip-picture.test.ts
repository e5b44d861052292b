// @vitest-environment happy-dom
import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { describe, expect, it } from 'vitest';
import { initialState } from '../../state/state.ts';
import { trained } from '../../state/testing/page.ts';
import { StripText } from '../../ui/strip/strip-text.tsx';
import { type StripRoom, stripPicture } from './strip-picture.ts';

const ROOM: StripRoom = { width: 900, mode: 'desk', cell: 3 };

describe('the strip for a file', () => {
  it('has every matrix of the step on show inside its layout, with its entries', () => {
    const strip = stripPicture(trained(), ROOM);
    const { layout, matrices } = strip ?? expect.unreachable();
    expect(matrices.map(({ name }) => name).sort()).toEqual(['A', 'B', 'E', 'W', 'W0', 'dW', 'target']);
    for (const { rect, plane, scale } of matrices) {
      expect(rect.x + rect.width).toBeLessThanOrEqual(layout.width + 1e-9);
      expect(rect.y + rect.height).toBeLessThan(layout.height);
      expect(plane?.values.length).toBe((plane?.rows ?? 0) * (plane?.cols ?? 0));
      expect(scale).toBeGreaterThanOrEqual(0);
    }
  });

  it('keeps the scales of A and B that it is given, so that a film does not flicker', () => {
    const scales = stripPicture(trained(), ROOM)?.scales ?? expect.unreachable();
    const held = stripPicture(trained(), ROOM, { ...scales, A: 7, B: 9 });
    expect([held?.scales.A, held?.scales.B]).toEqual([7, 9]);
  });

  it('has its names and figures as text, without a page around it', () => {
    const { layout, facts, scales } = stripPicture(trained(), ROOM) ?? expect.unreachable();
    const place = document.createElement('div');
    const text = createElement(StripText, { layout, facts, scales, below: null, ofA: null, ofB: null });
    flushSync(() => createRoot(place).render(text));
    for (const name of ['W₀', 'A', 'B', 'ΔW = s·B·A', 'ΔW*', 'E = ΔW − ΔW*', 'relative error 10.0'])
      expect(place.textContent).toContain(name);
  });

  it('is none before there are matrices', () => {
    expect(stripPicture(initialState({ backend: null, stepper: null }), ROOM)).toBeNull();
  });
});
