import { NotRead, named } from '../faults.ts';

/** Names that every object has: as keys they would stand for something else. */
const PROTOTYPE: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y;
/** What a text has to be read with care for. */
const ESCAPED = /[\\\p{Cc}]/u;

/**
 * Reads JSON value by value: whoever reads says what comes next. JSON.parse would keep the last of two equal keys without a
 * word, and lay out whatever a damaged header nests before anybody could look at it.
 */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Reads an object: `value` is called at each value, which it has to read. */
  object(what: string, value: (key: string) => void): void {
    const seen = new Set<string>();
    this.#expect('{', what);
    if (this.#take('}')) return;
    do {
      const key = this.string(`a name in ${what}`);
      if (PROTOTYPE.has(key)) throw new NotRead(`${what} uses the name ${named(key)}, which is reserved`);
      if (seen.has(key)) throw new NotRead(`${what} has ${named(key)} twice`);
      seen.add(key);
      this.#expect(':', what);
      value(key);
    } while (this.#take(','));
    this.#expect('}', what, '“,” or “}”');
  }

  /** A list of whole numbers from 0, of at most `most`. */
  numbers(what: string, most: number): number[] {
    const values: number[] = [];
    this.#expect('[', what);
    if (this.#take(']')) return values;
    do {
      if (values.length === most) throw new NotRead(`${what} has more than ${most} numbers`);
      values.push(this.#number(what));
    } while (this.#take(','));
    this.#expect(']', what, '“,” or “]”');
    return values;
  }

  /** Reads null, if that comes next. */
  null(): boolean {
    this.#skip();
    if (!this.#text.startsWith('null', this.#at)) return false;
    this.#at += 4;
    return true;
  }

  string(what: string): string {
    this.#skip();
    const from = this.#at;
    if (this.#text[from] !== '"') this.#refuse(what, 'a text in quotation marks');
    let end = this.#text.indexOf('"', from + 1);
    const plain = this.#text.slice(from + 1, end === -1 ? undefined : end);
    if (end !== -1 && !ESCAPED.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    end = from + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(from, end + 1));
    } catch {
      throw new NotRead(`${what} begins at character ${from + 1} and is not a text of JSON`);
    }
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length)
      throw new NotRead(`it continues after its closing brace, at character ${this.#at + 1}`);
  }

  #number(what: string): number {
    this.#skip();
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    const value = Number(found?.[0]);
    if (!Number.isSafeInteger(value)) this.#refuse(what, 'whole numbers from 0 to 2⁵³');
    this.#at = NUMBER.lastIndex;
    return value;
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #take(sign: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #expect(sign: string, what: string, expected = `“${sign}”`): void {
    if (!this.#take(sign)) this.#refuse(what, expected);
  }

  #refuse(what: string, expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + 12);
    const found = rest === '' ? 'the text ends there' : `found ${named(rest)}`;
    throw new NotRead(`${what}: ${expected} expected at character ${this.#at + 1}, ${found}`);
  }
}
