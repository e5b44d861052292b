import { parseArgs } from 'node:util';
import type { DifferencePlan, DifferenceWay } from '../../src/adapters/file/checkpoints/lora-file.ts';
import type { ConvertTo, MergePlan, OutputType, ResizeWay } from '../../src/adapters/file/model.ts';
import type { GrowPlan } from '../../src/adapters/file/resize/grown-file.ts';
import { MAX_ALPHA } from '../../src/adapters/file/scaling.ts';
import { MAX_BUDGET } from '../../src/experiment/settings/bounds.ts';

/** One sentence for the error stream. */
export class CommandError extends Error {}

interface CommonOptions {
  readonly json: boolean;
  readonly config: string | null;
  readonly alpha: number | null;
}
interface WriteOptions extends CommonOptions {
  readonly out: string;
  readonly force: boolean;
  readonly dtype: OutputType | null;
}
export type Command =
  | (CommonOptions & {
      readonly does: 'info';
      readonly files: readonly [string];
      /** The model that the adapter was trained on, and whether its leading directions are wanted too. */
      readonly base: string | null;
      readonly leading: boolean;
    })
  | (WriteOptions & {
      readonly does: 'resize';
      readonly files: readonly [string];
      readonly way: ResizeWay;
      readonly split: 'both' | 'up';
    })
  | (CommonOptions & {
      readonly does: 'merge';
      readonly files: readonly string[];
      readonly plan: MergePlan;
      /** null: errors are foretold, and nothing is written. */
      readonly out: string | null;
      readonly force: boolean;
    })
  | (WriteOptions & {
      readonly does: 'grow';
      readonly files: readonly [string];
      readonly plan: GrowPlan;
    })
  | (WriteOptions & {
      readonly does: 'continue';
      /** The adapter, and what its ΔW is to become: another adapter's, or with a base that of a fine-tuned model. */
      readonly files: readonly [string, string];
      readonly base: string | null;
      /** null: every module that can be trained. */
      readonly module: string | null;
      readonly steps: number | null;
    })
  | (WriteOptions & { readonly does: 'convert'; readonly files: readonly [string]; readonly to: ConvertTo })
  | (CommonOptions & {
      readonly does: 'extract';
      readonly files: readonly [string, string];
      readonly intruders: boolean;
      /** null: figures alone. */
      readonly plan: DifferencePlan | null;
      /** null: errors are foretold, and nothing is written. */
      readonly out: string | null;
      readonly force: boolean;
    })
  | { readonly does: 'help' };

export const USAGE = `npm run --silent adapter -- COMMAND …

  info FILE
    [--base BASE]                 beside the model that it was trained on: ‖ΔW‖/‖W₀‖, alignment, what
                                  merging loses, and ΔW of DoRA
    [--leading]                   how much of ΔW is in the leading directions of W₀ too, with a bound
                                  beyond 512 on the shorter side; takes longer
  resize FILE WAY --out FILE      WAY is one of: --rank N  --energy 0.95  --sv-fro T
                                  --sv-cumulative T  --sv-ratio T  --bytes N  --server
  merge FILE FILE … --weights 1,0.5,… [--method cat|svd|linear|ties|dare]
    [--rank N] [--density D] [--seed N] [--out FILE]
                                  cat: exact, ranks add; svd: the sum cut to a rank; linear: PEFT's
                                  sum of factors; ties, dare: on the entries of ΔW, then cut to a
                                  rank; without --out the error and conflicts alone
  grow FILE --rank N [--seed N] --out FILE
                                  a higher rank with the same ΔW, to train on
  continue FILE TARGET --out FILE trains on from A and B of FILE towards ΔW of another adapter, module
    [--module NAME] [--steps N]   by module, as *Continue in the Lab* does
    [--base BASE]                 towards TARGET − BASE: TARGET is a fine-tuned model
  convert FILE --to peft|kohya|diffusers --out FILE
  extract BASE TUNED              two models: what changed, and its singular values
    [--intruders]                 intruder dimensions too, up to 4096 × 4096; takes longer than all else
    [--rank N | --energy 0.95 | --bytes N] [--to peft|kohya] [--dtype TYPE]
    [--out FILE]                  a LoRA cut from it; without --out its error alone

  --json                          figures as JSON
  --config FILE                   adapter_config.json; found by itself beside the file
  --alpha N                       α where the file does not say it
  --dtype F32|F16|BF16            type of the numbers that are written; as in the file without it
  --in-b                          resize: all of each singular value goes into B, not √σ into each factor
  --force                         an output that exists is written over

FILE is a .safetensors file; a PEFT folder or its zip will do as well. BASE and TUNED are a .safetensors file, a folder
with one or several, or its *.safetensors.index.json. Exit codes: 0 done, 2 not usable.`;

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean' },
  config: { type: 'string' },
  alpha: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean' },
  dtype: { type: 'string' },
  'in-b': { type: 'boolean' },
  rank: { type: 'string' },
  energy: { type: 'string' },
  'sv-fro': { type: 'string' },
  'sv-cumulative': { type: 'string' },
  'sv-ratio': { type: 'string' },
  bytes: { type: 'string' },
  server: { type: 'boolean' },
  weights: { type: 'string' },
  to: { type: 'string' },
  intruders: { type: 'boolean' },
  base: { type: 'string' },
  leading: { type: 'boolean' },
  method: { type: 'string' },
  density: { type: 'string' },
  seed: { type: 'string' },
  module: { type: 'string' },
  steps: { type: 'string' },
} as const;

