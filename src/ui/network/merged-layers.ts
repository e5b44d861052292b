import { useMemo } from 'react';
import { type DigitLayer, mergedLayers } from '../../experiment/network/forward.ts';
import { settingsAt } from '../../experiment/run-file/run-record.ts';
import { frameAt } from '../../state/run/history.ts';
import { shownStep } from '../../state/select.ts';
import { adaptersOf, pretrainedOf } from '../hand/adapters.ts';
import { useLab } from '../page.tsx';

interface NetworkMatrices {
  readonly before: readonly DigitLayer[];
  readonly now: readonly DigitLayer[];
}

/** The matrices of the network before training, and with the adapters of the step on show. */
export function useMergedLayers(): NetworkMatrices | null {
  const ready = useLab((s) => s.run.ready);
  const experiment = useLab((s) => s.run.experiment);
  const changes = useLab((s) => s.run.changes);
  const frame = useLab((s) => frameAt(s.run.frames, shownStep(s)));
  const before = useMemo(() => ready && pretrainedOf(ready), [ready]);
  const now = useMemo(() => {
    if (!ready?.network || !frame) return null;
    const settings = settingsAt({ experiment, changes }, frame.step);
    return mergedLayers(ready.network.layers, adaptersOf(ready, frame.modules, settings));
  }, [ready, frame, experiment, changes]);
  return before && now && { before, now };
}
