import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { b, prose, SymbolText, text } from './prose.tsx';

const symbolsIn = (text: string) => {
  const html = renderToStaticMarkup(<SymbolText>{text}</SymbolText>);
  expect(html.replaceAll(/<[^>]+>/g, '')).toBe(text);
  return [...html.matchAll(/<i class="[^"]*">([^<]+)<\/i>/g)].map(([, letter]) => letter);
};

test.each([
  ['A bottleneck of r numbers', ['r']],
  ['The gradient of A goes through B', ['A', 'B']],
  ['Only A', ['A']],
  ['A larger α', ['α']],
  ['A and B start at zero', ['A', 'B']],
  ['It is kept. A gradient has those of A and B.', ['A', 'B']],
  ['z = Ax: four numbers become two', ['z', 'A', 'x']],
  ['h = W₀x + s·u: at first nothing changes', ['h', 'W₀', 'x', 's', 'u']],
  ['∂L/∂B: δ meets z', ['L', 'B', 'δ', 'z']],
  ['Then Bᵀδ is not zero', ['B', 'δ']],
  ['Column 2 gets z₂ as a factor', ['z']],
  ['LoRA’s rank, a hat, ViT-B, 7B and A100', []],
])('%s', (text, symbols) => expect(symbolsIn(text)).toEqual(symbols));

test('A line break in a text is a space, and parts keep to the words that they touch', () => {
  const html = renderToStaticMarkup(text`${b`SGD:`} a rate
    of ${0.1}, ${<i>A</i>}${<i>x</i>}
    and no ${false}more`);
  expect(html).toBe('<b>SGD:</b> a rate of 0.1, <i>A</i><i>x</i> and no more');
});

test('A blank line ends a paragraph, and a part on its own is no paragraph', () => {
  const html = renderToStaticMarkup(prose`
    One
    line.

    ${<hr />}

    ${<i>Two</i>} begins with a part.
  `);
  expect(html).toBe('<p>One line.</p><hr/><p><i>Two</i> begins with a part.</p>');
});
