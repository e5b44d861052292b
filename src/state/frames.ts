import type { ModuleFrame } from '../protocol/frame.ts';

/** What is kept of a module, so that a person can look back. */
export type KeptModule = Pick<ModuleFrame, 'A' | 'B' | 'spectrum' | 'alignment'>;

/** What is kept of a frame. */
export interface KeptFrame {
  readonly step: number;
  readonly modules: readonly KeptModule[];
}

const MOST_FRAMES = 1500;
const MOST_BYTES = 96e6;
/** The first, the last, and one between, however large they are. */
const FEWEST_FRAMES = 3;

/** Adds a frame; where there are too many, every second one goes, the first and the last stay. */
export function keep(frames: readonly KeptFrame[], frame: KeptFrame): readonly KeptFrame[] {
  // A step measured again replaces what was kept of it and of later steps.
  const before = frames.filter((f) => f.step < frame.step);
  const kept = [...before, frame];
  return kept.length > mostFor(frame) ? thin(kept) : kept;
}

function mostFor({ modules }: KeptFrame): number {
  const bytes = modules.reduce(
    (sum, { A, B, spectrum }) => sum + 4 * (A.length + B.length) + 8 * (spectrum?.length ?? 0),
    0,
  );
  return Math.max(FEWEST_FRAMES, Math.min(MOST_FRAMES, Math.floor(MOST_BYTES / bytes)));
}

function thin(frames: readonly KeptFrame[]): readonly KeptFrame[] {
  return frames.filter((_, i) => i % 2 === 0 || i === frames.length - 1);
}

const NONE = new Float32Array(0);

/** What charts draw of a frame that nobody looks back at. */
export function withoutFactors(frame: KeptFrame): KeptFrame {
  return { ...frame, modules: frame.modules.map((module) => ({ ...module, A: NONE, B: NONE })) };
}

/** The newest kept frame at or before a step; the oldest where there is none. */
export function frameAt(frames: readonly KeptFrame[], step: number): KeptFrame | null {
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle].step <= step) low = middle;
    else high = middle - 1;
  }
  return frames[low] ?? null;
}
