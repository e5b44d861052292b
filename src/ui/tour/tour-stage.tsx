import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { trim } from '../../experiment/numbers.ts';
import { adapterOf, countsOf } from '../../experiment/settings/counts.ts';
import { useWindowKeys } from '../../kit/arrows.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { useWidth } from '../../kit/media.tsx';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { PAUSE_SECONDS, RANK_EIGHT } from '../../state/tour.ts';
import type { TourEvent } from '../../state/view.ts';
import { useTourReplay } from '../bar/experiments.tsx';
import { Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import { type Frame, type PointerLine, Pointers } from './pointers.tsx';
import {
  type CaptionPiece,
  captionOf,
  captionSymbol,
  captionText,
  isCaptionComplete,
  type TourFacts,
} from './tour-words.ts';

const CAPTIONS = [1, 2, 3] as const;
const LOOKS = { W0: 'w0', B: 'b', A: 'a', dW: 'dw', W: 'ink' } as const;
const NAMED = Object.keys(LOOKS) as (keyof typeof LOOKS)[];

const TIES: readonly PointerLine[] = NAMED.map((name) => ({
  from: `.caption [data-names="${name}"]`,
  to: name === 'B' ? '.hero .head i.b' : `.hero [data-matrix="${name}"]`,
  frame: `.hero [data-matrix="${name}"]`,
  className: LOOKS[name],
  at: name === 'B' ? 'name' : name === 'dW' ? 'side' : 'top',
}));
const NO_TIES: readonly PointerLine[] = [];
const TURN: readonly Frame[] = [
  { at: '.rail [data-param="rank"], .dock [data-param="rank"]', kind: 'box', className: 'ink', close: true },
  { at: '[data-chart="error"] circle.dw:not(.open)', kind: 'ring', className: 'dwt' },
];

/** The first visit: a caption for each moment of the tour's run, and suggestions at the end. */
export default function TourStage() {
  const show = useLab((s) => s.show);
  const phone = useWidth() === 'phone';
  const facts = useLabObject(factsOf);
  const scaling = useLab(({ experiment: e }) => (e.scaling === 'standard' ? e.alpha / e.rank : null));
  const dispatch = useDispatch();
  useTurning();
  const words = useId();
  const section = useRef<HTMLElement>(null);
  const playAgain = useTourReplay();
  const skip = () => {
    dispatch(SKIP);
    // The pressed button disappears.
    section.current?.focus();
  };
  if (!show) return null;
  const pieces = captionOf(facts);
  const turn = show.caption === 3;
  const ended = turn && facts.stands === 'ended';
  const follows = turn && facts.rank !== 8 ? scaling : null;
  const next = show.by === 'hand' && show.caption < 3 ? ((show.caption + 1) as 2 | 3) : null;
  return (
    <section
      ref={section}
      className="caption"
      tabIndex={-1}
      aria-label="Introduction in three captions"
      aria-describedby={words}
    >
      <div className="words">
        <p className="claim" id={words}>
          {pieces.map((piece, i) => (
            <Said key={i} piece={piece} />
          ))}
          {follows !== null && phone && facts.rank === 1 && (
            <>
              {' '}
              <Follows scaling={follows} />
            </>
          )}
          {ended && ' Your turn:'}
        </p>
        {turn && (
          <YourTurn rank={facts.rank} hat={facts.subject === 'hat'} loud={ended}>
            {follows !== null && !phone && <Follows scaling={follows} />}
          </YourTurn>
        )}
        {next && <Press event={{ type: 'show', caption: next }}>Next</Press>}
      </div>
      <span key={turn ? 'turn' : 'moments'} className="moments">
        {turn ? (
          <LinkButton onClick={playAgain}>Play again</LinkButton>
        ) : (
          <>
            {CAPTIONS.map((caption) => (
              <Press
                key={caption}
                className="link"
                aria-label={`Caption ${caption} of 3`}
                aria-current={caption === show.caption ? 'step' : undefined}
                event={{ type: 'show', caption }}
              >
                {caption}
              </Press>
            ))}
            <LinkButton onClick={skip}>Skip</LinkButton>
          </>
        )}
      </span>
      {isCaptionComplete(facts) && (
        <Spoken
          moment={`${show.caption} ${facts.rank} ${facts.subject} ${facts.stands}`}
          text={ended ? `Finished. ${captionText(pieces)} Your turn.` : captionText(pieces)}
        />
      )}
      <Pointers ties={turn ? NO_TIES : TIES} lines={!phone} frames={turn ? TURN : undefined} />
    </section>
  );
}

/** Why only the rank changes if it is set. */
function Follows({ scaling }: { readonly scaling: number }) {
  return (
    <span className="follows">
      <i>α</i> follows, so <i>s</i> stays {trim(scaling)}.
    </span>
  );
}

function Said({ piece }: { readonly piece: CaptionPiece }) {
  if (typeof piece === 'string') return piece;
  if ('floor' in piece) return <FloorWord>{piece.floor}</FloorWord>;
  const className = LOOKS[piece.matrix];
  return (
    <i className={className === 'ink' ? undefined : className} data-names={piece.matrix}>
      {captionSymbol(piece.matrix)}
    </i>
  );
}

/** Explains the floor next to the chart that draws it, with the run's dot in sight. */
function FloorWord({ children }: { readonly children: string }) {
  const dispatch = useDispatch();
  const explain = () => {
    // If charts are in tabs, switch to the right one first.
    flushSync(() => dispatch({ type: 'tab', chart: ERROR }));
    document.querySelector(ERROR_CHART)?.scrollIntoView({ block: 'nearest' });
    dispatch({ type: 'panel', panel: { name: 'explain', chart: 'error' } });
  };
  return (
    <Button className="floor-word" onClick={explain}>
      {children}
    </Button>
  );
}

/** Index of "Error against rank" among the charts. */
const ERROR = 2;
const ERROR_CHART = '[data-chart="error"]';

const OWL = { target: 'edit', data: '', ...RANK_EIGHT } as const;

interface TurnProps {
  readonly rank: number;
  readonly hat: boolean;
  readonly loud: boolean;
  readonly children: ReactNode;
}

/** Buttons at the end. α follows the rank, so that s stays 2 and only the rank changes. */
function YourTurn({ rank, hat, loud, children }: TurnProps) {
  const to = (changes: TourEvent['changes']): TourEvent => ({ type: 'show', caption: 3, changes });
  const className = loud ? 'btn main' : 'btn';
  return (
    <span className="turn">
      {rank === 1 ? (
        <Press className={className} event={to(RANK_EIGHT)}>
          Rank 8
        </Press>
      ) : (
        <Press className={className} event={to({ rank: 1, alpha: 2 })}>
          Rank 1
        </Press>
      )}
      {hat ? (
        <Press event={to({ ...OWL, edit: 'sunglasses' })}>Sunglasses</Press>
      ) : (
        <Press event={to({ ...OWL, edit: 'hat' })}>A hat</Press>
      )}
      <Press event={{ type: 'draw', on: 'owl' }}>Draw on the owl</Press>
      {children}
    </span>
  );
}

const SKIP: TourEvent = { type: 'show', caption: 3, atOnce: true };

/** After the first caption the run starts by itself; Esc skips to the end. */
function useTurning(): void {
  const dispatch = useDispatch();
  const waits = useLab(
    (s) => s.show?.caption === 1 && s.show.by === 'itself' && s.run.status === 'idle' && s.next === null && !s.hidden,
  );
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => dispatch({ type: 'show', caption: 2 }), 1000 * PAUSE_SECONDS);
    return () => clearTimeout(timer);
  }, [waits, dispatch]);
  const plays = useLab((s) => s.show !== null && s.show.caption < 3);
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    // The focused element may disappear with the captions.
    const caption = document.activeElement?.closest<HTMLElement>('.caption');
    dispatch(SKIP);
    caption?.focus();
  };
  useWindowKeys(press, { on: plays });
}

