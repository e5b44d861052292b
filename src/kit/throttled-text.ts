import { useEffect, useRef, useState } from 'react';

/** A text for a live region: follows `text`, but changes at most once a second. */
export function useThrottled(text: string, pause = 1000): string {
  const [said, setText] = useState(text);
  const latest = useRef(text);
  const waiting = useRef(0);
  latest.current = text;
  useEffect(() => {
    if (waiting.current || text === said) return;
    setText(text);
    waiting.current = window.setTimeout(() => {
      waiting.current = 0;
      setText(latest.current);
    }, pause);
  }, [text, said, pause]);
  useEffect(() => () => window.clearTimeout(waiting.current), []);
  return said;
}
