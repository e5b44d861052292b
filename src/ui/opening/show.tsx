import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { OPENING } from '../../experiment/presets.ts';
import { isComplete } from '../../state/run/run.ts';
import { reachOf, shownStep } from '../../state/select.ts';
import { STILL } from '../../state/show.ts';
import type { State } from '../../state/state.ts';
import type { ShowEvent } from '../../state/view.ts';
import { openPreset } from '../bar/experiments.tsx';
import { useWidth } from '../media.tsx';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { type Frame, Pointers, type Tie } from './pointers.tsx';
import { type CaptionFacts, captionOf, type Piece, spoken, symbolOf } from './show-words.ts';

const CAPTIONS = [1, 2, 3] as const;
const LOOKS = { W0: 'w0', B: 'b', A: 'a', dW: 'dw', W: 'ink' } as const;
const NAMED = Object.keys(LOOKS) as (keyof typeof LOOKS)[];

/** From the word of a caption to the matrix that it names. */
const TIES: readonly Tie[] = NAMED.map((name) => ({
  from: `.caption [data-names="${name}"]`,
  to: `.hero [data-matrix="${name}"]`,
  look: LOOKS[name],
  at: name === 'B' ? 'name' : name === 'dW' ? 'side' : 'top',
}));
const NO_TIES: readonly Tie[] = [];
/** On a phone there is no room for lines: what the caption names is framed. */
const NAMED_FRAMES: readonly Frame[] = NAMED.map((name) => ({
  at: `.hero [data-matrix="${name}"]`,
  kind: 'box',
  look: LOOKS[name],
}));
/** What a person may try at the end. */
const TURN: readonly Frame[] = [
  { at: '.rail [data-param="rank"], .dock [data-param="rank"]', kind: 'box', look: 'ink' },
  { at: '[data-chart="error"] circle.dw:not(.open)', kind: 'ring', look: 'dwt' },
];

/** The first visit: a caption for each moment of the opening run, and at the end what to try. */
export default function ShowOfFirstVisit() {
  const show = useShown((s) => s.show);
  const phone = useWidth() === 'phone';
  const facts = useBuilt(factsOf);
  const dispatch = useDispatch();
  useTurning();
  const words = useId();
  const skip = () => {
    dispatch({ type: 'show', caption: null });
    toMain();
  };
  if (!show) return null;
  const pieces = captionOf(facts);
  const turn = show.caption === 3;
  const next = show.by === 'hand' && show.caption < 3 ? ((show.caption + 1) as 2 | 3) : null;
  const named = NAMED_FRAMES.filter((_, i) =>
    pieces.some((p) => typeof p !== 'string' && 'matrix' in p && p.matrix === NAMED[i]),
  );
  return (
    <section className="caption" tabIndex={-1} aria-label="Introduction in three captions" aria-describedby={words}>
      <div className="words">
        <p className="claim" id={words}>
          {pieces.map((piece, i) => (
            <Said key={i} piece={piece} />
          ))}
          {turn && facts.ended && ' Your turn:'}
        </p>
        {turn && <YourTurn rank={facts.rank} hat={facts.subject === 'hat'} />}
        {next && (
          <button type="button" className="btn" onClick={() => dispatch({ type: 'show', caption: next })}>
            Next
          </button>
        )}
      </div>
      <span className="moments">
        {turn ? (
          <button type="button" className="link" onClick={() => dispatch({ ...openPreset(OPENING), show: show.by })}>
            Play again
          </button>
        ) : (
          <>
            {CAPTIONS.map((caption) => (
              <button
                key={caption}
                type="button"
                className="link"
                aria-label={`Caption ${caption} of 3`}
                aria-current={caption === show.caption ? 'step' : undefined}
                onClick={() => dispatch({ type: 'show', caption })}
              >
                {caption}
              </button>
            ))}
            <button type="button" className="link" onClick={skip}>
              Skip
            </button>
          </>
        )}
      </span>
      <Spoken moment={`${show.caption} ${facts.rank} ${facts.subject} ${facts.ended}`} text={spoken(pieces)} />
      <Pointers ties={phone || turn ? NO_TIES : TIES} frames={turn ? TURN : phone ? named : undefined} />
    </section>
  );
}

/** A piece of a caption; a matrix in its hue, the floor underlined as the charts draw it. */
function Said({ piece }: { readonly piece: Piece }) {
  if (typeof piece === 'string') return piece;
  if ('floor' in piece) return <span className="floor-word">{piece.floor}</span>;
  const look = LOOKS[piece.matrix];
  return (
    <i className={look === 'ink' ? undefined : look} data-names={piece.matrix}>
      {symbolOf(piece.matrix)}
    </i>
  );
}

const OWL = { target: 'edit', data: '', rank: 8, alpha: 16 } as const;

/** What to press at the end. α follows the rank, so that s stays 2 and only the rank changes. */
function YourTurn({ rank, hat }: { readonly rank: number; readonly hat: boolean }) {
  const dispatch = useDispatch();
  const to = (changes: ShowEvent['changes']) => () => dispatch({ type: 'show', caption: 3, changes });
  return (
    <span className="turn">
      {rank === 1 ? (
        <Press onClick={to({ rank: 8, alpha: 16 })}>Rank 8</Press>
      ) : (
        <Press onClick={to({ rank: 1, alpha: 2 })}>Rank 1</Press>
      )}
      {hat ? (
        <Press onClick={to({ ...OWL, edit: 'sunglasses' })}>Sunglasses</Press>
      ) : (
        <Press onClick={to({ ...OWL, edit: 'hat' })}>A hat</Press>
      )}
      <Press onClick={() => dispatch({ type: 'draw', on: 'owl' })}>Draw on the owl</Press>
    </span>
  );
}

function Press({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className="btn" onClick={onClick}>
      {children}
    </button>
  );
}

function toMain(): void {
  document.getElementById('main')?.focus();
}

/** After the first caption the run starts by itself; Esc ends the show. */
function useTurning(): void {
  const dispatch = useDispatch();
  const waits = useShown(
    (s) => s.show?.caption === 1 && s.show.by === 'itself' && s.run.status === 'idle' && s.next === null && !s.hidden,
  );
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => dispatch({ type: 'show', caption: 2 }), 1000 * STILL);
    return () => clearTimeout(timer);
  }, [waits, dispatch]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      // What had the focus goes with the captions.
      if (document.activeElement?.closest('.caption')) toMain();
      dispatch({ type: 'show', caption: null });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [dispatch]);
}

/** Each caption is said once, as it stands when it comes. */
function Spoken({ moment, text }: { readonly moment: string; readonly text: string }) {
  const [said, say] = useState('');
  const last = useRef('');
  useEffect(() => {
    if (last.current === moment) return;
    last.current = moment;
    say(text);
  }, [moment, text]);
  return (
    <span className="unseen" role="status">
      {said}
    </span>
  );
}

/** What the captions of the show go by: the run, or the one that has been asked for. */
function factsOf(state: State): CaptionFacts {
  const { run, next, show } = state;
  const { target, edit, data, rank } = (next?.run ?? run).experiment;
  const ended = next === null && isComplete(run);
  return {
    caption: show?.caption ?? 1,
    subject: target !== 'edit' ? null : data === '' ? edit : 'drawing',
    rank,
    ended,
    error: run.trace.series.relativeError?.[shownStep(state)] ?? null,
    floor: reachOf(run)?.floor ?? null,
  };
}
