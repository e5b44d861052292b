import { type ReactNode, useMemo } from 'react';
import { count, duration } from '../../../experiment/numbers.ts';
import { secondsForRuns } from '../../../state/run/path-runs.ts';
import { Press, useLab } from '../../page.tsx';
import { type Entrant, missingRuns } from './contest.ts';

interface TrainRunsProps {
  readonly entrants: readonly Pick<Entrant, 'points'>[];
  readonly children: ReactNode;
}

/** Trains the runs that are not known yet, and says how many are to go. */
export function TrainRuns({ entrants, children }: TrainRunsProps) {
  const fights = useLab((s) => s.fights);
  const missing = useMemo(() => missingRuns(entrants, fights), [entrants, fights]);
  const waiting = useMemo(() => new Set(fights.waiting), [fights.waiting]);
  const seconds = useLab((s) => secondsForRuns(s.run, missing.length));
  const going = missing.filter((e) => waiting.has(e)).length;
  if (missing.length === 0) return null;
  if (going > 0)
    return (
      <p className="row">
        <span role="status">{count(going)} runs to go</span>
        <Press event={{ type: 'fights', waiting: [] }}>Stop</Press>
      </p>
    );
  const time = seconds === null ? '' : `, about ${duration(Math.max(1, seconds))}`;
  return (
    <p className="row">
      <Press className="btn main" event={{ type: 'fights', waiting: missing }}>
        {children}
      </Press>
      <span className="note">
        {count(missing.length)} runs{time}
      </span>
    </p>
  );
}