type OptionValues = ReturnType<typeof parsed>['values'];
type OptionName = keyof typeof OPTIONS;

const COMMON: readonly OptionName[] = ['json', 'config', 'alpha'];
const WRITES: readonly OptionName[] = [...COMMON, 'out', 'force', 'dtype'];
const WAYS = {
  rank: (text) => ({ by: 'rank', rank: whole('rank', text) }),
  energy: (text) => ({ by: 'energy', share: share('energy', text) }),
  'sv-fro': (text) => ({ by: 'sv_fro', t: share('sv-fro', text) }),
  'sv-cumulative': (text) => ({ by: 'sv_cumulative', t: share('sv-cumulative', text) }),
  'sv-ratio': (text) => ({ by: 'sv_ratio', t: numberOf('sv-ratio', text, (n) => n >= 1, 'a number from 1') }),
  bytes: (text) => ({ by: 'bytes', bytes: whole('bytes', text) }),
  server: () => ({ by: 'served', share: 0.95 }),
} as const satisfies Record<string, (text: string) => ResizeWay>;
const WAY_NAMES = Object.keys(WAYS) as (keyof typeof WAYS)[];
const TAKES = {
  info: [...COMMON, 'base', 'leading'],
  resize: [...WRITES, ...WAY_NAMES, 'in-b'],
  merge: [...WRITES, 'weights', 'rank', 'method', 'density', 'seed'],
  grow: [...COMMON, 'out', 'force', 'rank', 'seed'],
  continue: [...COMMON, 'out', 'force', 'base', 'module', 'steps'],
  convert: [...WRITES, 'to'],
  extract: ['json', 'out', 'force', 'dtype', 'rank', 'energy', 'bytes', 'to', 'intruders'],
} as const satisfies Record<string, readonly OptionName[]>;
type CommandName = keyof typeof TAKES;

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
}

/** The parsed arguments. Throws CommandError with a sentence about the allowed values. */
export function readArguments(args: readonly string[]): Command {
  let given: ReturnType<typeof parsed>;
  try {
    given = parsed(args.flatMap(joinWeights));
  } catch (error) {
    throw new CommandError(firstSentence(error instanceof Error ? error.message : String(error)));
  }
  const { values, positionals } = given;
  const [does, ...files] = positionals;
  if (values.help || does === 'help' || args.length === 0) return { does: 'help' };
  if (!Object.hasOwn(TAKES, does ?? ''))
    throw new CommandError(
      `"${does ?? ''}" is no command; there are info, resize, merge, grow, continue, convert and extract (--help lists their options).`,
    );
  const command = does as CommandName;
  const strange = (Object.keys(values) as OptionName[]).find(
    (name) => !(TAKES[command] as readonly OptionName[]).includes(name),
  );
  if (strange) throw new CommandError(`${command} takes no --${strange}.`);
  const wanted = command === 'merge' || command === 'extract' || command === 'continue' ? 2 : 1;
  if (command === 'merge' ? files.length < 2 || files.length > MOST_FILES : files.length !== wanted)
    throw new CommandError(
      `${command} takes ${command === 'merge' ? `2 to ${MOST_FILES} files` : wanted === 1 ? 'one file' : 'two files'}; ${files.length} ${files.length === 1 ? 'is' : 'are'} named.`,
    );
  const common = {
    json: values.json ?? false,
    config: values.config ?? null,
    alpha:
      values.alpha === undefined ? null : numberOf('alpha', values.alpha, isAlpha, 'a number other than 0 up to 1e12'),
  };
  const [first, second] = files;
  if (command === 'extract') return { does: command, ...common, files: [first, second], ...differenceOf(values) };
  if (command === 'info') return { does: command, ...common, files: [first], ...besideOf(values) };
  if (command === 'merge') return { does: command, ...common, files, ...mergeOptions(values, files.length) };
  const writes = { ...common, ...writing(values) };
  if (command === 'resize')
    return { does: command, ...writes, files: [first], way: wayOf(values), split: values['in-b'] ? 'up' : 'both' };
  if (command === 'convert') return { does: command, ...writes, files: [first], to: convertTo(values.to) };
  if (command === 'continue') return { does: command, ...writes, files: [first, second], ...continuing(values) };
  if (values.rank === undefined) throw new CommandError('--rank N is missing: the rank to grow to.');
  return { does: command, ...writes, files: [first], plan: { rank: whole('rank', values.rank), seed: seedOf(values) } };
}

