import { type LayerModule, unitOf } from '../../experiment/layer/module.ts';
import { floorInSlices, isSearched, type MethodFloor } from '../../experiment/methods/floors/method-floor.ts';
import type { Matrix32 } from '../../math/matrix.ts';
import { runInSlices } from '../../math/slices.ts';

/** What a search has found for ΔW*, by W₀, method and rank: a change of the rate leaves it as it is. */
interface KnownFloor {
  readonly base: Matrix32;
  readonly of: string;
  readonly floor: MethodFloor;
}
const known = new WeakMap<Matrix32, readonly KnownFloor[]>();

/**
 * Searches for the lowest error of a method without a floor in closed form, in slices between the messages of a run;
 * `report` is called once, or never if its method has a floor or the search would take too long.
 */
export function floorSearch(
  modules: readonly LayerModule[],
  clock: () => number,
  report: (floor: MethodFloor) => void,
  fail: (error: unknown) => void,
) {
  const [{ base, wanted, method }] = modules;
  let isOpen = modules.length === 1 && method?.floor === null;
  let isWanted = true;

  async function search(): Promise<void> {
    if (!wanted || (method?.name !== 'dora' && method?.name !== 'hira')) return;
    const { name, settings } = method;
    if (!isSearched(name, settings)) return;
    const of = `${name} ${settings.rank}`;
    const others = known.get(wanted.matrix) ?? [];
    const same = others.find((one) => one.base === base && one.of === of);
    if (same) return report(same.floor);
    const work = floorInSlices(name, { wanted: wanted.matrix, base }, { rank: settings.rank });
    const done = await runInSlices(work, clock, () => isWanted);
    if (!done) return;
    const floor = { ...done.value, value: done.value.value * (wanted.norm / unitOf(wanted)) };
    known.set(wanted.matrix, [...(known.get(wanted.matrix) ?? []), { base, of, floor }]);
    report(floor);
  }

  return {
    /** Once, when the run first rests. */
    begin() {
      if (!isOpen) return;
      isOpen = false;
      search().catch(fail);
    },
    forget() {
      isWanted = false;
    },
  };
}
