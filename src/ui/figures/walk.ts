import type { Hover, Scene } from '../../charts/scene.ts';

/**
 * Where a key moves the cursor of an axis: ← → by one (shift: by ten), Home and End to its ends, Escape away. Undefined
 * for every other key.
 */
export function walk(scene: Scene, axis: Hover['axis'], key: string, far: boolean): Hover | null | undefined {
  const [low, high] = axis === 'rank' ? [1, Math.min(scene.d, scene.k)] : [0, Math.max(0, scene.curves.length - 1)];
  const { hover } = scene;
  const at = hover === null ? null : hover.axis === 'rank' ? hover.index : hover.step;
  const start = axis === 'rank' ? scene.rank : scene.step;
  const stride = far ? 10 : 1;
  const places: Readonly<Record<string, number | null>> = {
    ArrowLeft: at === null ? start : at - stride,
    ArrowRight: at === null ? start : at + stride,
    Home: low,
    End: high,
    Escape: null,
  };
  const place = Object.hasOwn(places, key) ? places[key] : undefined;
  if (place === undefined || (place === null && at === null)) return undefined;
  if (place === null) return null;
  const inside = Math.min(high, Math.max(low, place));
  return axis === 'rank' ? { axis, index: inside } : { axis, step: inside };
}