function besideOf(values: OptionValues) {
  const { base = null, leading = false } = values;
  if (leading && base === null) throw new CommandError('--leading needs --base BASE: the model with W₀.');
  return { base, leading };
}

const continuing = ({ base, module, steps }: OptionValues) => ({
  ...{ base: base ?? null, module: module ?? null },
  steps: steps === undefined ? null : numberOf('steps', steps, isBudget, `a whole number from 1 to ${MAX_BUDGET}`),
});
const isBudget = (n: number) => Number.isInteger(n) && n >= 1 && n <= MAX_BUDGET;

/** Files that are merged at a time. */
const MOST_FILES = 16;

/** "--weights -1,0.5" as "--weights=-1,0.5", since a value that begins with "-" is parsed as an option. */
function joinWeights(arg: string, i: number, all: readonly string[]): string[] {
  if (all[i - 1] === '--weights' && /^-[\d.]/.test(arg)) return [];
  const next = all[i + 1];
  return arg === '--weights' && next !== undefined && /^-[\d.]/.test(next) ? [`--weights=${next}`] : [arg];
}

const isAlpha = (n: number) => n !== 0 && Math.abs(n) <= MAX_ALPHA;

const firstSentence = (text: string) => text.split(/\.\s|\n/)[0].replace(/\.?$/, '.');

function numberOf(name: string, text: string, allowed: (n: number) => boolean, words: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || !allowed(value)) throw new CommandError(`--${name} ${text}: expected ${words}.`);
  return value;
}

const whole = (name: string, text: string) =>
  numberOf(name, text, (n) => Number.isInteger(n) && n >= 1, 'a whole number from 1');
const share = (name: string, text: string) =>
  numberOf(name, text, (n) => n > 0 && n <= 1, 'a number above 0, at most 1');

function wayOf(values: OptionValues): ResizeWay {
  const given = WAY_NAMES.filter((way) => values[way] !== undefined);
  if (given.length !== 1)
    throw new CommandError(
      `resize takes one of ${WAY_NAMES.map((way) => `--${way}`).join(', ')}; ${given.length === 0 ? 'none is' : `${given.length} are`} given.`,
    );
  return WAYS[given[0]](String(values[given[0]]));
}

const DIFFERENCE_WAYS = {
  rank: (text) => ({ by: 'rank', rank: numberOf('rank', text, isRank, `a whole number from 1 to ${MOST_RANK}`) }),
  energy: (text) => ({ by: 'energy', share: share('energy', text) }),
  bytes: WAYS.bytes,
} as const satisfies Record<string, (text: string) => DifferenceWay>;
const DIFFERENCE_NAMES = Object.keys(DIFFERENCE_WAYS) as (keyof typeof DIFFERENCE_WAYS)[];

/** Directions that are looked for in matrices beyond 1024 on both sides, at most. */
const MOST_RANK = 1024;
const isRank = (n: number) => Number.isInteger(n) && n >= 1 && n <= MOST_RANK;

