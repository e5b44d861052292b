import { exactText } from '../../../experiment/numbers.ts';
import { type Goal, readGoal, writeGoal } from '../../../experiment/plan/goal.ts';
import { useTypedNumber } from '../../../kit/number-field.tsx';
import { useDispatch, useGetLab } from '../../../ui/page.tsx';
import type { WallView } from './use-wall.ts';

type GoalKey = keyof Goal;

const LABELS: { readonly [key in GoalKey]: string } = {
  error: 'Error to reach',
  numbers: 'Trained numbers allowed; empty: any',
  steps: 'Steps allowed; empty: any',
};

/** The goal as a sentence with three editable numbers: the standings and the link follow at once. */
export function GoalSentence({ shown }: { readonly shown: WallView }) {
  const { goal, standings } = shown;
  const waits = standings.some(({ kind }) => kind === 'waiting');
  const reached = standings.filter(({ kind }) => kind === 'reached').length;
  return (
    <p className="goal-sentence">
      Goal: relative error <Blank of="error" goal={goal} />{' '}
      <span className="together">
        with at most <Blank of="numbers" goal={goal} />
      </span>{' '}
      trained parameters{' '}
      <span className="together">
        in <Blank of="steps" goal={goal} /> steps.
      </span>{' '}
      {standings.length > 0 && (
        <b className={reached === 0 ? 'none' : undefined} aria-live={waits ? 'off' : 'polite'}>
          {goal ? `${reached} of ${standings.length} reached it.` : 'Type an error to reach.'}
        </b>
      )}
    </p>
  );
}

function Blank({ of, goal }: { readonly of: GoalKey; readonly goal: Goal | null }) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const changed = (text: string) => goalWith(readGoal(now().view.goal).goal, of, text);
  const value = goal?.[of] ?? null;
  const { field } = useTypedNumber({
    value,
    text: value === null ? '' : exactText(value).replaceAll(',', ''),
    live: true,
    read: (typed) => {
      const text = typed.trim().replaceAll(',', '');
      if (changed(text) === undefined) return 'not possible';
      return text === '' ? null : Number(text);
    },
    onValue: (typed) => {
      const next = changed(typed === null ? '' : String(typed));
      if (next !== undefined) dispatch({ type: 'viewed', changes: { goal: next } });
    },
  });
  return (
    <input {...field} className={`blank ${of}`} aria-label={LABELS[of]} placeholder={of === 'error' ? '' : 'any'} />
  );
}

/** The link's goal with another value; undefined if the text is no number. Without an error there is no goal. */
function goalWith(goal: Goal | null, key: GoalKey, text: string): string | undefined {
  if (text === '') return key === 'error' ? '' : goal ? writeGoal({ ...goal, [key]: null }) : undefined;
  if (!goal && key !== 'error') return undefined;
  const written = writeGoal({ ...(goal ?? { error: 1, numbers: null, steps: null }), [key]: 0 }).replace(
    `${key}:0`,
    `${key}:${text}`,
  );
  const { goal: read, faults } = readGoal(written);
  return read && faults.length === 0 ? writeGoal(read) : undefined;
}
