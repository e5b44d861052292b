import { count } from '../../experiment/numbers.ts';
import { type PastedSettings, settingsOf, TOOLS, type Tool } from './fields.ts';
import { lossesOfList, lossesOfTable } from './loss-tables.ts';
import { LOG_LINE, type LossLog, lossesOfLines, lossesOfRecords, MIN_LOSSES } from './losses.ts';
import { readCommand } from './syntax/command.ts';
import { literals } from './syntax/literals.ts';
import { type Leaf, leavesOf, type Span, TooDeep } from './syntax/node.ts';
import { holdsCalls, readPython } from './syntax/python.ts';
import { readToml } from './syntax/toml.ts';
import { readYaml } from './syntax/yaml.ts';

/** How the settings are written. */
export type Syntax = 'JSON' | 'Python' | 'command' | 'TOML' | 'YAML' | 'list of settings';

/** A weight of an adapter in a prompt: `<lora:name:0.8>`. */
export interface PromptWeight extends Span {
  readonly name: string;
  readonly weight: number;
}

/** The one form that everything pasted is brought into. Each setting knows the place it was read from. */
export interface PastedRun {
  readonly tool: Tool | null;
  readonly syntax: Syntax | null;
  /** Of a second part of the text. */
  readonly otherSyntax: Syntax | null;
  readonly settings: PastedSettings;
  readonly losses: LossLog | null;
  readonly promptWeights: readonly PromptWeight[];
  /** Places that print lora_B or lora_up as zeros, or say that nothing is trained. */
  readonly zeros: readonly Span[];
  readonly untrained: readonly Span[];
}

export interface PasteRefusal {
  readonly refused: string;
}

/** UTF-16 units of text. */
export const MAX_TEXT = 500_000;

const ALLOWED =
  'What can be read: a config (adapter_config.json, Python, TOML, YAML), a training command, or losses: a CSV file, one a line, a log, trainer_state.json.';

/** Never throws; takes time that grows with the length of the text. */
export function readPasted(text: string): PastedRun | PasteRefusal {
  if (text.trim() === '') return { refused: `Nothing was pasted. ${ALLOWED}` };
  if (text.length > MAX_TEXT)
    return {
      refused: `This is longer than ${count(MAX_TEXT)} characters, the most that is read. Paste the part with the settings or the losses.`,
    };
  if (text.includes('\0') || text.includes('\ufffd\ufffd'))
    return { refused: `This is not text. An adapter file (.safetensors) can be chosen or dropped. ${ALLOWED}` };
  try {
    const inside = insideFences(text);
    const found = inside === null ? null : read(inside);
    return found && !('refused' in found) ? found : read(text);
  } catch (error) {
    if (error instanceof TooDeep)
      return { refused: 'Here more than 32 values lie inside one another. No config is so deep; at most 32 are read.' };
    throw error;
  }
}

function read(text: string): PastedRun | PasteRefusal {
  const listed = lossesOfList(text);
  const inTable = lossesOfTable(text);
  // Rows of a table end in numbers, too: a list is what is longer.
  const numbers =
    inTable && listed ? (longest(listed.log) > longest(inTable.log) ? listed : inTable) : (inTable ?? listed);
  // Settings may stand above and below a table.
  const parts = partsOf(numbers ? without(text, [numbers.block]) : text);
  const [main, other] = [...parts].sort((a, b) => (b.found?.count ?? 0) - (a.found?.count ?? 0));
  // The part that comes first wins: of one setting, the last is taken.
  const found = other?.found ? settingsOf(parts.toReversed().flatMap(({ leaves }) => leaves)) : (main?.found ?? null);
  const json = parts.find(({ syntax }) => syntax === 'JSON');
  const run: PastedRun = {
    tool: found?.tool ?? null,
    syntax: found && main ? main.syntax : null,
    otherSyntax: other?.found ? other.syntax : null,
    settings: found?.settings ?? {},
    losses: numbers?.log ?? (json ? lossesOfRecords(json.leaves) : null) ?? lossesOfLines(text),
    promptWeights: promptWeights(text),
    zeros: printedZeros(text),
    untrained: notices(text),
  };
  const any = run.tool || run.losses || run.promptWeights.length + run.zeros.length + run.untrained.length > 0;
  if (any) return run;
  const none = /\bloss/i.test(text)
    ? `No setting was found in this, and fewer than ${MIN_LOSSES} losses: too few to say anything.`
    : 'No setting and no list of losses was found in this.';
  return { refused: `${none} ${ALLOWED}` };
}

