import type { AdapterConfig, Fault } from './model.ts';

/** Characters of adapter_config.json: PEFT writes a few thousand, with a pattern for every module some hundred thousand. */
const MOST = 10_000_000;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** 1e999 is infinite in JSON: what is too large is said of each module. */
const anyNumber = (value: unknown) => (typeof value === 'number' ? value : null);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const patterns = (value: unknown) =>
  isObject(value)
    ? Object.entries(value).flatMap(([pattern, of]) => {
        const n = anyNumber(of);
        return n === null ? [] : [[pattern, n] as const];
      })
    : [];

/** Reads adapter_config.json of PEFT or MLX. */
export function readConfig(text: string): AdapterConfig | Fault {
  if (text.length > MOST) {
    return {
      fault: 'adapter_config.json is too large.',
      details: `It has ${text.length} characters; up to ${MOST} are read. Drop the adapter without it.`,
    };
  }
  try {
    const json: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(json)) return refused(json) ?? fromJson(json, text);
  } catch {
    // Said below.
  }
  return {
    fault: 'adapter_config.json is damaged.',
    details: 'It is not a JSON object. Download it again, or drop the adapter without it and give α by hand.',
  };
}

/** AdaLoRA has a third factor between B and A. */
export const ADALORA: Fault = {
  fault: 'AdaLoRA is not read.',
  details: 'Its ΔW is B·diag(E)·A, and a file that is read here has no factor E (lora_E).',
};

/** PEFT keeps the factors of all experts of a layer in one A and one B. */
export const OF_EXPERTS: Fault = {
  fault: 'Adapters of parameters (target_parameters of PEFT) are not read.',
  details:
    'The experts of a layer have one A and one B for all of them, [r·E, in] and [out, r·E], which is no pair of one matrix.',
};

/** Adapters whose tensors are named like those of LoRA and mean something else. */
function refused({ peft_type, target_parameters }: Json): Fault | null {
  if (peft_type === 'ADALORA') return ADALORA;
  return Array.isArray(target_parameters) && target_parameters.length > 0 ? OF_EXPERTS : null;
}

/** The fields of a config, whose values may be of any type. */
export function fromJson(json: Json, text: string): AdapterConfig {
  // MLX keeps its own in an object of this name; older versions multiplied its scale by α/r.
  const mlx = isObject(json.lora_parameters) ? json.lora_parameters : null;
  const rank = number(mlx?.rank ?? json.r);
  const scale = anyNumber(mlx?.scale);
  // LoHa and LoKr of PEFT call it alpha.
  const alpha = anyNumber(mlx ? mlx.alpha : (json.lora_alpha ?? json.alpha));
  const older = scale !== null && alpha !== null && rank !== null && rank > 0;
  return {
    peftType: typeof json.peft_type === 'string' ? json.peft_type : null,
    r: rank,
    alpha: mlx ? null : alpha,
    rslora: json.use_rslora === true,
    dora: json.use_dora === true || json.fine_tune_type === 'dora',
    fanInFanOut: json.fan_in_fan_out === true,
    rankPattern: patterns(json.rank_pattern),
    alphaPattern: patterns(json.alpha_pattern),
    scale: older ? (scale * alpha) / rank : scale,
    text,
  };
}
