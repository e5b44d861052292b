export interface StyleParts {
  /** The app's own style sheets, as they are in their files. */
  readonly tokens: string;
  readonly fonts: string;
  readonly charts: string;
  /** The rules of these pages alone. */
  readonly own: string;
  /** The address of a font relative to the style sheet, by its file's name. */
  readonly fontAddress: (file: string) => string;
}

const COMMENT = /\/\*[\s\S]*?\*\//g;

/** The declarations of the rule of tokens.css whose line begins with a selector. Throws if there is none. */
function blockOf(tokens: string, selector: string): string {
  const from = tokens.indexOf(`\n${selector} {`);
  const to = tokens.indexOf('}', from);
  if (from < 0 || to < 0) throw new Error(`tokens.css has no rule for ${selector}`);
  return tokens.slice(tokens.indexOf('{', from) + 1, to).trim();
}

/** One style sheet for all pages. The app chooses its theme by script; these follow what the device prefers. */
export function styleSheet({ tokens, fonts, charts, own, fontAddress }: StyleParts): string {
  const plain = tokens.replace(COMMENT, '');
  const light = blockOf(plain, '[data-theme="light"]');
  const dark = blockOf(plain, '[data-theme="dark"]');
  const sizes = blockOf(plain, ':root');
  const faces = fonts.replace(
    /url\("\.\/fonts\/([\w-]+\.woff2)"\)/g,
    (_, file: string) => `url("${fontAddress(file)}")`,
  );
  return [
    `:root {\n${light}\n${sizes}\n}`,
    `@media (prefers-color-scheme: dark) {\n:root {\n${dark}\n}\n}`,
    faces,
    charts,
    own,
  ]
    .join('\n')
    .replace(COMMENT, '')
    .replace(/\s*([{};])\s*/g, '$1')
    .replace(/\n\s*/g, ' ')
    .replaceAll(';}', '}')
    .trim();
}
