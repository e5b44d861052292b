import { useId, useState } from 'react';
import { cached } from '../../experiment/layer/cached.ts';
import { countRight } from '../../experiment/network/forward.ts';
import type { SequenceSet } from '../../experiment/network/sequences.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { count } from '../../experiment/numbers.ts';
import { Button } from '../../kit/button.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { answersAt } from '../../state/run/history.ts';
import { shownStep } from '../../state/select.ts';
import { useLab } from '../page.tsx';
import { Attention, symbolText } from './attention.tsx';

/** Held-out questions on one page of the table. */
const PAGE = 8;

const VIEWS = [
  ['answers', 'Answers'],
  ['attention', 'Attention'],
] as const;

interface RightShares {
  /** Shares of right answers, and of sequences with only right answers. */
  readonly answers: number;
  readonly whole: number;
}

/** Once for each set and its answers: the lab is drawn many times between two of the worker's. */
const countsOf = cached(({ count: sequences, answers }: SequenceSet) =>
  cached((given: Uint8Array): RightShares => {
    const asked = answers.length / sequences;
    let whole = 0;
    for (let from = 0; from < answers.length; from += asked) {
      let i = from;
      while (i < from + asked && given[i] === answers[i]) i++;
      if (i === from + asked) whole++;
    }
    return { answers: countRight({ answers }, given) / answers.length, whole: whole / sequences };
  }),
);

/** Eight held-out questions with the network's answers before and now, and the shares of all 1,024. */
export function Sequences() {
  const ready = useLab((s) => s.run.ready?.network ?? null);
  const frames = useLab((s) => s.run.frames);
  const step = useLab(shownStep);
  const full = useLab((s) => s.run.full?.record.frames.at(-1)?.answers ?? null);
  const words = useLab((s) => TASK_WORDS[s.run.experiment.adapt]);
  const sum = useLab((s) => s.run.experiment.adapt === 'base-6');
  const [at, setAt] = useState(0);
  const [view, setView] = useState<(typeof VIEWS)[number][0]>('answers');
  const panel = useId();
  const given = answersAt(frames, step);
  if (ready?.kind !== 'sequences' || !given) return <div className="network-grids" />;
  const { start: before, now } = given;
  const { heldOut, old, length, asked } = ready;
  const rows = [
    { name: 'before', hue: 'w0', given: before.heldOut },
    { name: 'now', hue: 'dw', given: now.heldOut },
    ...(full ? [{ name: 'full', hue: 'dwt', given: full.heldOut }] : []),
  ];
  const olds = [before, now, ...(full ? [full] : [])].map((answers) => answers.old);
  const counted = rows.map(({ given }) => countsOf(heldOut)(given));
  const shares = [
    { name: 'symbols right', of: `of ${count(heldOut.answers.length)}`, values: counted.map(({ answers }) => answers) },
    { name: 'answers right', of: `of ${count(heldOut.count)}`, values: counted.map(({ whole }) => whole) },
    {
      name: `${words.old}, old`,
      of: 'symbols',
      values: olds.map((given) => countsOf(old)(given).answers),
    },
  ];
  const all = view === 'answers';
  const each = all ? PAGE : 1;
  const first = at - (at % each);
  const shown = Array.from({ length: each }, (_, i) => first + i);
  const last = heldOut.count - each;
  return (
    <section className="network-sequences" aria-label={words.new}>
      <div className="ends grid-head">
        <Tabs
          className="head-tabs"
          aria-label={`Held-out questions: ${words.new}`}
          panel={panel}
          tabs={VIEWS}
          shown={view}
          onShow={setView}
        />
        <span>
          <Button aria-label="Questions before" disabled={first === 0} onClick={() => setAt(first - each)}>
            ←
          </Button>{' '}
          {`${first + 1}${all ? `–${first + each}` : ''} of ${count(heldOut.count)}`}{' '}
          <Button aria-label="Questions after" disabled={first >= last} onClick={() => setAt(first + each)}>
            →
          </Button>
        </span>
      </div>
      <div id={panel} role="tabpanel" aria-labelledby={`${panel}-${view}`}>
        <table className="sequences">
          <thead>
            <tr>
              <th scope="col">asked</th>
              {rows.map(({ name, hue }) => (
                <th key={name} scope="col" className={hue}>
                  {name}
                </th>
              ))}
              <th scope="col">right</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((s) => {
              const right = heldOut.answers.subarray(s * asked, (s + 1) * asked);
              return (
                <tr key={s}>
                  <th scope="row">{questionOf(heldOut, s, length, asked, sum)}</th>
                  {rows.map(({ name, given }) => (
                    <td key={name}>
                      <Answer given={given.subarray(s * asked, (s + 1) * asked)} right={right} />
                    </td>
                  ))}
                  <td>{Array.from(right, symbolText).join('')}</td>
                </tr>
              );
            })}
          </tbody>
          {all && (
            <tfoot>
              {shares.map(({ name, of, values }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {values.map((value, i) => (
                    <td key={rows[i].name}>{value.toFixed(3)}</td>
                  ))}
                  <td>{of}</td>
                </tr>
              ))}
            </tfoot>
          )}
        </table>
        {all ? (
          <p className="note">
            {sum && 'Numbers have their lowest digit first. '}Each symbol is answered with the right ones before it.
          </p>
        ) : (
          <Attention network={ready} s={first} />
        )}
      </div>
    </section>
  );
}

function questionOf({ inputs }: SequenceSet, s: number, length: number, asked: number, sum: boolean): string {
  const question = Array.from(inputs.subarray(s * length, s * length + length - asked), symbolText).join('');
  const half = question.length / 2;
  return sum ? `${question.slice(0, half)} + ${question.slice(half)}` : question;
}

/** Wrong symbols underlined and in the hue of faults; said with the number of right ones. */
function Answer({ given, right }: { readonly given: Uint8Array; readonly right: Uint8Array }) {
  const ok = given.filter((value, i) => value === right[i]).length;
  return (
    <>
      <span aria-hidden="true">
        {Array.from(given, (value, i) => (
          <span key={i} className={value === right[i] ? undefined : 'wrong-symbol'}>
            {symbolText(value)}
          </span>
        ))}
      </span>
      <span className="unseen">{`${Array.from(given, symbolText).join(' ')}, ${ok} of ${right.length} right`}</span>
    </>
  );
}
