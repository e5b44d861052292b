import { endOfLine, literals, quotedTextAt } from './literals.ts';
import { type Leaf, leavesOf, MAX_DEPTH, MAX_SETTINGS, plainScalar, type ValueNode } from './node.ts';

interface YamlLevel {
  readonly indent: number;
  readonly path: readonly string[];
  readonly inList: boolean;
}

interface OpenList {
  readonly key: YamlLevel;
  readonly path: readonly string[];
  readonly start: number;
  readonly items: ValueNode[];
  next: number;
}

const KEY = /^([A-Za-z_][\w.-]{0,100})\s{0,40}:(?=\s|$)/;

/**
 * A strict part of YAML: maps, lists, flow lists and maps, plain and quoted scalars, comments; blocks of text are
 * passed over. Aliases, anchors and tags are not followed. Null: most lines are not YAML of this kind.
 */
export function readYaml(text: string): readonly Leaf[] | null {
  const { value } = literals(text, undefined, true);
  const leaves: Leaf[] = [];
  const levels: YamlLevel[] = [{ indent: -1, path: [], inList: false }];
  let list: OpenList | null = null;
  let blockIndent = -1;
  let keys = 0;
  let others = 0;

  const closeList = () => {
    if (list && list.items.length > 0) {
      const node: ValueNode = {
        kind: 'list',
        items: list.items,
        start: list.items[0].start,
        end: list.items[list.items.length - 1].end,
      };
      leaves.push({ path: list.path, place: '', inList: list.key.inList, node, start: list.start, end: node.end });
    }
    list = null;
  };

  for (let at = 0; at <= text.length && leaves.length + others < MAX_SETTINGS; ) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end).replace(/\r$/, '');
    const lineStart = at;
    at = end + 1;
    const indent = line.search(/\S/);
    if (indent < 0 || line[indent] === '#' || /^(---|\.\.\.)(\s|$)/.test(line)) continue;
    if (blockIndent >= 0 && indent > blockIndent) continue;
    blockIndent = -1;
    if (line.slice(0, indent).includes('\t')) {
      others++;
      continue;
    }

    let column = indent;
    let parent = levels[levels.length - 1];
    let dash = false;
    while (line[column] === '-' && (column + 1 >= line.length || /\s/.test(line[column + 1]))) {
      while (levels.length > 1 && levels[levels.length - 1].indent >= column + (dash ? 0 : 1)) levels.pop();
      parent = levels[levels.length - 1];
      dash = true;
      const inside = line.slice(column + 1).search(/\S/);
      if (inside < 0) {
        column = line.length;
        break;
      }
      const index: string = String(list ? list.next++ : 0);
      column += 1 + inside;
      if (levels.length > MAX_DEPTH) return null;
      if (KEY.test(line.slice(column, column + 150)))
        levels.push({ indent: column - 1, path: [...parent.path, index], inList: true });
    }
    if (column >= line.length) continue;
    const rest = line.slice(column);
    const key = quotedKey(rest) ?? KEY.exec(rest);
    const start = lineStart + column;
    if (!key) {
      if (!dash || !list) {
        others++;
        continue;
      }
      list.items.push(scalarOrFlow(text, start, value));
      at = Math.max(at, afterFlow(text, list.items[list.items.length - 1], at));
      continue;
    }
    keys++;
    if (!dash) while (levels.length > 1 && levels[levels.length - 1].indent >= column) levels.pop();
    closeList();
    const level = levels[levels.length - 1];
    const path: readonly string[] = [...level.path, key[1]].slice(-12);
    const from = start + key[0].length;
    const written = text.slice(from, end).trim();
    if (written === '' || written.startsWith('#')) {
      if (levels.length > MAX_DEPTH) return null;
      const opened: YamlLevel = { indent: column, path, inList: level.inList };
      levels.push(opened);
      list = { key: opened, path, start, items: [], next: 0 };
    } else if (/^[|>][+-]?\d?[+-]?(\s+#.*)?$/.test(written)) blockIndent = column;
    else {
      const node = scalarOrFlow(text, from + text.slice(from, end).search(/\S/), value);
      for (const leaf of leavesOf(node, path))
        leaves.push({
          ...leaf,
          start: leaf.path.length === path.length ? start : leaf.start,
          inList: level.inList || leaf.inList,
        });
      at = Math.max(at, afterFlow(text, node, at));
    }
  }
  closeList();
  return keys > 0 && others <= keys ? leaves : null;
}

function quotedKey(rest: string): readonly [string, string] | null {
  const quoted = quotedTextAt(rest, 0);
  const colon = quoted && /^\s{0,20}:(?=\s|$)/.exec(rest.slice(quoted.end, quoted.end + 30));
  return quoted && colon ? [rest.slice(0, quoted.end) + colon[0], quoted.value] : null;
}

/** The next line after a value that may go over several. */
const afterFlow = (text: string, node: ValueNode, at: number) => (node.end >= at ? endOfLine(text, node.end) + 1 : at);

function scalarOrFlow(text: string, start: number, value: (at: number) => ValueNode): ValueNode {
  const c = text[start];
  if (c === '[' || c === '{') return value(start);
  const quoted = quotedTextAt(text, start);
  if (quoted && (c === '"' || c === "'")) return { kind: 'scalar', value: quoted.value, start, end: quoted.end };
  const line = text.slice(start, endOfLine(text, start));
  const comment = line.search(/\s#/);
  const plain = (comment < 0 ? line : line.slice(0, comment)).trim();
  const end = start + plain.length;
  return /^[&*!]/.test(plain)
    ? { kind: 'other', start, end }
    : { kind: 'scalar', value: plainScalar(plain), start, end };
}
