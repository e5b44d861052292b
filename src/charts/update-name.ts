import type { Scene } from './scene.ts';

/** What the singular values are those of: ΔW, or the adapter alone where a start has moved a part of W₀ into it. */
export function updateName({ bound }: Pick<Scene, 'bound'>): string {
  return bound.by === 'moved' ? 's·B·A' : 'ΔW';
}
