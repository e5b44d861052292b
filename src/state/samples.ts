import type { FrameMessage } from '../protocol/frame.ts';
import type { Sample } from './view.ts';

const MOST = 1024;

/**
 * Spectra between frames, from step `first` on; what is measured again replaces what was known of those steps. Where there
 * are too many every second one goes, but none of those up to step `held`, which a file held.
 */
export function keepSamples(
  kept: readonly Sample[],
  between: FrameMessage['between'],
  first: number,
  held = -1,
): readonly Sample[] {
  const fresh = between.filter(({ step }) => step >= first);
  if (fresh.length === 0 && (kept.at(-1)?.step ?? -1) < first) return kept;
  const all = [...kept.filter(({ step }) => step < first), ...fresh];
  const ours = all.findIndex(({ step }) => step > held);
  return ours < 0 || all.length - ours <= MOST ? all : all.filter((_, i) => i < ours || (i - ours) % 2 === 0);
}
