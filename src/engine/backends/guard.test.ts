import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Stepper } from '../steppers/stepper.ts';
import { openGuardedStepper, watchDevice } from './guard.ts';

class OutOfMemory {
  readonly message = 'too much';
}

function fakeDevice() {
  let lose = (_info: { message: string }) => {};
  const lost = new Promise<{ message: string }>((resolve) => {
    lose = resolve;
  });
  const scopes: (unknown | null)[] = [];
  let uncaptured = (_event: unknown) => {};
  const device = {
    lost,
    pushErrorScope: () => scopes.push(null),
    popErrorScope: async () => scopes.pop() ?? null,
    addEventListener: (_name: string, listener: (event: unknown) => void) => {
      uncaptured = listener;
    },
  };
  return {
    device: device as unknown as GPUDevice,
    lose: (message: string) => lose({ message }),
    failNow: (error: unknown) => {
      scopes[scopes.length - 1] = error;
    },
    failOutside: (error: unknown) => uncaptured({ error, preventDefault: () => {} }),
    open: () => scopes.length,
  };
}

beforeEach(() => vi.stubGlobal('GPUOutOfMemoryError', OutOfMemory));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('lets results through and leaves no scope open', async () => {
  const fake = fakeDevice();
  const { check } = watchDevice(fake.device);
  expect(await check(async () => 7)).toBe(7);
  expect(fake.open()).toBe(0);
});

it('turns a failed read into a lost device, even where the news comes late', async () => {
  vi.useFakeTimers();
  vi.setTimerTickMode('nextTimerAsync');
  const fake = fakeDevice();
  const { check } = watchDevice(fake.device);
  const failing = check(async () => {
    setTimeout(() => fake.lose('gone'), 200);
    throw new DOMException('aborted', 'AbortError');
  });
  await expect(failing).rejects.toMatchObject({ kind: 'device-lost', message: 'gone' });
  await expect(check(async () => 1)).rejects.toMatchObject({ kind: 'device-lost' });
});

it('does not believe numbers that came with an error, and forgets the error', async () => {
  const fake = fakeDevice();
  const { check } = watchDevice(fake.device);
  const wrong = check(async () => {
    fake.failNow({ message: 'bad binding' });
    return 0;
  });
  await expect(wrong).rejects.toMatchObject({ kind: 'broken', message: 'bad binding' });
  expect(await check(async () => 2)).toBe(2);
});

it('refuses where memory runs out, and notes errors outside a scope', async () => {
  const fake = fakeDevice();
  const { check } = watchDevice(fake.device);
  fake.failOutside(new OutOfMemory());
  await expect(check(async () => 3)).rejects.toMatchObject({ kind: 'refused' });
});

it('passes other errors on', async () => {
  const { check } = watchDevice(fakeDevice().device);
  await expect(check(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
});

it('frees what a stepper has made where the device turns out to have no memory for it', async () => {
  const fake = fakeDevice();
  const watch = watchDevice(fake.device);
  let alive = 0;
  const make = (fits: boolean) => () => {
    alive += 1;
    if (!fits) fake.failNow(new OutOfMemory());
    return { dispose: () => (alive -= 1) } as unknown as Stepper;
  };
  await expect(openGuardedStepper(make(false), watch)).rejects.toMatchObject({ kind: 'refused' });
  expect(alive).toBe(0);
  const unmapped = () => {
    throw new RangeError('createBuffer failed');
  };
  await expect(openGuardedStepper(unmapped, watch)).rejects.toMatchObject({ kind: 'refused' });
  (await openGuardedStepper(make(true), watch)).dispose();
  expect(alive).toBe(0);
});
