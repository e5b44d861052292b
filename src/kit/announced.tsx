import { type ReactNode, useEffect, useRef, useState } from 'react';

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

/** A text for a live region: written when the moment changes, and kept until it changes again; at first ''. */
export function useAnnouncement<M>(moment: M, write: (before: M) => string): string {
  const said = useRef({ moment, text: '' });
  if (said.current.moment !== moment) said.current = { moment, text: write(said.current.moment) };
  return said.current.text;
}

/** For a screen reader alone, which reads it out when it changes. */
export function Announced({ children, as: Tag = 'p' }: { readonly children: ReactNode; readonly as?: 'p' | 'span' }) {
  return (
    <Tag className="unseen" role="status">
      {children}
    </Tag>
  );
}
