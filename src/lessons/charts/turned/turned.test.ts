import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { planeSharePicture, spacePicture } from './picture.ts';
import { addVec, cross, dot3, edgeOnView, projectPoint, scaleVec, turnView, unitVec, type Vec } from './turn.ts';

const VIEWS = [0, 1, 2, 3, 4, 5].map((i) => ({ yaw: i, pitch: 0.25 * i - 0.6 }));
const POINTS: readonly Vec[] = [
  [1, 2, 3],
  [-2, 0.5, 1],
  [0.3, -1, -2],
];

describe('a view of space', () => {
  it('keeps lengths across the line of sight and has the upright axis upright', () => {
    for (const view of VIEWS) {
      expect(projectPoint([0, 0, 1], view)[0]).toBeCloseTo(0, 12);
      expect(projectPoint([0, 0, 1], view)[1]).toBeGreaterThan(0);
      // The part of a vector that projection loses lies along the line of sight.
      const { yaw, pitch } = view;
      const sight: Vec = [Math.cos(pitch) * Math.cos(yaw), Math.cos(pitch) * Math.sin(yaw), Math.sin(pitch)];
      for (const v of POINTS) {
        const [right, up] = projectPoint(v, view);
        expect(right ** 2 + up ** 2 + dot3(v, sight) ** 2).toBeCloseTo(dot3(v, v), 10);
      }
    }
  });

  it('sees a plane as a line when it is edge on, from the nearer side', () => {
    for (const view of VIEWS)
      for (const v of POINTS) {
        const normal = unitVec(v);
        const level = edgeOnView(normal, view);
        const inPlane = [cross(normal, [0, 0, 1]), cross(normal, [1, 0, 0])].map((p) => projectPoint(p, level));
        const [n0, n1] = projectPoint(normal, level);
        for (const [right, up] of inPlane) expect(right * n0 + up * n1).toBeCloseTo(0, 10);
        expect(Math.hypot(n0, n1)).toBeCloseTo(1, 10);
        expect(Math.cos(level.yaw - view.yaw)).toBeGreaterThan(-1e-9);
      }
  });

  it('turns no further up than nearly to the top', () => {
    expect(turnView({ yaw: 6, pitch: 0 }, 1, 9)).toEqual({ yaw: expect.closeTo(7 - 2 * Math.PI, 12), pitch: 1.4 });
  });
});

describe('its picture', () => {
  const corners: readonly Vec[] = [
    [2, 1, 0.5],
    [-2, 1, 0],
    [-2, -1, -0.5],
    [2, -1, 0],
  ];
  const sizes: readonly Size[] = [
    { width: 460, height: 400, font: 13, short: false },
    { width: 340, height: 260, font: 13, short: true },
  ];

  it('joins each ring to its dot, and keeps its texts apart from whatever side', () => {
    for (const size of sizes)
      for (const view of VIEWS) {
        const space = {
          ...{ view, reach: 3.4, axes: ['h₁', 'h₂', 'h₃'] as const, points: POINTS, hue: 'dw' },
          rings: POINTS.map((p) => addVec(p, scaleVec([0, 0, 1], 0.3))),
          plane: { corners, name: 'col(B)' },
          before: { corners: corners.map(([x, y, z]): Vec => [x, y, z + x / 2]), name: 'step 10' },
          measured: { to: [0.1, 0.2, 0.9] as const, name: 'σ₃ = 0.36' },
          chosen: { points: POINTS.slice(0, 1), name: ['same output'] },
        };
        const marks = spacePicture(space, size);
        const gaps = String(marks.find(({ key }) => key === 'gaps')?.attributes.d);
        expect(gaps.match(/M/g)?.length).toBe(3);
        const texts = marks.filter(({ tag }) => tag === 'text');
        expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['col(B)', 'σ₃ = 0.36', 'same output']));
        for (const [i, a] of texts.entries())
          for (const b of texts.slice(i + 1))
            expect(doBoxesOverlap(textBox(a, size.font), textBox(b, size.font)), `${a.text} / ${b.text}`).toBe(false);
      }
  });

  it('has no name on a dot or a ring, as far as the picture is wide enough', () => {
    const cloud = Array.from(
      { length: 60 },
      (_, i): Vec => [Math.sin(7 * i), Math.sin(11 * i + 1), Math.sin(13 * i + 2)],
    );
    const size: Size = { width: 620, height: 360, font: 12, short: false };
    for (const view of VIEWS) {
      const marks = spacePicture(
        {
          ...{ view, reach: 1.6, axes: ['h₁', 'h₂', 'h₃'] as const, points: cloud, hue: 'dw', rings: cloud },
          line: { to: [0.2, 0.3, 0.9], name: ['A sees nothing', 'along this line'], className: 'a' },
          measured: { to: [0.1, 0.2, 0.9], name: 'σ₃ = 0.36' },
          chosen: { points: cloud.slice(0, 1), name: ['same output'] },
        },
        size,
      );
      const dots = marks.filter(({ key }) => /^(point|ring|chosen) \d/.test(key));
      const names = marks.filter(({ tag, key }) => tag === 'text' && !key.startsWith('axis'));
      expect(names).toHaveLength(4);
      for (const name of names) {
        const { left, right, top, bottom } = textBox(name, size.font);
        const hit = dots.filter(({ attributes: { cx, cy } }) => {
          const [x, y] = [Number(cx), Number(cy)];
          return x > left && x < right && y > top && y < bottom;
        });
        expect(
          hit.map(({ key }) => key),
          name.text,
        ).toEqual([]);
      }
    }
  });

  it('draws the share of ΔW* in the plane over the steps, with the step on show', () => {
    const share = { steps: [0, 10, 300], shares: [0, 0.8, 0.913], max: 0.913, step: 20 };
    const marks = planeSharePicture({ ...share, name: ['91.3%', 'the most'] }, sizes[0]);
    const at = (key: string) => marks.find((mark) => mark.key === key)?.attributes;
    const path = String(at('share')?.d).match(/-?[\d.]+,-?[\d.]+/g) ?? [];
    expect(path[1]).toBe(`${at('now')?.cx},${at('now')?.cy}`);
  });
});
