import type { SweepScene } from '../../charts/sweep/cells.ts';
import { mapKeyRange } from '../../charts/sweep/map.ts';
import { number } from '../../experiment/numbers.ts';

export function ColourKey({ scene }: { readonly scene: SweepScene }) {
  const stretch = mapKeyRange(scene);
  const some = (status: string) => scene.cells.some(({ runs }) => runs.some((run) => run?.status === status));
  const write = (value: number) => (scene.measure === 'steps' ? String(Math.round(value)) : number(value, 2));
  return (
    <span className="key">
      {stretch && (
        <>
          {write(stretch.best)} <span className="ramp" /> {write(stretch.worst)}
        </>
      )}
      {some('diverged') && (
        <>
          {' '}
          <span className="bad-word">▲</span> diverged
        </>
      )}
      {scene.cells.some(({ why }) => why !== null) && (
        <>
          {' '}
          <span className="hatched" /> impossible
        </>
      )}
      {stretch && (
        <>
          {' '}
          <span className="framed" /> best of its row
        </>
      )}
    </span>
  );
}
