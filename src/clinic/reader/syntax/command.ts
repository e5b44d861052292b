import { type Leaf, MAX_SETTINGS, plainScalar, type ValueNode } from './node.ts';

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

const BLANK = /\s/;

/** Words of a shell's line with their places. Quotes are taken off; \, ^ and ` at the end of a line continue it. */
function shellWords(text: string): readonly Word[] {
  const words: Word[] = [];
  for (let i = 0; i < text.length && words.length < 4 * MAX_SETTINGS; ) {
    if (BLANK.test(text[i]) || (/[\\^`]/.test(text[i]) && /^[ \t]{0,8}(\r?\n|$)/.test(text.slice(i + 1, i + 12)))) {
      i++;
      continue;
    }
    if (text[i] === '#' && (i === 0 || /\s/.test(text[i - 1]))) {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
      continue;
    }
    const word = wordAt(text, i);
    words.push(word);
    i = Math.max(word.end, i + 1);
  }
  return words;
}

function wordAt(text: string, start: number): Word {
  let value = '';
  let quote = '';
  let quoted = false;
  let i = start;
  for (; i < text.length; i++) {
    const c = text[i];
    if (quote) {
      if (c === quote) quote = '';
      else value += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      quoted = true;
    } else if (BLANK.test(c)) break;
    else if (c === '\\' && i + 1 < text.length) {
      if (/\s/.test(text[i + 1])) break;
      value += /["'\\$ ]/.test(text[i + 1]) ? text[++i] : c;
    } else value += c;
  }
  return { text: value, start, end: i, quoted };
}

const OPTION = /^--([A-Za-z][\w.-]{0,80})(?:=([\s\S]*))?$/;

/** Options of a command: `--key value`, `--key=value`, `--flag`, `--key a b c`. `place` is the last script named before. */
export function readCommand(text: string): readonly Leaf[] {
  const words = shellWords(text);
  const leaves: Leaf[] = [];
  let place = '';
  for (let i = 0; i < words.length; ) {
    const word = words[i++];
    const option = word.quoted && word.text.startsWith('-') === false ? null : OPTION.exec(word.text);
    if (!option) {
      if (/\.py$|^llamafactory-cli$|^axolotl$/.test(word.text)) place = word.text.slice(word.text.search(/[^/\\]*$/));
      continue;
    }
    const values: Word[] = [];
    if (option[2] !== undefined) values.push({ ...word, text: option[2] });
    while (i < words.length && !/^--[A-Za-z]/.test(words[i].text) && !/^(&&|;|\|\|?|>>?)$/.test(words[i].text))
      values.push(words[i++]);
    const end = values.at(-1)?.end ?? word.end;
    const path = option[1].replaceAll('-', '_').split('.').slice(0, 8);
    leaves.push({ path, place, inList: false, node: valueNode(values, word, end), start: word.start, end });
  }
  return leaves;
}

function valueNode(values: readonly Word[], option: Word, end: number): ValueNode {
  const span = { start: values[0]?.start ?? option.start, end };
  const [first] = values;
  if (!first) return { kind: 'scalar', value: true, ...span };
  const nodes = values.map(
    ({ text, start, end }): ValueNode => ({ kind: 'scalar', value: plainScalar(text), start, end }),
  );
  return nodes.length === 1 ? { ...nodes[0], ...span } : { kind: 'list', items: nodes, ...span };
}
