/** How the searches of the page read what is typed. */

const GREEK: Readonly<Record<string, string>> = { α: 'alpha', δ: 'delta', λ: 'lambda', σ: 'sigma', Δ: 'delta ' };

/** Lower case without accents; Greek letters by name; punctuation between words as a space. */
export function plainText(text: string): string {
  return text
    .replaceAll(/[αδλσΔ]/g, (letter) => GREEK[letter])
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{N}'*]+/gu, ' ')
    .trim();
}

/** Words that say nothing about what is looked for. */
const STOP = new Set(
  'a an and are as be by can do does for from how i in is it of on or the to what when which why with'.split(' '),
);

/** The words of a query that say what is looked for; all of them if none does. */
export function queryWords(query: string): readonly string[] {
  const typed = plainText(query).split(' ').filter(Boolean);
  const telling = typed.filter((word) => !STOP.has(word));
  return telling.length > 0 ? telling : typed;
}

/** How well a word fits a name and a text, all from `plainText`; 0 if neither has it. */
export function wordRank(name: string, text: string, word: string): number {
  // A word of one or two letters has to match whole or begin the name: "r" is in every text.
  const short = word.length < 3;
  if (` ${name} `.includes(` ${word} `)) return 4;
  if (!short && ` ${text} `.includes(` ${word} `)) return 3.5;
  if (!short && ` ${name}`.includes(` ${word}`)) return 3;
  if (!short && name.includes(word)) return 2;
  if (!short && ` ${text}`.includes(` ${word}`)) return 1;
  return (short && ` ${text} `.includes(` ${word} `)) || name.startsWith(word) ? 0.5 : 0;
}