function differenceOf(values: OptionValues) {
  const { out = null, to: names = 'peft', force = false, intruders = false } = values;
  const given = DIFFERENCE_NAMES.filter((way) => values[way] !== undefined);
  const all = DIFFERENCE_NAMES.map((way) => `--${way}`).join(', ');
  if (given.length > 1) throw new CommandError(`extract takes one of ${all}; ${given.length} are given.`);
  if (given.length === 0) {
    const needless = (['out', 'to', 'dtype'] as const).find((name) => values[name] !== undefined);
    if (needless) throw new CommandError(`--${needless} needs one of ${all}: how a LoRA is cut.`);
    return { out, force, intruders, plan: null };
  }
  if (names !== 'peft' && names !== 'kohya') throw new CommandError(`--to ${names}: expected peft or kohya.`);
  if (out !== null) checkName(out);
  const [way] = given;
  const plan = { way: DIFFERENCE_WAYS[way](String(values[way])), names, dtype: typeOf(values.dtype) } as const;
  return { out, force, intruders, plan };
}

function writing(values: OptionValues) {
  const { out } = values;
  if (!out) throw new CommandError('--out FILE is missing: where the new file goes.');
  checkName(out);
  return { out, force: values.force ?? false, dtype: typeOf(values.dtype) };
}

function checkName(out: string): void {
  if (!out.endsWith('.safetensors'))
    throw new CommandError(`--out ${out}: expected a name that ends with .safetensors.`);
}

function typeOf(dtype: string | undefined): OutputType | null {
  const type = dtype?.toUpperCase() ?? null;
  if (type !== null && type !== 'F32' && type !== 'F16' && type !== 'BF16')
    throw new CommandError(`--dtype ${dtype}: expected F32, F16 or BF16.`);
  return type;
}

function convertTo(to: string | undefined): ConvertTo {
  if (to === 'peft' || to === 'kohya' || to === 'diffusers') return to;
  throw new CommandError(
    to === undefined ? '--to is missing: peft, kohya or diffusers.' : `--to ${to}: expected peft, kohya or diffusers.`,
  );
}

const METHODS = ['cat', 'svd', 'linear', 'ties', 'dare'] as const;
type MethodName = (typeof METHODS)[number];

/** The share of entries that each keeps unless a density is given: the 20% of the paper of TIES, a half for DARE. */
const DENSITY: Readonly<Record<MethodName, number | null>> = {
  cat: null,
  svd: null,
  linear: null,
  ties: 0.2,
  dare: 0.5,
};

function mergeOptions(values: OptionValues, files: number) {
  const { out = null, force = false } = values;
  if (out !== null) checkName(out);
  const rank = values.rank === undefined ? null : whole('rank', values.rank);
  const method = methodOf(values.method ?? (rank === null ? 'cat' : 'svd'));
  const usual = DENSITY[method];
  if (method === 'svd' && rank === null) throw new CommandError('--method svd needs --rank N: the rank of the sum.');
  if (rank !== null && (method === 'cat' || method === 'linear'))
    throw new CommandError(
      `--method ${method} takes no --rank: ${method === 'cat' ? 'ranks add' : 'it keeps that of the files'}.`,
    );
  const needless = (['density', 'seed'] as const).find((name) => {
    return values[name] !== undefined && (name === 'seed' ? method !== 'dare' : usual === null);
  });
  if (needless) throw new CommandError(`--method ${method} takes no --${needless}.`);
  const plan: MergePlan = {
    weights: weightsOf(values.weights, files),
    method: method === 'cat' || method === 'svd' ? 'sum' : method,
    rank,
    density: values.density === undefined ? (usual ?? 1) : share('density', values.density),
    seed: seedOf(values),
    others: 'carried',
    dtype: typeOf(values.dtype),
  };
  return { out, force, plan };
}

function methodOf(text: string): MethodName {
  const method = METHODS.find((name) => name === text);
  if (!method)
    throw new CommandError(`--method ${text}: expected ${METHODS.slice(0, -1).join(', ')} or ${METHODS.at(-1)}.`);
  return method;
}

const seedOf = ({ seed }: OptionValues): number =>
  seed === undefined ? 0 : numberOf('seed', seed, Number.isSafeInteger, 'a whole number of up to 53 bits');

const COUNTS = ['two', 'three', 'four'];

function weightsOf(text: string | undefined, files: number): readonly number[] {
  const words = `${COUNTS[files - 2] ?? files} numbers with ${files === 2 ? 'a comma' : 'commas'}`;
  const example = `"${[1, 0.5, ...new Array(files).fill(1)].slice(0, files).join(',')}"`;
  if (text === undefined) throw new CommandError(`--weights is missing: ${words}, ${example}.`);
  const parts = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length !== files || !parts.every(Number.isFinite))
    throw new CommandError(`--weights ${text}: expected ${words}, ${example}.`);
  return parts;
}
