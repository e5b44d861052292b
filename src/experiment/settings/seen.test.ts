import { expect, it } from 'vitest';
import { singleLine } from '../../state/collection/collection.ts';
import { quote } from '../link/faults.ts';
import { parseLink } from '../link/link.ts';
import { cleanText, nonBlankText } from './kinds.ts';

it.each(['\u200b', '\u{e0041}\u{e0042}', '\u3164 \ufe0f', '\u00ad\u2060', '\ufeff'])(
  'text of which nothing is seen is none (%#)',
  (text) => {
    expect(nonBlankText(text)).toBe('');
    expect(singleLine(text, 60)).toBe('');
    const { view, faults } = parseLink(`#v=1&title=${encodeURIComponent(text)}&task=${encodeURIComponent(text)}`);
    expect([view.title, view.task]).toEqual(['', '']);
    expect(faults.map((fault) => fault.kind)).toEqual(['value', 'value']);
  },
);

it('text of which something is seen stays as it is', () => {
  for (const text of ['a\u200bb', '👩\u200d🔬', 'é', '=1']) {
    expect(nonBlankText(text)).toBe(text);
    expect(parseLink(`#v=1&title=${encodeURIComponent(text)}`).view.title).toBe(text);
  }
});

it.each(['\u061c', '\ufeff', '\u{e0001}', '\u{e0041}', '\u{e007f}', '\u202e', '\u2066'])(
  'a name with a character that steers or hides text is refused, and shown without it (%#)',
  (hidden) => {
    const text = `A${hidden}da`;
    const { view, faults } = parseLink(`#v=1&by=${encodeURIComponent(text)}`);
    expect([view.by, faults.map((fault) => fault.kind)]).toEqual(['', ['value']]);
    expect(cleanText(text)).toBe('Ada');
    expect(quote(text)).toBe('A�da');
  },
);
