import { expect, it } from 'vitest';
import { fusedObstacle, type Limits } from './programs.ts';

/** The limits that every WebGPU device has at least. */
const DEFAULTS: Limits = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
  maxStorageBuffersPerShaderStage: 8,
};
const forms = ['direct', 'algebraic'] as const;

it('asks for no more than every device has, up to 4096 × 4096 at rank 256', () => {
  for (const form of forms) {
    for (const emulated of [true, false]) {
      for (const rank of [1, 2, 3, 5, 16, 17, 33, 64, 65, 129, 256]) {
        expect(fusedObstacle(DEFAULTS, { d: 4096, k: 4096, rank, form }, emulated), `${form}, rank ${rank}`).toBeNull();
      }
    }
  }
});

it('names the limit that is too small, and both numbers', () => {
  const shape = { d: 4096, k: 4096, rank: 16, form: 'direct' } as const;
  const small = { ...DEFAULTS, maxStorageBufferBindingSize: 2 ** 20 };
  expect(fusedObstacle(small, shape, false)).toBe(
    '4096 × 4096 at rank 16 needs maxStorageBufferBindingSize ≥ 134217728; this graphics device has 1048576.',
  );
  expect(fusedObstacle(small, { ...shape, d: 64, k: 64 }, false)).toBeNull();
  for (const name of Object.keys(DEFAULTS) as (keyof Limits)[]) {
    expect(fusedObstacle({ ...DEFAULTS, [name]: 1 }, shape, false)).toContain(name);
  }
});
