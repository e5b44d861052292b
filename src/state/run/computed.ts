/** Where the steps of a run were computed. */
export interface Computed {
  /** Steps after this one, up to the next entry's. */
  readonly from: number;
  readonly backend: string;
  readonly device: string;
}

/** The end of "wasm 0–40, webgpu 41–300". */
const SEVERAL = / \d+–\d+$/;

/** The list with a place added from a step on. */
export function movedTo(list: readonly Computed[], next: Computed): readonly Computed[] {
  const kept = list.filter(({ from }) => from < next.from);
  const last = kept.at(-1);
  return last?.backend === next.backend && last.device === next.device ? kept : [...kept, next];
}

/**
 * Back end and device of a run file: the one that there was, or each with its steps ("wasm 0–40, webgpu 41–300"). A place
 * that has made no step is left out.
 */
export function computedWords(list: readonly Computed[], last: number): { backend: string; device: string } {
  const used = list.filter(({ from }, i) => i === 0 || from < last);
  const words = (of: 'backend' | 'device') => {
    if (used.every((place) => place[of] === used[0]?.[of])) return used[0]?.[of] ?? 'unknown';
    const parts = used.map((place, i) => {
      // A run file that was opened may name several with their steps already.
      if (i === 0 && SEVERAL.test(place[of])) return place[of];
      const first = i === 0 ? 0 : place.from + 1;
      return `${place[of]} ${first}–${used[i + 1]?.from ?? last}`;
    });
    return parts.join(', ');
  };
  return { backend: words('backend'), device: words('device') };
}
