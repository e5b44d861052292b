import { buffersAlive } from '../../src/engine/steppers/webgpu/index.ts';
import type { OneStart } from '../../src/engine/testing/one-matrix.ts';
import { graphics, type Name, open } from './open.ts';

/** Device calls of one steps(n), after the calls of a previous frame. */
export async function countsOf(name: Name, start: OneStart, n: number) {
  const { device } = await graphics();
  const stepper = await open(name, start);
  await stepper.measure();
  const counts = { dispatches: 0, submits: 0, maps: 0, buffers: 0 };
  const count = <T extends object, K extends keyof T>(of: T, key: K, field: keyof typeof counts) => {
    const plain = of[key] as (...rest: unknown[]) => unknown;
    const counting = function (this: unknown, ...rest: unknown[]) {
      counts[field] += 1;
      return plain.apply(this, rest);
    };
    of[key] = counting as T[K];
    return () => {
      of[key] = plain as T[K];
    };
  };
  const undo = [
    count(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', 'dispatches'),
    count(GPUQueue.prototype, 'submit', 'submits'),
    count(GPUBuffer.prototype, 'mapAsync', 'maps'),
    count(device, 'createBuffer', 'buffers'),
  ];
  // As the trainer does for each frame.
  const kept = stepper.snapshot();
  await stepper.steps(n);
  kept.dispose();
  for (const put of undo) put();
  stepper.dispose();
  return counts;
}

/** Compilations for a first run at a rank, and for a second one of another size with other settings. */
export async function compilesOf(
  name: Name,
  start: OneStart,
  second: OneStart,
): Promise<[first: number, second: number]> {
  const { device } = await graphics();
  const plain = device.createComputePipelineAsync;
  let count = 0;
  device.createComputePipelineAsync = (descriptor) => {
    count += 1;
    return plain.call(device, descriptor);
  };
  (await open(name, start)).dispose();
  const first = count;
  (await open(name, second)).dispose();
  device.createComputePipelineAsync = plain;
  return [first, count - first];
}

/** Buffers alive before twenty runs, in the last of them, and after. */
export async function buffersOverRuns(
  name: Name,
  start: OneStart,
): Promise<[before: number, during: number, after: number]> {
  const before = buffersAlive();
  let during = 0;
  for (let run = 0; run < 20; run++) {
    const stepper = await open(name, start);
    await stepper.measure();
    const kept = [stepper.snapshot(), stepper.snapshot()];
    await stepper.steps(3);
    stepper.tune({ ...start.settings, scaling: 1, opt: run % 2 === 0 ? 'adamw' : 'momentum' });
    await stepper.steps(1 + (run % 4));
    kept[0].restore();
    for (const snapshot of kept) snapshot.dispose();
    during = buffersAlive();
    stepper.dispose();
  }
  return [before, during, buffersAlive()];
}
