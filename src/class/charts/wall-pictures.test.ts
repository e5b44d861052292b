// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, lineBox } from '../../charts/testing/boxes.ts';
import type { Chart, Size } from '../../kit/chart/chart.ts';
import { type Dot, spreadDots } from './spread-dots.ts';
import { wallCurves } from './wall-curves.ts';
import { type WallRun, type WallScene, wallEnds } from './wall-ends.ts';

const DESK: Size = { width: 720, height: 300, font: 13, short: false };
const PHONE: Size = { width: 358, height: 220, font: 13, short: true };
const PROJECTOR: Size = { width: 980, height: 360, font: 22, short: false };

function run(id: number, rank: number, end: number, more: Partial<WallRun> = {}): WallRun {
  const errors = Float64Array.from({ length: 101 }, (_, t) => end + (1 - end) * Math.exp(-t / 12));
  return { id, name: `Name ${id}`, kind: 'missed', first: false, rank, error: end, step: null, errors, ...more };
}

const reached = (id: number, end: number) => run(id, 4, end, { kind: 'reached', first: id <= 3, step: 40 + id });
const scene: WallScene = {
  runs: [
    ...Array.from({ length: 19 }, (_, i) => reached(i + 1, 0.028 + 0.0007 * (i % 7))),
    run(20, 3, 0.25),
    run(21, 3, 0.251),
    run(22, 1, 0.68),
    run(23, 4, 2, { kind: 'diverged', errors: Float64Array.from([1, 1.2, 5, 90]) }),
    run(24, 8, 0.03, { kind: 'over', step: 47 }),
    run(25, 32, 0.019, { kind: 'over', step: 46 }),
  ],
  waiting: 0,
  goal: { error: 0.05, numbers: 600, steps: 100 },
  floors: Float64Array.from({ length: 65 }, (_, r) => (r < 4 ? 0.68 ** r : 0.029 * (1 - r / 64))),
  perRank: 128,
  pointed: 2,
};

function drawn(chart: Chart<WallScene>, size: Size, of = scene) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.draw(svg, of, size);
  return svg;
}

const boxes = (svg: SVGElement, font: number) =>
  [...svg.querySelectorAll('text')].map((text) => ({
    text: text.textContent ?? '',
    box: lineBox(
      text.textContent ?? '',
      text.classList.contains('strong'),
      Number(text.getAttribute('x')),
      Number(text.getAttribute('y')),
      (text.getAttribute('text-anchor') ?? 'start') as 'start',
      font,
    ),
  }));

describe.each([
  ['desk', DESK],
  ['phone', PHONE],
  ['projector', PROJECTOR],
])('the charts of the wall on a %s', (_, size) => {
  it.each([
    ['ends', wallEnds],
    ['curves', wallCurves],
  ])('%s: no name covers another, and all stay inside', (__, chart) => {
    const all = boxes(drawn(chart, size), size.font);
    for (const [i, { text, box }] of all.entries()) {
      expect(box.right, text).toBeLessThanOrEqual(size.width + 1);
      for (const other of all.slice(i + 1))
        if (other.text !== '' && text !== '')
          expect(doBoxesOverlap(box, other.box, -1), `${text} and ${other.text}`).toBe(false);
    }
  });

  it('dots of one rank stand apart as far as there is room, and never past the line of the budget', () => {
    const svg = drawn(wallEnds, size);
    const edge = Number(
      /^M([\d.]+)/.exec([...svg.querySelectorAll('path.ref.ink')].at(-1)?.getAttribute('d') ?? '')?.[1],
    );
    for (const { id, kind } of scene.runs.filter((one) => one.kind !== 'diverged')) {
      const dot = svg.querySelector(`circle[data-run="${id}"]`);
      const [x, r] = ['cx', 'r'].map((name) => Number(dot?.getAttribute(name)));
      if (kind === 'over') expect((x ?? 0) - (r ?? 0)).toBeGreaterThanOrEqual(edge - 0.1);
      else expect((x ?? 0) + (r ?? 0)).toBeLessThanOrEqual(edge + 0.1);
      expect(dot?.classList.contains('open')).toBe(kind !== 'reached');
    }
  });
});

it('the one that is pointed at is raised in both pictures, and every curve stays inside', () => {
  const ends = drawn(wallEnds, DESK);
  expect([...ends.querySelectorAll('circle.ink')].map((dot) => dot.getAttribute('data-run'))).toEqual(['2']);
  const curves = drawn(wallCurves, DESK);
  expect(curves.querySelector('path.main')?.getAttribute('data-run')).toBe('2');
  expect(curves.querySelectorAll('path[data-run]')).toHaveLength(scene.runs.length);
  const heights = [...curves.querySelectorAll('path[data-run]')].flatMap((path) =>
    [...(path.getAttribute('d') ?? '').matchAll(/,([-\d.]+)/g)].map((pair) => Number(pair[1])),
  );
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...heights)).toBeLessThanOrEqual(DESK.height);
});

