import type { Setting, Tool } from '../fields.ts';
import type { PastedRun } from '../read.ts';
import type { Span } from '../syntax/node.ts';

/** How an optimiser treats the size of a gradient: `sgd` feels it, `adam` does not, `free` sets its rate itself. */
export type OptimiserSense = 'sgd' | 'adam' | 'free';

/** A value that a rule uses, and the places it was read from; `assumed`: the tool's default, because it is not set. */
export interface Fact<T> {
  readonly value: T;
  readonly places: readonly Span[];
  readonly assumed: boolean;
}

const read = <T>(setting: Setting<T>): Fact<T> => ({ value: setting.value, places: [setting], assumed: false });

/** Source: `--network_alpha` (default 1) and `--learning_rate` (2·10⁻⁶) of sd-scripts; LoraConfig (r = α = 8). */
const DEFAULT_ALPHA: Readonly<Record<Tool, ((rank: number) => number) | null>> = {
  kohya: () => 1,
  peft: () => 8,
  llamafactory: (rank) => 2 * rank,
  axolotl: null,
};
const KOHYA_RATE = 2e-6;

export interface ConfigFacts {
  readonly rank: Fact<number> | null;
  readonly alpha: Fact<number> | null;
  /** s = α/r or α/√r. */
  readonly scale: Fact<number> | null;
  readonly rslora: boolean;
  /** The largest of the rates that are set. */
  readonly rate: Fact<number> | null;
  readonly optimiser: Fact<OptimiserSense>;
  readonly optimiserName: string;
  /** Of the whole run, if it says so. */
  readonly steps: Fact<number> | null;
  /** Steps of warm-up over steps of the run. */
  readonly warmup: Fact<number> | null;
  /** The kind of adapter if it is not plain LoRA: "DoRA", "LoKr", "OFT" …  */
  readonly variant: Fact<string> | null;
  /** On pairs of answers, or by reward: rates are a tenth of those of plain training. */
  readonly preference: boolean;
  /** Something says that factors are trained, and not the whole model. */
  readonly adapter: boolean;
}

/** Not "full", "freeze", "none". */
const ADAPTERS = /lora|loha|lokr|lycoris|oft|vera|ia3|dora|fourier|hra|networks\./i;

export function configFacts({ tool, settings }: PastedRun): ConfigFacts {
  const rank = settings.rank && settings.rank.value > 0 ? read(settings.rank) : null;
  // Other methods of PEFT have other defaults.
  const defaults = tool !== 'peft' || settings.rank?.place === 'LoraConfig';
  const alpha = alphaOf(defaults ? tool : null, settings.alpha, rank);
  const rslora = settings.rslora?.value === true;
  const optimiserName = (settings.optimiser?.value ?? 'AdamW').replace(/^sgd$/, 'SGD');
  const optimiser: Fact<OptimiserSense> = settings.optimiser
    ? { ...read(settings.optimiser), value: kindOf(settings.optimiser.value) }
    : { value: 'adam', places: [], assumed: true };
  const rates = [settings.rate, settings.unetRate, settings.unetRate ? undefined : settings.textRate].filter(
    (rate) => rate !== undefined,
  );
  const largest = rates.reduce<Setting<number> | null>(
    (best, rate) => (best && best.value >= rate.value ? best : rate),
    null,
  );
  const assumesRate = tool === 'kohya' && !largest && settings.method;
  const steps = settings.steps && settings.steps.value > 0 ? read(settings.steps) : null;
  return {
    rank,
    alpha,
    scale:
      rank && alpha
        ? {
            value: alpha.value / (rslora ? Math.sqrt(rank.value) : rank.value),
            places: [...alpha.places, ...rank.places],
            assumed: alpha.assumed,
          }
        : null,
    rslora,
    rate: largest
      ? read(largest)
      : assumesRate && settings.method
        ? { value: KOHYA_RATE, places: [settings.method], assumed: true }
        : null,
    optimiser,
    optimiserName,
    steps,
    warmup: warmupOf(settings.warmupRatio, settings.warmupSteps, steps),
    variant: variantOf(settings),
    preference:
      settings.preference !== undefined ||
      (tool === 'axolotl' && settings.stage !== undefined) ||
      /dpo|kto|ppo|orpo|grpo|simpo|ipo|rm\b|reward/i.test(settings.stage?.value ?? ''),
    adapter: settings.method
      ? tool === 'kohya' || ADAPTERS.test(settings.method.value)
      : rank !== null || settings.alpha !== undefined || settings.targets !== undefined,
  };
}

function alphaOf(
  tool: Tool | null,
  alpha: Setting<number> | undefined,
  rank: Fact<number> | null,
): Fact<number> | null {
  if (alpha) return read(alpha);
  const make = tool && DEFAULT_ALPHA[tool];
  return make && rank ? { value: make(rank.value), places: [], assumed: true } : null;
}

function kindOf(name: string): OptimiserSense {
  if (/prodigy|dadapt|d-adapt|schedulefree.*prodigy/i.test(name)) return 'free';
  return /sgd/i.test(name) ? 'sgd' : 'adam';
}

function warmupOf(
  ratio: Setting<number> | undefined,
  warmupSteps: Setting<number> | undefined,
  steps: Fact<number> | null,
): Fact<number> | null {
  if (warmupSteps && warmupSteps.value > 0) {
    // A number below 1 is a share in kohya and in later versions of the Trainer.
    if (warmupSteps.value < 1) return read(warmupSteps);
    return steps && { value: warmupSteps.value / steps.value, places: [warmupSteps, ...steps.places], assumed: false };
  }
  return ratio && ratio.value > 0 ? read(ratio) : null;
}

const VARIANTS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/boft/i, 'BOFT'],
  [/oft/i, 'OFT'],
  [/lokr/i, 'LoKr'],
  [/loha/i, 'LoHa'],
  [/vera/i, 'VeRA'],
  [/\bia3\b|\(ia\)/i, '(IA)³'],
  [/fourierft/i, 'FourierFT'],
  [/vblora/i, 'VB-LoRA'],
  [/dylora/i, 'DyLoRA'],
  [/\bhra\b/i, 'HRA'],
];

function variantOf({ method, dora, networkArgs }: PastedRun['settings']): Fact<string> | null {
  if (dora?.value) return { value: 'DoRA', places: [dora], assumed: false };
  const algorithm = networkArgs?.value.find((arg) => /^(algo|dora_wd)=/i.test(arg));
  for (const [pattern, name] of VARIANTS) {
    if (method && pattern.test(method.value)) return { value: name, places: [method], assumed: false };
    if (networkArgs && algorithm && pattern.test(algorithm))
      return { value: name, places: [networkArgs], assumed: false };
  }
  return networkArgs && /^dora_wd=true$/i.test(algorithm ?? '')
    ? { value: 'DoRA', places: [networkArgs], assumed: false }
    : null;
}
