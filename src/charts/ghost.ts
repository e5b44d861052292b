import type { Scene } from './scene.ts';

/** Names the run that a restart has replaced, by what it had another value of. */
export function beforeText({ rank: old }: NonNullable<Scene['ghost']>, rank: number): string {
  return old === rank ? 'before' : `before, r = ${old}`;
}
