import { number } from '../../../experiment/numbers.ts';
import { CASE_NAMES, type CaseName } from '../../cases/case.ts';
import { diagnose } from '../diagnose.ts';
import { FIELD_NAMES, FIELDS, TOOLS, type Tool } from '../fields.ts';
import { MAX_LOSSES, MIN_LOSSES } from '../losses.ts';
import { MAX_TEXT } from '../read.ts';
import { MAX_DEPTH } from '../syntax/node.ts';
import { type MadeUp, madeUp } from './made-up.ts';
import { PUBLISHED, PUBLISHED_LOGS } from './published.ts';

/** Counts over seeds 1 to 60; `ALL_SEEDS=1` makes them again. */
export const OVER_SEEDS = { seeds: 60, first: 2938, three: 40, wrong: 0, accused: 0 } as const;

/** The seed of the table in the docs. */
export const DOCS_SEED = 1;

export type Outcome = 'first' | 'within three' | 'wrong' | 'nothing found';

export interface Judged extends MadeUp {
  readonly named: readonly CaseName[];
  readonly outcome: Outcome;
}

/** What `diagnose` names of each made-up paste. Of the healthy, 'nothing found' is right and all else is wrong. */
export function judged(seed: number): readonly Judged[] {
  return madeUp(seed).map((one) => {
    const found = diagnose(one.text);
    const named = found.kind === 'read' ? found.hits.map(({ name }) => name) : [];
    const at = one.is === null ? -1 : named.indexOf(one.is);
    const outcome = named.length === 0 ? 'nothing found' : at < 0 ? 'wrong' : at === 0 ? 'first' : 'within three';
    return { ...one, named, outcome };
  });
}

export const countOf = (all: readonly Judged[], outcome: Outcome) =>
  all.filter((one) => one.outcome === outcome).length;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (keys: readonly string[] = []) => keys.map((key) => `\`${key}\``).join(' ');

/** Keys of a field in the words of a tool; PEFT and LLaMA-Factory have those of TrainingArguments, too. */
function keysOf(field: (typeof FIELD_NAMES)[number], tool: Tool): string {
  const keys: { readonly [name in Tool | 'trainer']?: readonly string[] } = FIELDS[field].keys;
  const trainer = tool === 'peft' || tool === 'llamafactory' ? (keys.trainer ?? []) : [];
  return code([...new Set([...(keys[tool] ?? []), ...trainer])]);
}

const OUTCOMES: readonly Outcome[] = ['first', 'within three', 'wrong', 'nothing found'];

