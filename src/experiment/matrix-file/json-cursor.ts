import { cut, type Fault } from './limits.ts';

/** A place in a JSON text, moved on by the functions of this file. None of them calls itself: depth costs nothing. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Longer than anybody writes a number. */
const LONGEST_WORD = 400;

function passSpace(cursor: Cursor): void {
  const { text } = cursor;
  let at = cursor.at;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  cursor.at = at;
}

/** The next character that is no space, where the cursor then stands; '' at the end. */
export function peek(cursor: Cursor): string {
  passSpace(cursor);
  return cursor.text[cursor.at] ?? '';
}

export function ended(cursor: Cursor): boolean {
  return peek(cursor) === '';
}

/** The run of characters from the cursor up to a bracket, comma, colon, quote or space; cut after 401 characters. */
export function word(cursor: Cursor): string {
  passSpace(cursor);
  const next = cursor.text.slice(cursor.at, cursor.at + LONGEST_WORD + 1);
  return /^[^ \n\r\t,:[\]{}"]*/.exec(next)?.[0] ?? '';
}

export function isString(cursor: Cursor): boolean {
  return peek(cursor) === '"';
}

/** Moves past a string that begins at the cursor and gives its text, escapes as they stand; null where it has no end. */
export function passString(cursor: Cursor): string | null {
  const { text, at } = cursor;
  for (let close = text.indexOf('"', at + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 1) continue;
    cursor.at = close + 1;
    return text.slice(at + 1, close);
  }
  cursor.at = text.length;
  return null;
}

/** Deeper than anything that stands beside a matrix. */
export const DEEPEST = 100;

/** Moves past any value; false where there is none, the text ends within, or it is nested too deeply. */
export function passValue(cursor: Cursor): boolean {
  const { text } = cursor;
  let depth = 0;
  do {
    const c = depth === 0 ? peek(cursor) : text[passPlain(cursor)];
    if (c === undefined || c === '') return false;
    if (c === '"') {
      if (passString(cursor) === null) return false;
    } else if (c === '[' || c === '{') {
      depth++;
      cursor.at++;
    } else if (depth > 0) {
      depth--;
      cursor.at++;
    } else {
      const length = word(cursor).length;
      if (length === 0) return false;
      cursor.at += length;
    }
  } while (depth > 0 && depth <= DEEPEST);
  return depth === 0;
}

/** Moves to the next quote or bracket within a list or an object and gives the place. */
function passPlain(cursor: Cursor): number {
  const { text } = cursor;
  let at = cursor.at;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // " [ ] { }
    if (code === 0x22 || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d) break;
  }
  cursor.at = at;
  return at;
}

/** What is wrong at the cursor, with line and column from 1. */
export function syntaxFault(cursor: Cursor, needed: string): Fault {
  const found = peek(cursor);
  let line = 1;
  let start = 0;
  for (let i = 0; i < cursor.at; i++) {
    if (cursor.text.charCodeAt(i) !== 0x0a) continue;
    line++;
    start = i + 1;
  }
  const place = `line ${line}, column ${cursor.at - start + 1}`;
  return {
    fault:
      found === ''
        ? `${place}: the text ends here, ${needed} is needed.`
        : `${place}: found "${cut(word(cursor) || found)}", ${needed} is needed.`,
  };
}
