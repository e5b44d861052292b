import { describe, expect, it } from 'vitest';
import { stream } from '../../math/random.ts';
import { type PointSet, type PointTaskName, pointsOf } from './points.ts';

const task = (name: PointTaskName, seed = 1) => pointsOf(name, (purpose) => stream(seed, purpose));
const points = ({ inputs, answers }: PointSet) =>
  Array.from(answers, (answer, i) => ({ x: inputs[3 * i], y: inputs[3 * i + 1], one: inputs[3 * i + 2], answer }));
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

it('there are 512 points to train on and 1,024 held out, half of each class', () => {
  const { training, heldOut } = task('moons');
  for (const [set, count] of [
    [training, 512],
    [heldOut, 1024],
  ] as const) {
    const all = points(set);
    expect(all.length).toBe(count);
    expect(all.filter(({ answer }) => answer === 1).length).toBe(count / 2);
    expect(all.every(({ one }) => one === 1)).toBe(true);
  }
  expect(training.inputs).not.toEqual(heldOut.inputs.subarray(0, training.inputs.length));
  expect(task('moons', 2).training.inputs).not.toEqual(training.inputs);
});

it('circles have radii of 0.6 and 1.5, with noise of 0.13', () => {
  for (const [answer, radius] of [0.6, 1.5].entries()) {
    const own = points(task('circles').heldOut).filter((it) => it.answer === answer);
    // E(x² + y²) = radius² + 2·0.13².
    expect(mean(own.map(({ x, y }) => x * x + y * y))).toBeCloseTo(radius * radius + 2 * 0.13 * 0.13, 1);
    expect(Math.abs(mean(own.map(({ x }) => x)))).toBeLessThan(0.2);
  }
});

it('the arms of the spirals are 1.25 turns long and opposite to each other', () => {
  for (const { x, y, answer } of points(task('spirals').heldOut)) {
    const radius = Math.sqrt(x * x + y * y);
    const way = (radius - 0.15) / 1.45;
    const angle = Math.PI * (2.5 * way + answer);
    // A shift along the radius of 0.2, four deviations of the noise, turns the expected point too.
    expect(Math.hypot(x - radius * Math.cos(angle), y - radius * Math.sin(angle))).toBeLessThan(
      0.2 * (1 + ((2.5 * Math.PI) / 1.45) * radius),
    );
  }
});

it('the moons mirror each other in (0, 0)', () => {
  for (const answer of [0, 1]) {
    const own = points(task('moons').heldOut).filter((it) => it.answer === answer);
    const sign = answer === 0 ? 1 : -1;
    expect(mean(own.map(({ x }) => x))).toBeCloseTo(-0.5 * sign, 0.9);
    // The mean height of a half circle is 2/π.
    expect(mean(own.map(({ y }) => y))).toBeCloseTo((2 / Math.PI - 0.25) * sign, 1);
  }
});

describe('tasks to adapt to', () => {
  it.each(['moons', 'spirals'] as const)('%s, rotated by 90°', (name) => {
    const [from, to] = [points(task(name).training), points(task(`${name}-rotated`).training)];
    expect(to).toEqual(from.map(({ x, y, ...rest }) => ({ ...rest, x: -y, y: x })));
  });

  it('spirals whose classes change places', () => {
    const [before, after] = [task('spirals').training, task('spirals-relabelled').training];
    const radius = ({ inputs }: PointSet, i: number) => Math.hypot(inputs[3 * i], inputs[3 * i + 1]);
    for (const i of before.answers.keys()) {
      expect(after.answers[i]).toBe(before.answers[i]);
      expect(
        Math.hypot(after.inputs[3 * i] + before.inputs[3 * i], after.inputs[3 * i + 1] + before.inputs[3 * i + 1]),
      ).toBeLessThan(0.45);
      expect(Math.abs(radius(after, i) - radius(before, i))).toBeLessThan(0.45);
    }
  });
});
