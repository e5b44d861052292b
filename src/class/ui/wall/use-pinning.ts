import { useMemo } from 'react';
import { differing, following } from '../../../experiment/settings/experiment.ts';
import { MOST_PINS } from '../../../state/compare/pins.ts';
import { useDispatch, useShown } from '../../../ui/page.tsx';
import type { WallView } from './use-wall.ts';

interface Pinning {
  /** Runs of the wall that are pinned. */
  readonly pinned: ReadonlySet<number>;
  readonly full: boolean;
  readonly onPin: (run: number) => void;
}

/** Pins runs of the wall, under the names that it shows, to be compared in the lab. */
export function usePinning({ wall: { entries }, names }: WallView): Pinning {
  const pins = useShown((s) => s.compare.pins);
  const dispatch = useDispatch();
  /** The pin of each run that has one. */
  const found = useMemo(
    () =>
      new Map(
        entries.flatMap(({ id, experiment }) => {
          const settings = following(experiment);
          const pin = pins.find((one) => one.own === names.get(id) && differing(one.experiment, settings).length === 0);
          return pin ? [[id, pin.id] as const] : [];
        }),
      ),
    [entries, names, pins],
  );
  const pinned = useMemo(() => new Set(found.keys()), [found]);
  const onPin = (run: number) => {
    const entry = entries.find(({ id }) => id === run);
    const pin = found.get(run);
    if (pin !== undefined) dispatch({ type: 'compare', does: 'unpin', pin });
    else if (entry) {
      const asked = { own: names.get(run) ?? null, experiment: following(entry.experiment) };
      dispatch({ type: 'compare', does: 'add', pins: [asked] });
    }
  };
  return { pinned, full: pins.length >= MOST_PINS, onPin };
}
