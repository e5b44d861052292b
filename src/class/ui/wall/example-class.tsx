import { useEffect, useRef, useState } from 'react';
import { Button, LinkButton } from '../../../kit/button.tsx';
import { useMedia } from '../../../kit/media.tsx';
import { Press } from '../../../ui/page.tsx';
import { afterHandIns, emptied } from '../../state/wall.ts';
import { useChangeWall, type WallView } from './use-wall.ts';

const EVERY_MS = 2000;

export interface OneByOne {
  /** The hand-ins arrive by themselves. */
  readonly plays: boolean;
  readonly play: (on: boolean) => void;
}

/** Plays the hand-ins of an example class, one every two seconds; with reduced motion none comes by itself. */
export function useOneByOne({ wall }: WallView): OneByOne {
  const change = useChangeWall();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [on, play] = useState(false);
  const plays = on && !still && wall.example !== null && wall.example.waits.length > 0;
  const next = useRef(() => {});
  next.current = () => change(afterHandIns(1));
  useEffect(() => {
    if (!plays) return;
    const timer = setInterval(() => next.current(), EVERY_MS);
    return () => clearInterval(timer);
  }, [plays]);
  return { plays, play };
}

interface HandInsProps {
  readonly shown: WallView;
  readonly oneByOne: OneByOne;
}

/** The buttons that play the hand-ins, and who handed in last. */
export function HandIns({ shown: { wall, names }, oneByOne: { plays, play } }: HandInsProps) {
  const change = useChangeWall();
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const { entries, example } = wall;
  const last = entries.at(-1);
  if (!example || example.hands !== undefined) return null;
  const waits = example.waits.length;
  if (waits === 0)
    return (
      <LinkButton
        onClick={() => {
          change((now) => ({ ...afterHandIns(1)({ ...now, ...emptied(now) }) }));
          play(true);
        }}
      >
        Let them hand in again, one by one
      </LinkButton>
    );
  return (
    <>
      <span role="status">
        {last && `${names.get(last.id)} hands in: `}
        {entries.length} of {entries.length + waits}.
      </span>
      {!plays && <Button onClick={() => change(afterHandIns(1))}>Next hand-in</Button>}
      {!still && <LinkButton onClick={() => play(!plays)}>{plays ? 'Pause' : 'One every 2 s'}</LinkButton>}
      <LinkButton onClick={() => change(afterHandIns(waits))}>All at once</LinkButton>
    </>
  );
}

export function ExampleNotice(props: HandInsProps) {
  return (
    <div className="notice">
      <span className="said">
        <b>Example class.</b>{' '}
        {props.shown.wall.example?.hands === undefined
          ? 'The names are made up, the runs are real and trained here.'
          : 'Names and handwriting are made up, the adapters are real and trained here.'}{' '}
        Rehearse with it; it is never mixed with your class.
      </span>
      <span className="acts">
        <HandIns {...props} />
        <Press className="link" event={{ type: 'command', command: { wall: 'leave' } }}>
          Leave the example
        </Press>
      </span>
    </div>
  );
}