/** Announces each caption once, as it is when it appears. */
function Spoken({ moment, text }: { readonly moment: string; readonly text: string }) {
  const [said, announce] = useState('');
  const last = useRef('');
  useEffect(() => {
    if (last.current === moment) return;
    last.current = moment;
    announce(text);
  }, [moment, text]);
  return (
    <span className="unseen" role="status">
      {said}
    </span>
  );
}

/** The run that the captions describe: that on screen, or the requested one. */
function factsOf(state: State): TourFacts {
  const { next, show } = state;
  // A rerun behind the old picture is reported once it is visible.
  const asked = next && next.start !== 'again' ? next : null;
  const run = asked?.run ?? state.run;
  const { edit, data, rank, steps } = run.experiment;
  const { trained, full } = countsOf(adapterOf(run.experiment));
  const step = asked ? 0 : shownStep(state);
  return {
    caption: show?.caption ?? 1,
    subject: data === '' ? edit : 'drawing',
    rank,
    trained,
    full,
    stands: asked ? (asked.start === 'yes' ? 'training' : 'on-the-way') : standing(state, step),
    step,
    steps: next ? steps : state.experiment.steps,
    error: state.run.trace.series.relativeError?.[step] ?? null,
    floor: reachOf(state.run)?.floor ?? null,
  };
}

function standing({ run, next }: State, step: number): TourFacts['stands'] {
  const status = next?.before ?? run.status;
  if (step < lastStep(run)) return 'on-the-way';
  if (isComplete({ status })) return 'ended';
  return status === 'training' || status === 'diverged' ? status : 'on-the-way';
}
