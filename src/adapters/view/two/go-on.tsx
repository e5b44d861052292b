import { count, percent } from '../../../experiment/numbers.ts';
import { useLab } from '../../../ui/page.tsx';
import type { GoneOn } from '../../state/adapters-state.ts';
import { goOnObstacle } from '../../state/lab-module.ts';
import { EventButton, useAdapters } from '../context.tsx';
import { goneOnRun } from './gone-on.ts';

interface GoOnProps {
  readonly one: Parameters<typeof goOnObstacle>[0];
  readonly other: Parameters<typeof goOnObstacle>[1];
  readonly isOf: Pick<GoneOn, 'file' | 'module'>;
}

/** The way into the Lab from B and A of a towards ΔW of b, and back into the file with what was trained. */
export function GoOn({ one, other, isOf }: GoOnProps) {
  const why = goOnObstacle(one, other);
  return (
    <section className="space-above stack" aria-label="Continue in the Lab">
      <div className="acts">
        <EventButton className="btn" disabled={why !== null} event={{ type: 'go-on' }}>
          Continue in the Lab
        </EventButton>
        <span className="note">{why === null ? 'From B and A of a, towards ΔW of b.' : `Not possible: ${why}.`}</span>
      </div>
      <WriteBack isOf={isOf} />
    </section>
  );
}

/** Back into the file with what the Lab has trained from this module of it. */
export function WriteBack({ isOf }: Pick<GoOnProps, 'isOf'>) {
  const goneOn = useAdapters((s) => s.goneOn);
  const files = useAdapters((s) => s.files);
  const going = useAdapters((s) => s.work !== null);
  const run = useLab((s) => s.run);
  const found = goneOnRun({ goneOn, files }, run);
  if (!found || found.of.file !== isOf.file || found.of.module !== isOf.module) return null;
  const { step, errors, why } = found;
  const words = errors === null ? '' : `: error ${percent(errors[0])} at first, ${percent(errors[1])} now`;
  return (
    <div className="acts space-above">
      <EventButton className="btn" disabled={going || why !== null} event={{ type: 'write', does: 'write-back' }}>
        Write it back
      </EventButton>
      <span className="note">
        {why === null
          ? `The Lab has trained B and A for ${count(step)} steps${words}. A new file gets them in the place of the old ones. All else is copied, and s stays.`
          : `The Lab’s run cannot be written back: ${why}.`}
      </span>
    </div>
  );
}
