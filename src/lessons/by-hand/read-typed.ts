import { readings } from '../../kit/number-field.tsx';

/** Beyond this the picture has no room. */
const LARGEST = 1000;

/** What was typed as a number, or what is wrong with it. */
export function readTyped(text: string): number | string {
  if (text.trim() === '') return 'A number is missing.';
  const [value] = readings(text);
  if (value === undefined) return `“${text.trim().slice(0, 20)}” is not a number.`;
  return Math.abs(value) > LARGEST ? 'Numbers from −1,000 to 1,000 fit here.' : value;
}