it('a curve that comes back from above the picture is drawn to its end; one that diverges ends where it leaves', () => {
  const over = Float64Array.from({ length: 101 }, (_, t) => (t < 10 ? 1 + t : Math.max(0.1, 20 / t)));
  const runs = [
    run(1, 4, 0.1),
    run(2, 4, 0.1, { errors: over }),
    run(3, 4, 2, { kind: 'diverged', errors: Float64Array.from([1, 1.2, 5, 90, 900]) }),
  ];
  const svg = drawn(wallCurves, DESK, { ...scene, runs, pointed: null });
  const points = [1, 2, 3].map((id) =>
    [...(svg.querySelector(`path[data-run="${id}"]`)?.getAttribute('d') ?? '').matchAll(/([-\d.]+),([-\d.]+)/g)].map(
      (pair) => [Number(pair[1]), Number(pair[2])] as const,
    ),
  );
  const [plain = [], back = [], broken = []] = points;
  expect(back.at(-1)?.[0]).toBe(plain.at(-1)?.[0]);
  expect(back.at(-1)?.[1]).toBeGreaterThan((back[5]?.[1] ?? 0) + 20);
  expect(Math.min(...back.map(([, y]) => y))).toBe(back[5]?.[1]);
  expect(broken).toHaveLength(3);
});

it('one is over, the first is one, and a run that diverged has no least error', () => {
  const diverged = run(3, 1, 181, { kind: 'diverged' });
  const few = { ...scene, runs: [reached(1, 0.03), run(2, 8, 0.03, { kind: 'over', step: 47 }), diverged] };
  expect(wallEnds.describe(few)).toBe(
    '1 of 3 runs reached the goal, 1 is over the budget, 1 diverged. Least error at rank 4: 0.0300, rank 8: 0.0300.',
  );
  expect(wallEnds.describe({ ...scene, runs: [diverged] })).toMatch(/ 1 diverged\.$/);
  expect(wallCurves.describe(few)).toMatch(/^The first: Name 1/);
});

it('both say what they show, also where there is nothing', () => {
  expect(wallEnds.describe(scene)).toMatch(
    /^19 of 25 runs reached the goal, 2 are over the budget, 1 diverged\. .*rank 1: 0\.680/,
  );
  expect(wallCurves.describe(scene)).toMatch(/^The first 3: Name 1: goal at step 41/);
  const empty = { ...scene, runs: [], goal: null, floors: null };
  for (const chart of [wallEnds, wallCurves]) {
    expect(drawn(chart, DESK, empty).textContent).toContain('No run has been trained here yet.');
    expect(drawn(chart, DESK, { ...scene, goal: null, floors: null }).textContent).not.toContain('NaN');
  }
});

it('while the first runs train they are counted, and are not said to be missing', () => {
  for (const [waiting, said] of [
    [1, 'A run is being trained'],
    [12, '12 runs are being trained'],
  ] as const) {
    const empty = { ...scene, runs: [], waiting };
    for (const chart of [wallEnds, wallCurves]) {
      expect(drawn(chart, DESK, empty).textContent).toContain(said);
      expect(chart.describe(empty)).toContain(said);
    }
  }
});

it('dots are moved only sideways, within their limits, and apart where there is room', () => {
  const radius = 3;
  const dot = fc.record({ x: fc.integer({ min: 0, max: 300 }), y: fc.integer({ min: 0, max: 100 }) });
  fc.assert(
    fc.property(fc.array(dot, { maxLength: 30 }), (list) => {
      const dots: Dot[] = list.map(({ x, y }) => ({ x, y, left: x - 400, right: x + 400 }));
      const xs = spreadDots(dots, radius);
      for (const [i, one] of dots.entries()) {
        expect(xs[i]).toBeGreaterThanOrEqual(one.left);
        expect(xs[i]).toBeLessThanOrEqual(one.right);
        for (const [j, other] of dots.entries())
          if (j < i)
            expect(Math.hypot((xs[i] ?? 0) - (xs[j] ?? 0), one.y - other.y)).toBeGreaterThanOrEqual(2 * radius);
      }
    }),
    { numRuns: 50 },
  );
});

it('the first three and the rings have a name where there is room for it', () => {
  const few = { ...scene, pointed: null, runs: scene.runs.filter(({ id }) => id <= 4 || id >= 20) };
  const said = [...drawn(wallEnds, DESK, few).querySelectorAll('text')].map(({ textContent }) => textContent);
  expect(said).toEqual(expect.arrayContaining(['Name 1', 'Name 2', 'Name 3', 'Name 20', 'Name 22']));
  expect(said).not.toContain('Name 4');
});
