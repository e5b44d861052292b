import type { ReactNode } from 'react';
import { numberOf } from '../list.ts';
import type { LessonEntry } from '../step.tsx';

interface LessonRowProps {
  readonly entry: LessonEntry;
  readonly marked?: boolean;
  /** Its title, with what it opens if it is pressed. */
  readonly head: ReactNode;
  /** At its right end. */
  readonly children: ReactNode;
  readonly id?: string;
}

/** A lesson in a list: number, picture, title and question. */
export function LessonRow({ entry: { name, question, Picture }, marked = false, head, children, id }: LessonRowProps) {
  return (
    <li className={marked ? 'row here' : 'row'} aria-current={marked || undefined}>
      <span className="muted at-right n" aria-hidden="true">
        {numberOf(name)}
      </span>
      <span className="picture">
        <Picture />
      </span>
      <span className="what">
        {head}
        <span className="muted">{question}</span>
      </span>
      <span className="soft at-right" id={id}>
        {children}
      </span>
    </li>
  );
}