const longest = ({ series }: LossLog) => series.reduce((most, { values }) => Math.max(most, values.length), 0);

/** Some places blank, so that no other moves. In order and apart. */
function without(text: string, places: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of places) {
    parts.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, ' '));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

interface SyntaxReading {
  readonly syntax: Syntax;
  readonly leaves: readonly Leaf[];
  readonly found: ReturnType<typeof settingsOf>;
}

/** JSON and what stands around it are two parts, in their order; any other text is one. */
function partsOf(text: string): readonly SyntaxReading[] {
  const json = readJson(text);
  const records = json?.leaves.some(({ inList }) => inList) ?? false;
  const found = json && settingsOf(json.leaves);
  if (!json || (!found && !records)) return [bestReading(text)].filter((one) => one !== null);
  const part: SyntaxReading = { syntax: 'JSON', leaves: json.leaves, found };
  const other = bestReading(without(text, json.places));
  if (!other?.found) return [part];
  return other.found.count > 0 && other.leaves[0].start < json.places[0].start ? [other, part] : [part, other];
}

/** A text fits several syntaxes; the one in which most settings are known is meant. */
function bestReading(text: string): SyntaxReading | null {
  let best: SyntaxReading | null = null;
  const settings = withoutLogs(text);
  for (const [syntax, reader] of Object.entries(READERS) as readonly [
    Exclude<Syntax, 'JSON'>,
    (text: string) => readonly Leaf[] | null,
  ][]) {
    const leaves = reader(settings);
    if (!leaves || leaves.length === 0) continue;
    const found = settingsOf(leaves);
    if (!best || (found?.count ?? 0) > (best.found?.count ?? 0)) best = { syntax, leaves, found };
  }
  return best;
}

/** Settings without a frame are a few lines. */
const LONGEST_LIST = 20_000;

const READERS = {
  Python: (text) => (holdsCalls(text) ? readPython(text) : null),
  command: (text) => (/(^|\s)--[A-Za-z]/.test(text) ? readCommand(text) : null),
  TOML: (text) => (text.includes('=') ? readToml(text) : null),
  YAML: (text) => (/:\s/.test(text) ? readYaml(text) : null),
  'list of settings': (text) =>
    /[=:]/.test(text) && text.length < LONGEST_LIST ? leavesOf(literals(text).entries(0, '', '')) : null,
} satisfies Record<Exclude<Syntax, 'JSON'>, (text: string) => readonly Leaf[] | null>;

interface JsonValues {
  readonly leaves: readonly Leaf[];
  /** Of each value as a whole. */
  readonly places: readonly Span[];
}

/** Values one after another: a file, or a config and a log. Words around them are passed over; null: no line begins with one. */
function readJson(text: string): JsonValues | null {
  const { value, skip } = literals(text);
  const leaves: Leaf[] = [];
  const places: Span[] = [];
  let at = skip(0);
  const opens = text[at] === '{' || (text[at] === '[' && /^\[\s*(\{|$)/.test(text.slice(at, at + 200)));
  if (!opens) at = text.search(/^\{/m);
  if (at < 0) return null;
  for (let pieces = 0; at < text.length && pieces < 20_000; pieces++) {
    const node = value(at);
    places.push({ start: at, end: node.end });
    // Lines of a log: their rates are not settings.
    const record = node.kind === 'map' && node.entries.some(({ key }) => /(^|_)loss$/.test(key));
    for (const leaf of leavesOf(node, record || pieces > 0 ? [String(pieces)] : []))
      leaves.push(record ? { ...leaf, inList: true } : leaf);
    const rest = nextBrace(text, node.end);
    at = rest < 0 ? text.length : rest;
  }
  return { leaves, places };
}

/** At the beginning of a line, or after another value: a brace of other code is none. */
function nextBrace(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    const before = text.slice(Math.max(0, at - 40), at);
    if (/(^|[\n}\],])[ \t\r]*$/.test(before)) return at;
  }
  return -1;
}

