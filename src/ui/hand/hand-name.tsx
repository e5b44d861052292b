import { useId } from 'react';
import { cleanText, nonBlankText } from '../../experiment/settings/kinds.ts';
import { storedText } from '../../kit/storage.ts';
import { LengthLimit } from '../controls/numeric.tsx';

/** In characters. */
export const LONGEST_NAME = 24;

/** A name for a link or a file, of what somebody has typed; empty if nothing of it can be seen. */
export const nameOf = (typed: string): string =>
  nonBlankText([...cleanText(typed).trim()].slice(0, LONGEST_NAME).join('').trim());

/** The last nickname used on this device, which is also the name of the visitor's own hand. */
export const NICKNAME = storedText('lora-explorer/nickname');

interface HandNameProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (typed: string) => void;
}

/** A name to type over a hand. */
export function HandName({ label, value, onChange }: HandNameProps) {
  const id = useId();
  return (
    <p className="hand-name">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        maxLength={LONGEST_NAME}
        autoComplete="nickname"
        placeholder="a name"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <LengthLimit text={value} most={LONGEST_NAME} />
    </p>
  );
}
