import { literals, quotedTexts } from './literals.ts';
import { type Leaf, leavesOf, type ValueNode } from './node.ts';

/** Calls whose arguments are settings, by the last part of their name. */
const CALLS = new Set([
  ...['LoraConfig', 'AdaLoraConfig', 'LoHaConfig', 'LoKrConfig', 'OFTConfig', 'BOFTConfig', 'VeraConfig', 'IA3Config'],
  ...['FourierFTConfig', 'HRAConfig', 'VBLoRAConfig', 'RandLoraConfig', 'BoneConfig'],
  ...['TrainingArguments', 'Seq2SeqTrainingArguments', 'SFTConfig', 'DPOConfig', 'ORPOConfig', 'KTOConfig'],
  ...['GRPOConfig', 'PPOConfig', 'RewardConfig', 'UnslothTrainingArguments'],
  ...['BitsAndBytesConfig', 'from_pretrained', 'get_peft_model', 'save_pretrained'],
  ...['merge_and_unload', 'add_weighted_adapter', 'set_adapters', 'fuse_lora', 'EarlyStoppingCallback'],
]);

/** Optimisers that are made by name: `torch.optim.SGD(model.parameters(), lr=0.02)`. */
const OPTIMISERS = new Set(['SGD', 'Adam', 'AdamW', 'AdamW8bit', 'PagedAdamW8bit', 'Adafactor', 'Lion', 'Prodigy']);

const MAX_CALLS = 200;

/** The settings of the calls above, names assigned before put in; calls inside calls are found, too. */
export function readPython(text: string): readonly Leaf[] {
  const names = new Map<string, ValueNode>();
  const { entries, value, skip } = literals(text, names);
  const stringAt = quotedTexts(text);
  const leaves: Leaf[] = [];
  let calls = 0;
  /** Characters of arguments, nested calls counted again: it bounds the time. */
  let read = 0;
  /** Only in a line that begins with a name at no depth is "=" an assignment. */
  let lineStart = true;
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const c = text[i];
    const quoted = c === '"' || c === "'" ? stringAt(i) : null;
    if (quoted) i = quoted.end;
    else if (c === '#') {
      const end = text.indexOf('\n', i);
      i = end < 0 ? text.length : end;
    } else if (/[A-Za-z_]/.test(c)) {
      const end = wordEnd(text, i);
      const word = text.slice(i, end);
      const short = word.slice(word.lastIndexOf('.') + 1);
      const at = skip(end);
      if (
        text[at] === '(' &&
        (CALLS.has(short) || OPTIMISERS.has(short)) &&
        calls < MAX_CALLS &&
        read <= 3 * text.length
      ) {
        calls++;
        const node = entries(at, ')', short);
        read += node.end - node.start;
        leaves.push(...callLeaves(short, i, node));
      } else if (lineStart && depth === 0 && text[at] === '=' && text[at + 1] !== '=') {
        const node = value(at + 1);
        if (node.kind === 'scalar' || node.kind === 'list') {
          names.set(word, node);
          leaves.push({ path: [word], place: '', inList: false, node, start: i, end: node.end });
        }
      }
      i = end;
    } else {
      if (c === '(' || c === '[' || c === '{') depth++;
      else if (c === ')' || c === ']' || c === '}') depth = Math.max(0, depth - 1);
      i++;
    }
    lineStart = c === '\n' || (lineStart && (c === ' ' || c === '\t'));
  }
  return leaves;
}

function callLeaves(call: string, start: number, node: Extract<ValueNode, { kind: 'map' }>): readonly Leaf[] {
  const span = { start, end: start + call.length };
  const leaf = (key: string, value: string | true): Leaf => {
    const of: ValueNode = { kind: 'scalar', value, start, end: wordSpan(start, node.start) };
    return { path: [key], place: call, inList: false, node: of, ...span, end: of.end };
  };
  const own = OPTIMISERS.has(call) ? leaf('optim', call) : leaf(`${call}()`, true);
  return [own, ...leavesOf(node, [], call)];
}

/** Up to the opening bracket. */
const wordSpan = (start: number, bracket: number) => Math.max(start + 1, bracket);

function wordEnd(text: string, start: number): number {
  let i = start;
  while (i < text.length && /[\w.]/.test(text[i])) i++;
  return i;
}

/** Whether one of the calls stands in the text. */
export function holdsCalls(text: string): boolean {
  for (const call of CALLS) if (new RegExp(`\\b${call}\\s{0,4}\\(`).test(text)) return true;
  return /\boptim\.\w{2,20}\(/.test(text);
}
