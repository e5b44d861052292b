import { useMemo } from 'react';
import { adapterOf } from '../../experiment/settings/counts.ts';
import { targets } from '../../experiment/targets/index.ts';
import { shownModule } from '../../state/run/run.ts';
import { decidesOf, reachOf, shownStep } from '../../state/select.ts';
import { useBuilt } from '../page.tsx';
import type { CaptionFacts } from './captions.ts';
import { movedShare } from './moved.ts';
import { portraitOf } from './portrait.ts';
import { isBlank } from './scales.ts';
import type { Painted } from './use-painted.ts';

/** What the captions speak of; of the settings alone until the matrices exist. */
export function useFacts(painted: Painted | null, aside: CaptionFacts['aside']): CaptionFacts {
  const facts = useBuilt((state) => {
    const { run } = state;
    const module = shownModule(run);
    const { d, k, rank } = module ?? state.experiment;
    const settings = module ? run.experiment : state.experiment;
    const reach = reachOf(run);
    const decides = decidesOf(run);
    return {
      d,
      k,
      rank,
      about: targets.byName(settings.target).caption(settings),
      sigma1: module?.wanted?.spectrum[0] ?? null,
      error: run.trace.series.relativeError?.[shownStep(state)] ?? null,
      floor: reach?.floor ?? null,
      floorBy: decides === null ? `at rank ${rank}` : `with ${decides}`,
      settings,
      moves: !!module?.moved,
      moved: movedShare(module),
      frozenFactor: (module ?? adapterOf(settings)).frozenFactor,
    };
  });
  const { blockRows: rows = 1, blockCols: columns = 1 } = painted?.planes.dW ?? {};
  const drawn = painted?.drawn ?? 'means';
  const shown = facts.moves ? (painted?.split ?? 'frozen') : 'plain';
  const portrait = useMemo(() => portraitOf(facts.settings), [facts.settings]);
  const blank = !!painted && shown !== 'frozen' && isBlank(painted.means.dW);
  return useMemo(
    () => ({ ...facts, blocks: { rows, columns }, drawn, shown, blank, portrait, aside }),
    [facts, rows, columns, drawn, shown, blank, portrait, aside],
  );
}
