import { PAGE_SHARE, runInSlices } from '../../../math/slices.ts';

/** Does long work on the thread of the page without holding it up; resolves with null once it is not wanted any more. */
export async function besidePage<T>(work: Generator<void, T>, wanted: () => boolean): Promise<T | null> {
  const done = await runInSlices(work, () => performance.now(), wanted, PAGE_SHARE);
  return done?.value ?? null;
}
