import type { Chart } from './chart.ts';
import type { Scene } from './scene.ts';

/** Whether the start has moved a part of W₀ into the adapter, so that ΔW = s·B·A − s₀·B₀·A₀. */
export function hasMoved({ bound }: Pick<Scene, 'bound'>): boolean {
  return bound.by === 'moved';
}

/** What the singular values are those of: ΔW, or the adapter alone where a start has moved a part of W₀ into it. */
export function updateName(scene: Pick<Scene, 'bound'>): string {
  return hasMoved(scene) ? 's·B·A' : 'ΔW';
}

/** A chart's title, on the page as in its files. */
export function titleOf({ title }: Pick<Chart, 'title'>, scene: Pick<Scene, 'bound'>): string {
  return title.replace('ΔW', updateName(scene));
}