/** Lines with losses hold rates, too, that are no settings: they become blank. */
function withoutLogs(text: string): string {
  if (!/loss/i.test(text)) return text;
  return text
    .split('\n')
    .map((line) => (LOG_LINE.test(line) ? ' '.repeat(line.length) : line))
    .join('\n');
}

/** The blocks of code of a text in Markdown, all else blank, so that no place moves. Null: it has none. */
function insideFences(text: string): string | null {
  let inside = false;
  let any = false;
  const lines = text.split('\n').map((line) => {
    const fence = /^[ \t]{0,8}```/.test(line);
    if (fence) inside = !inside;
    any ||= fence;
    return inside && !fence ? line : ' '.repeat(line.length);
  });
  return any ? lines.join('\n') : null;
}

const PROMPT = /<lora:([^:<>\n]{1,200}):([+-]?\d{0,4}(?:\.\d{1,8})?)[^<>\n]{0,60}>/g;

function promptWeights(text: string): readonly PromptWeight[] {
  const found: PromptWeight[] = [];
  for (const hit of text.matchAll(PROMPT)) {
    const weight = Number(hit[2] || 'x');
    if (Number.isFinite(weight) && found.length < 50)
      found.push({ name: hit[1], weight, start: hit.index, end: hit.index + hit[0].length });
  }
  return found;
}

/** PEFT's print_trainable_parameters, and kohya's count of modules. */
const UNTRAINED = /trainable params:? ?0(?![\d,.])|create LoRA for (?:U-Net|Text Encoder[ \d]{0,2}): 0 modules/gi;

const MOST_PLACES = 20;

function notices(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const hit of text.matchAll(UNTRAINED))
    if (found.length < MOST_PLACES) found.push({ start: hit.index, end: hit.index + hit[0].length });
  return found;
}

/** Lines that print a factor B: `lora_B.default.weight tensor([[0., 0.`, "lora_up … max 0.0". All numbers of the line are 0. */
function printedZeros(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const hit of text.matchAll(/lora_(?:B|up)\b/g)) {
    if (found.length >= MOST_PLACES) break;
    const rest = /^[\w.]{0,80}["']?([^\n]{0,300})/.exec(text.slice(hit.index + hit[0].length, hit.index + 400));
    if (!rest) continue;
    const numbers = rest[1].replace(/cuda:\d/g, '').match(/\d{1,20}(?:\.\d{0,20})?/g);
    if (numbers?.every((one) => Number(one) === 0))
      found.push({ start: hit.index, end: hit.index + hit[0].length + rest[0].trimEnd().length });
  }
  return found;
}

/** What was looked at, for "nothing found": "a PEFT config (Python): r = 16, lora_alpha = 32; 120 losses". */
export function lookedAt(run: PastedRun): readonly string[] {
  const looked: string[] = [];
  const settings = Object.values(run.settings).sort((a, b) => a.start - b.start);
  if (run.tool)
    looked.push(
      `${settings.length} ${settings.length === 1 ? 'setting' : 'settings'} in the words of ${TOOLS[run.tool]} (${[run.syntax, run.otherSyntax].filter(Boolean).join(' and ')}): ${settings.map(({ key }) => key.replace(/\(\)$/, '')).join(', ')}`,
    );
  for (const { name, values } of run.losses?.series ?? [])
    looked.push(`${values.length.toLocaleString('en')} values of ${name}`);
  if (run.losses?.rates) looked.push(`the rate of ${run.losses.rates.values.length} steps`);
  if (run.losses?.norms) looked.push(`the norm of the gradient of ${run.losses.norms.values.length} steps`);
  const printed = run.zeros.length + run.untrained.length;
  if (printed > 0) looked.push(`${printed} ${printed === 1 ? 'line' : 'lines'} about factors and trained parameters`);
  if (run.promptWeights.length > 0)
    looked.push(
      `the weights of ${run.promptWeights.length === 1 ? 'an adapter' : `${run.promptWeights.length} adapters`} in a prompt`,
    );
  return looked;
}