export function readersPage(all: readonly Judged[]): string {
  const ill = all.filter(({ is }) => is !== null);
  const healthy = all.filter(({ is }) => is === null);
  const tools = Object.keys(TOOLS) as readonly Tool[];
  const sources = [...Object.values(PUBLISHED).flat(), ...PUBLISHED_LOGS].map(({ source }) => source);
  return `# What *Paste your own* reads

The clinic reads a pasted config, command or list of losses on the device, and names the complaints that fit by rules. This page is written by
\`src/clinic/reader/readers-page.test.ts\` from the tables that the readers use (\`UPDATE_DOCS=1 npx vitest run readers-page\`).

## Formats

| what | how it is recognised | what is left out |
| --- | --- | --- |
| JSON: adapter_config.json, TrainingArguments, trainer_state.json | a line that begins with a brace, or a list of maps at the start; NaN, Infinity, single quotes and a comma at the end are allowed. Settings of another syntax around it are read, too; of one setting, the first | a third syntax |
| Python: \`LoraConfig(…)\`, \`TrainingArguments(…)\`, \`SFTConfig(…)\`, \`add_weighted_adapter(…)\` and others | the calls; names that were assigned a value before, and products such as \`2*r\` | all other code: nothing is run |
| commands: \`accelerate launch … --network_dim 32\`, \`llamafactory-cli train --lora_rank 8\` | options with a space or =, quotes, lines continued by a backslash, ^ or a backtick | variables of the shell |
| TOML of kohya | keys and tables | dates; lines that are none are passed over |
| YAML of axolotl and LLaMA-Factory | maps, lists, flow style, quotes, comments | aliases, anchors and tags are not followed |
| losses: CSV with or without a head, one a line, lines of a log, progress bars of kohya | numbers, also with commas in one line or in brackets; \`loss\` before a number; columns named loss, value or after ranks or methods, or one that stands alone; held-out losses by their name. Settings may stand above and below | the last record of a Trainer, which repeats the mean; other columns |
| prompts: \`<lora:name:0.8>\` | the brackets | |

At most ${MAX_TEXT.toLocaleString('en')} characters, ${MAX_LOSSES.toLocaleString('en')} losses (at least ${MIN_LOSSES}) and ${MAX_DEPTH} values inside one another. The readers are the page's own and not a library's:
each setting must know its place in the text, to be underlined. The library yaml 2.9.1 knows places and has 30.3 kB (gzip); smol-toml 1.9.1 (5.2 kB) and js-yaml 5.5.0 (13.7 kB) give values without places.

## Settings

Each is read in the words of the tool whose keys the text has most of.

${table(
  ['setting', ...tools.map((tool) => TOOLS[tool])],
  FIELD_NAMES.map((field) => [FIELDS[field].what, ...tools.map((tool) => keysOf(field, tool))]),
)}

A setting that is missing has the default of its tool where a rule needs it: kohya α = 1 and rate 2·10⁻⁶, PEFT α = 8, LLaMA-Factory α = 2r.

## How often it is right

${ill.length} made-up pastes of people with a complaint, five for each, and ${healthy.length} without: settings drawn at random around what the complaint describes, losses of the
page's own runs with noise. They were written from the descriptions, not from the rules; the rules were improved three times: after a first look at this table (44 of 60 were right first), after the published examples below, and after logs of pure noise were taken for stairs; and the templates
are the same for every seed. So the table says what the rules can tell apart, not how often strangers will be helped.

${table(
  ['complaint', ...OUTCOMES],
  [
    ...CASE_NAMES.map((name) => {
      const five = ill.filter(({ is }) => is === name);
      return [name, ...OUTCOMES.map((outcome) => String(countOf(five, outcome)))];
    }),
    ['all', ...OUTCOMES.map((outcome) => `${countOf(ill, outcome)}`)],
    ['healthy', '', '', String(countOf(healthy, 'wrong')), String(countOf(healthy, 'nothing found'))],
  ],
)}

First right: ${number(countOf(ill, 'first') / ill.length, 2)}; among three: ${number((countOf(ill, 'first') + countOf(ill, 'within three')) / ill.length, 2)}. Over seeds 1 to ${OVER_SEEDS.seeds}: ${OVER_SEEDS.first.toLocaleString('en')} of ${(60 * OVER_SEEDS.seeds).toLocaleString('en')} first, ${OVER_SEEDS.three} among three,
${OVER_SEEDS.wrong} wrong; ${OVER_SEEDS.accused} of ${(20 * OVER_SEEDS.seeds).toLocaleString('en')} healthy ones accused.

For these it finds nothing, and most cannot be told from what was pasted:

${ill
  .filter(({ outcome }) => outcome === 'nothing found')
  .map(({ is, what }) => `- ${is}: ${what}`)
  .join('\n')}

## Published examples

All YAML, Python, shell, TOML, JSON and Markdown files in the examples and docs of LLaMA-Factory, axolotl, PEFT and sd-scripts (kohya) were read once, on 2 December 2026; they are not kept here. 535 of 704 have a setting or a loss.
33 of these are accused: 15 of a rate of 10⁻⁵ or less (two train the whole model and only name LoRA's settings), 11 of saving embeddings or a rank of 128 and more, 5 of a warm-up of 30 to 50% of a run of 5 to 20 steps, 2 of r = 64 and 85 with α = 8.

In tests some keys and values of these are read, in the syntax of the file; recommended ones are not accused:

${sources.map((source) => `- ${source}`).join('\n')}
`;
}
