import { endOfLine, literals, quotedTextAt } from './literals.ts';
import { type Leaf, leavesOf, MAX_SETTINGS } from './node.ts';

const TABLE = /^\[{1,2}\s{0,20}([\w."' -]{1,200}?)\s{0,20}\]{1,2}\s*(#.*)?$/;
const KEY = /([\w-]+(?:\.[\w-]+)*)[ \t]{0,200}=(?!=)/y;

/** A strict part of TOML: tables, keys and values in one line or in brackets over several. Null: most lines are none. */
export function readToml(text: string): readonly Leaf[] | null {
  const { value } = literals(text);
  const leaves: Leaf[] = [];
  let table: readonly string[] = [];
  let inList = false;
  let others = 0;
  for (let at = 0; at < text.length && leaves.length + others < MAX_SETTINGS; ) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd).trim();
    if (line === '' || line.startsWith('#')) {
      at = lineEnd + 1;
      continue;
    }
    const head = line.length < 300 ? TABLE.exec(line) : null;
    if (head) {
      table = head[1].split('.').map((part) => part.trim().replace(/^["']|["']$/g, ''));
      inList = line.startsWith('[[');
      at = lineEnd + 1;
      continue;
    }
    const start = at + text.slice(at, lineEnd).search(/\S/);
    const key = keyAt(text, start);
    const node = key && value(key.end);
    if (!key || !node || node.kind === 'name') {
      others++;
      at = lineEnd + 1;
      continue;
    }
    const after = text.slice(node.end, endOfLine(text, node.end)).trim();
    if (after !== '' && !after.startsWith('#') && node.kind !== 'other') others++;
    const path = [...table, ...key.path].slice(-8);
    for (const leaf of leavesOf(node, path, table.at(-1)))
      leaves.push({
        ...leaf,
        start: leaf.path.length === path.length ? start : leaf.start,
        inList: inList || leaf.inList,
      });
    at = endOfLine(text, node.end) + 1;
  }
  return others <= leaves.length ? leaves : null;
}

function keyAt(text: string, start: number): { readonly path: readonly string[]; readonly end: number } | null {
  const quoted = quotedTextAt(text, start);
  if (quoted) {
    const sign = /^[ \t]{0,200}=/.exec(text.slice(quoted.end, quoted.end + 220));
    return sign && { path: [quoted.value], end: quoted.end + sign[0].length };
  }
  KEY.lastIndex = start;
  const found = KEY.exec(text);
  return found && { path: found[1].split('.').slice(0, 8), end: start + found[0].length };
}
