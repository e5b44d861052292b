import { useEffect, useRef, useState } from 'react';
import { useWindowKeys } from '../../kit/arrows.ts';
import { useMedia } from '../../kit/media.tsx';

/** Milliseconds that a stage stays. */
const STAGE_MS = 1500;

/** Stage after stage by itself; Esc stops it. Not offered to whoever wants less motion. */
export function usePlay(next: () => void) {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [playing, setPlaying] = useState(false);
  const latest = useRef(next);
  latest.current = next;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => latest.current(), STAGE_MS);
    return () => clearInterval(timer);
  }, [playing]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    // Not the lesson.
    event.preventDefault();
    setPlaying(false);
  };
  useWindowKeys(press, { on: playing, capture: true });
  return { offered: !still, playing: playing && !still, setPlaying };
}
