import { useId, useMemo, useRef, useState } from 'react';
import { writeHandFile } from '../../experiment/network/hands/hand-file.ts';
import { readTries, writeAnswers } from '../../experiment/plan/answers.ts';
import { isHand } from '../../experiment/settings/bounds.ts';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { Button, Check } from '../../kit/button.tsx';
import { NO_HAND } from '../../state/hand/hand.ts';
import { hasChangesWhileRunning } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { Fault, LengthLimit } from '../controls/numeric.tsx';
import { shownHand } from '../hand/adapters.ts';
import { LONGEST_NAME, NICKNAME, nameOf } from '../hand/hand-name.tsx';
import { useDispatch, useGetLab, useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

/** Hands the run in under a nickname, as a file or a link. Nothing is sent anywhere. */
export function HandInPanel() {
  const given = useLab((s) => s.view.by);
  const [name, setName] = useState(() => NICKNAME.get()?.slice(0, LONGEST_NAME) || given);
  const [missing, setMissing] = useState(false);
  const [saved, setSaved] = useState(false);
  const copied = useLab((s) => s.notices.findLast(({ about }) => about === 'share')?.title);
  const ready = useLab((s) => s.run.ready !== null && s.next === null);
  const moved = useLab((s) => s.run.trace.length > 1);
  const changed = useLab((s) => hasChangesWhileRunning(s.run));
  const sheets = useAnsweredLessons();
  const reads = useLab((s) => LESSON_NAMES.includes(s.view.lesson));
  const [without, setWithout] = useState<readonly string[]>([]);
  const drawn = useLab((s) => isHand(s.experiment) && s.view.hand === '');
  const [refused, setRefused] = useState<string | null>(null);
  const dispatch = useDispatch();
  const lab = useGetLab();
  const first = useRef<HTMLInputElement>(null);
  const id = useId();
  const hand = (command: 'save-run' | 'copy-link' | 'save-hand') => {
    const by = nameOf(name);
    if (by === '') {
      setMissing(true);
      first.current?.focus();
      return;
    }
    NICKNAME.set(by);
    if (command === 'save-hand') {
      const file = handFileOf(lab(), by);
      if ('text' in file) dispatch({ type: 'command', command: { wall: { handIn: file.text } } });
      setSaved('text' in file);
      setRefused('why' in file ? file.why : null);
      return;
    }
    const answers = writeAnswers(sheets.filter(({ lesson }) => !without.includes(lesson)));
    dispatch({ type: 'viewed', changes: { by, answers } });
    dispatch({ type: 'command', command });
    setSaved(command === 'save-run');
  };
  return (
    <Dialog title="Hand in" kind="keep" first={first}>
      <form
        className="keep-form"
        onSubmit={(event) => {
          event.preventDefault();
          hand(drawn ? 'save-hand' : reads ? 'copy-link' : 'save-run');
        }}
      >
        <label htmlFor={id}>Nickname</label>
        <input
          ref={first}
          id={id}
          maxLength={LONGEST_NAME}
          autoComplete="nickname"
          value={name}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? `${id}why ${id}note` : `${id}note`}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setMissing(false);
          }}
        />
        <LengthLimit text={name} most={LONGEST_NAME} />
        <Fault id={`${id}why`}>{missing && 'Type a nickname, so that your run can be told from others.'}</Fault>
        <p id={`${id}note`} className="note">
          At most {LONGEST_NAME} characters, remembered on this device. Nothing is sent: give the file or the link to
          your teacher. {!moved && !reads && <b>This run has not been trained yet.</b>}
        </p>
        {drawn && (
          <p className="note">
            <b>The file holds your drawings</b>, each as the 8 × 8 shades that the network sees, and your adapter. A
            link holds the adapter alone: on the wall it is a row without a column.
          </p>
        )}
        {changed && !drawn && (
          <p className="note">
            Settings were changed during this run. The file keeps that; the link starts with the settings on screen.
          </p>
        )}
        <Fault id={`${id}refused`}>{refused}</Fault>
        {(drawn ? [] : sheets).map(({ lesson, given }) => (
          <Check
            key={lesson}
            checked={!without.includes(lesson)}
            onChange={(on) => setWithout(on ? without.filter((one) => one !== lesson) : [...without, lesson])}
          >
            With my first answers to lesson {LESSON_NAMES.indexOf(lesson)}: {given.filter((one) => one !== '').length}{' '}
            of {given.length} questions
          </Check>
        ))}
        <div className="row">
          {/* In a lesson, the run on screen is not that of the exercise. */}
          <button type="submit" className="btn main" disabled={!ready && !reads}>
            {drawn ? 'Save file with drawings' : reads ? 'Copy link' : 'Save run file'}
          </button>
          {!reads && !drawn && (
            <Button disabled={!ready} onClick={() => hand('copy-link')}>
              Copy link
            </Button>
          )}
        </div>
        <p role="status">
          {saved ? <b>The {drawn ? '' : 'run '}file is saved. Give it to your teacher.</b> : copied && <b>{copied}</b>}
        </p>
      </form>
    </Dialog>
  );
}

/** The adapter on screen and the drawings as a file. */
function handFileOf(state: State, by: string): { readonly text: string } | { readonly why: string } {
  const { rounds } = state.hand ?? NO_HAND;
  if (rounds.usesAll) return { why: 'Clear “Use all fifty” first: the wall tests with rounds 2 and 4.' };
  const shown = shownHand(state);
  return 'why' in shown ? shown : { text: writeHandFile(by, shown.text, rounds.drawings) };
}

/** The first answers kept on this device: those of the open lesson alone, or of all, the lesson read last first. */
function useAnsweredLessons() {
  const { lessons, last } = useLab((s) => s.progress);
  const open = useLab((s) => s.view.lesson);
  return useMemo(() => {
    const one = LESSON_NAMES.includes(open) ? open : null;
    const names = [last, ...LESSON_NAMES.filter((name) => name !== last)];
    return names.flatMap((lesson) => {
      const tries = readTries(lessons[lesson]?.first ?? '');
      const answered = tries?.given.some((given) => given !== '');
      return tries && answered && (one === null || lesson === one) ? [{ lesson, ...tries }] : [];
    });
  }, [lessons, last, open]);
}
