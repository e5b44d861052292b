import type { OnePack, OneStart } from '../../src/engine/testing/one-matrix.ts';
import { ADAM_SETTINGS, randomStart } from '../../src/engine/testing/starts.ts';
import { type Name, open } from './open.ts';

const same = (x: OnePack, y: OnePack) => JSON.stringify(plain(x)) === JSON.stringify(plain(y));
const plain = ({ entries, A, B }: OnePack) => [...Object.values(entries), A, B].map((list) => Array.from(list));

/** Whether a run continues from a snapshot bit for bit, after any other work and in packs of any size. */
export async function snapshots(name: Name, start: OneStart) {
  const stepper = await open(name, start);
  await stepper.steps(7);
  const kept = stepper.snapshot();
  const standing = await stepper.measure();
  const once = await stepper.steps(9);
  const later = stepper.snapshot();
  await stepper.steps(3);
  kept.restore();
  const back = same(await stepper.measure(), standing);
  const losses = [];
  let last = standing;
  for (let i = 0; i < 9; i++) {
    last = await stepper.steps(1);
    losses.push(last.entries.loss[0]);
  }
  const again =
    losses.every((loss, i) => loss === once.entries.loss[i]) && `${last.A}|${last.B}` === `${once.A}|${once.B}`;
  kept.restore();
  later.restore();
  const afterLater = await stepper.measure();
  const second = `${afterLater.A}` === `${once.A}` && afterLater.entries.loss[0] === once.entries.loss[8];
  kept.dispose();
  later.dispose();
  stepper.dispose();
  return { back, again, second };
}

/** Whether packs of different sizes give bitwise equal losses, and the last loss as a fraction of the first. */
export async function packs(name: Name, start: OneStart, steps: number) {
  const losses: string[] = [];
  let share = 1;
  for (const pack of [steps, steps / 2, 5]) {
    const stepper = await open(name, start);
    const all: number[] = [];
    for (let made = 0; made < steps; made += pack)
      all.push(...(await stepper.steps(Math.min(pack, steps - made))).entries.loss);
    losses.push(`${all}`);
    share = all[steps - 1] / all[0];
    stepper.dispose();
  }
  return { same: new Set(losses).size === 1, share };
}

/** Effect of changed settings on the present step. */
export async function tuning(name: Name) {
  const stepper = await open(name, randomStart(10, 10, 3));
  const before = await stepper.steps(5);
  stepper.tune({ ...ADAM_SETTINGS, scaling: 1 });
  const after = await stepper.measure();
  stepper.tune(ADAM_SETTINGS);
  const back = await stepper.measure();
  stepper.tune({ ...ADAM_SETTINGS, opt: 'momentum' });
  stepper.tune(ADAM_SETTINGS);
  const goingOn = await stepper.steps(3);
  const fresh = await open(name, { ...randomStart(10, 10, 3), A: before.A, B: before.B });
  const anew = await fresh.steps(3);
  stepper.dispose();
  fresh.dispose();
  return {
    keepsFactors: `${after.A}|${after.B}` === `${before.A}|${before.B}`,
    keepsUpdateNorm: after.entries.updateNormA[0] === before.entries.updateNormA[4],
    changesLoss: after.entries.loss[0] !== before.entries.loss[4],
    changesBack: back.entries.loss[0] === before.entries.loss[4],
    startsAfresh: Math.max(...goingOn.entries.loss.map((x, i) => Math.abs(x / anew.entries.loss[i] - 1))),
  };
}

/** Gradient norm of A at B = 0 and after a step; a frozen factor's updates; an update's norm against its factors. */
export async function exactness(name: Name) {
  const start = randomStart(40, 30, 7);
  const stepper = await open(name, start);
  const zero = (await stepper.measure()).entries;
  const moved = await stepper.steps(1);
  stepper.dispose();
  const drawn: OneStart = {
    ...start,
    B: randomStart(40, 40, 7, ADAM_SETTINGS, 2).A,
    frozen: 'A',
    settings: { ...ADAM_SETTINGS, opt: 'adamw' },
  };
  const half = await open(name, drawn);
  const frozen = await half.steps(5);
  half.dispose();
  return {
    gradNormA: [zero.gradNormA[0], moved.entries.gradNormA[0]],
    updateNorms: [zero.updateNormA[0], zero.updateNormB[0], moved.entries.updateNormA[0]],
    updateNormB: moved.entries.updateNormB[0] / Math.hypot(...moved.B.map((x, i) => x - start.B[i])),
    frozenStays: `${frozen.A}` === `${drawn.A}` && frozen.entries.updateNormA.every((x) => x === 0),
    frozenGradient: frozen.entries.gradNormA[4],
    otherMoves: `${frozen.B}` !== `${drawn.B}`,
  };
}
