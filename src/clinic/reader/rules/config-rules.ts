import { count, listed, percent } from '../../../experiment/numbers.ts';
import type { PastedSettings } from '../fields.ts';
import { isFiniteThroughout } from '../losses.ts';
import type { PastedRun } from '../read.ts';
import type { ConfigFacts } from './config-facts.ts';
import { advice, type RuleFinding, settingWords, written } from './finding.ts';

type ConfigRule = (facts: ConfigFacts, settings: PastedSettings, run: PastedRun) => RuleFinding | null;

/** Adam's rate of full fine-tuning; an adapter's usual rate is 10 to 30 times larger. */
const SMALL_RATE = 1e-5;

const smallRate: ConfigRule = (
  { rate, optimiser, preference, steps, variant, adapter },
  { unetRate, rate: whole },
  run,
) => {
  if (!rate || rate.value > SMALL_RATE || rate.value <= 0 || optimiser.value === 'free' || preference || variant)
    return null;
  const reach = steps ? `, at most ${written(rate.value * steps.value)} in ${count(steps.value)} steps` : '';
  const set = rate.assumed ? 'No rate is set, so it is' : 'The rate is';
  return {
    ...{
      name: 'nothing',
      sure: adapter && rate.value < SMALL_RATE ? 'likely' : 'possible',
      weight: 66,
      evidence: rate.places,
    },
    reason: `${set} ${written(rate.value)}: Adam moves an entry of B by about that much a step${reach}. An adapter usually takes 10⁻⁴ or more.${advice([settingWords(run, unetRate && (!whole || unetRate.value >= whole.value) ? 'unetRate' : 'rate', 1e-4)])}`,
    expect: 'The loss hardly moves, and ‖ΔW‖ stays near 0.',
  };
};

const noRate: ConfigRule = ({ rate, optimiser }) =>
  rate?.value === 0 && optimiser.value !== 'free'
    ? {
        ...{ name: 'zeros', sure: 'likely', weight: 75, evidence: rate.places },
        reason: 'The rate is 0: B starts at 0 and stays there.',
        expect: 'Every lora_B is exactly 0 in the file, and the loss is that of the base model.',
      }
    : null;

/** kohya: α is 1 unless it is set. */
const lostAlpha: ConfigRule = ({ scale, alpha, rank, rate, optimiser, rslora, variant }, _settings, run) => {
  // Guides of kohya set α = 1 at small ranks on purpose: only far below that it is named.
  if (!scale || !alpha || !rank || rslora || variant || scale.value > (alpha.assumed ? 1 / 16 : 1 / 32)) return null;
  if (optimiser.value === 'free' || (rate && rate.value > 5e-4)) return null;
  const set = alpha.assumed ? 'No α is set, so it is' : 'α is';
  // Examples of sd-scripts have half of the rank, those of the others the rank or more.
  const half = run.tool === 'kohya';
  const better = half ? Math.max(1, Math.round(rank.value / 2)) : rank.value;
  const why = half ? ', half of the rank: s = 0.5' : ', the rank: s = 1';
  return {
    ...{ name: 'nothing', sure: alpha.assumed ? 'likely' : 'possible', weight: alpha.assumed ? 60 : 48 },
    evidence: scale.places,
    reason: `${set} ${written(alpha.value)} at rank ${count(rank.value)}: s = ${written(alpha.value)}/${count(rank.value)} = ${written(scale.value)} leaves ${percent(scale.value)} of B·A.${advice([settingWords(run, 'alpha', better)], why)}`,
    expect: 'The adapter works a little if its strength is turned far above 1.',
  };
};

const sgdFromZero: ConfigRule = ({ optimiser, optimiserName, rank }, { init, method }) => {
  if (optimiser.value !== 'sgd' || (!rank && !method) || /pissa|olora|corda|gaussian-both/i.test(init?.value ?? ''))
    return null;
  return {
    ...{ name: 'flat', sure: 'possible', weight: 40, evidence: optimiser.places },
    reason: `${optimiserName} from B = 0: A gets no gradient until B has grown, so the loss is flat before it bends down.`,
    expect: 'The loss falls by itself later; with Adam it falls at once.',
  };
};

const longWarmup: ConfigRule = ({ warmup, steps }, { warmupSteps }, run) => {
  if (!warmup || warmup.value < 0.3) return null;
  const whole = warmup.value >= 1;
  const tenth =
    warmupSteps && warmupSteps.value >= 1
      ? steps && settingWords(run, 'warmupSteps', Math.max(1, Math.round(steps.value / 10)))
      : settingWords(run, warmupSteps ? 'warmupSteps' : 'warmupRatio', 0.1);
  const words = advice([tenth], ', a tenth of the run');
  return {
    ...{ name: 'flat', sure: whole ? 'likely' : 'possible', weight: whole ? 62 : 46, evidence: warmup.places },
    reason: whole
      ? `Warm-up is as long as the run or longer: the rate never reaches what is set.${words}`
      : `Warm-up takes ${percent(warmup.value)} of the run: until then the rate is smaller than it is set.${words}`,
    expect: 'The loss bends down where warm-up ends.',
  };
};

/** SGD leaves stability at a rate that falls with s (mathematics.md); Adam bears no rate near 10⁻². */
const largeRate: ConfigRule = ({ rate, scale, optimiser, variant, alpha, rank, adapter }, _settings, run) => {
  if (!rate || optimiser.value === 'free') return null;
  const s = variant ? 1 : Math.max(1, scale?.value ?? 1);
  const [most, far] = optimiser.value === 'sgd' ? [0.3, 1] : [1.5e-2, 2e-2];
  const size = rate.value * s;
  if (size < (adapter ? most : far)) return null;
  const withScale = s > 1 && scale && alpha && rank;
  const places = withScale ? [...rate.places, ...scale.places] : rate.places;
  return {
    ...{ name: 'nan', sure: size >= far ? 'likely' : 'possible', weight: size >= far ? 64 : 47, evidence: places },
    reason: withScale
      ? `The rate is ${written(rate.value)} and s = ${written(alpha.value)}/${count(rank.value)} = ${written(s)}: a larger α breaks as a larger rate does, and together they are ${written(size)}.${advice([settingWords(run, 'alpha', rank.value)], ': s = 1')}`
      : `The rate is ${written(rate.value)}: ${optimiser.value === 'sgd' ? 'SGD' : 'Adam'} usually breaks there.`,
    expect: 'The loss jumps within the first steps, or grows until it is NaN.',
  };
};

const half: ConfigRule = ({ rate, scale, optimiser, optimiserName }, { fp16, bf16, precision, clip }, run) => {
  const place = fp16?.value
    ? fp16
    : /fp16|float16/i.test(precision?.value ?? '') && !/bf/i.test(precision?.value ?? '')
      ? precision
      : null;
  if (!place || bf16?.value || optimiser.value === 'free') return null;
  // Adafactor clips its own steps.
  const unclipped = clip !== undefined && clip.value <= 0 && !/adafactor/i.test(optimiserName);
  const size = (rate?.value ?? 0) * Math.max(1, scale?.value ?? 1);
  const whole = fp16?.key === 'full_fp16' && fp16.value;
  // sd-scripts stops before the first step.
  if (whole && /bf16/i.test(precision?.value ?? '')) return null;
  if (!unclipped && !whole && size <= 5e-3) return null;
  const why = unclipped
    ? 'gradients are not clipped'
    : whole
      ? 'the weights are float16, too'
      : `rate times s is ${written(size)}`;
  const bf16Words = run.tool === 'kohya' ? settingWords(run, 'precision', 'bf16') : settingWords(run, 'bf16', true);
  const write = unclipped ? settingWords(run, 'clip', 1) : bf16Words;
  const both = !unclipped && whole ? ` and ${settingWords(run, 'bf16', true)}, in place of float16` : '';
  return {
    ...{ name: 'nan', sure: 'possible', weight: 50 },
    evidence: [place, ...(unclipped && clip ? [clip] : !whole && rate ? rate.places : [])],
    reason: `It trains in float16, and ${why}: values over 65,504 overflow. bfloat16 does not.${advice([write], both)}`,
    expect: 'A loss of NaN or exactly 0, with a gradient norm of NaN.',
  };
};

/** Rates of plain LoRA; (IA)³ and VeRA are published with rates ten times and more above them. */
const USUAL = { low: 5e-5, high: 5e-4 } as const;

/** A rate that holds in many runs is named only if this one broke. */
const brokenRate: ConfigRule = ({ rate, scale, optimiser, variant }, _settings, run) => {
  const breaks = run.losses?.series.some((series) => !isFiniteThroughout(series));
  if (!breaks || !rate || variant || optimiser.value !== 'adam') return null;
  const s = Math.max(1, scale?.value ?? 1);
  if (rate.value * s <= USUAL.high) return null;
  return {
    ...{ name: 'nan', sure: 'likely', weight: 49, evidence: rate.places },
    reason: `The rate is ${written(rate.value)}${s > 1 ? ` at s = ${written(s)}` : ''}; 10⁻⁴ is usual for an adapter with Adam.${advice([settingWords(run, 'rate', 1e-4)])}`,
    expect: 'At a tenth of the rate it holds.',
  };
};

const smallScale: ConfigRule = ({ rank, alpha, scale, rslora, optimiser, optimiserName, variant }, _settings, run) => {
  if (!rank || !alpha || !scale || rslora || variant) return null;
  const sgd = optimiser.value === 'sgd';
  if (sgd ? rank.value < 32 || scale.value > 0.5 : rank.value < 64 || scale.value > 1 / 8 || alpha.value <= 1)
    return null;
  const eight = alpha.value / 8;
  const words = advice([settingWords(run, 'alpha', eight * rank.value), settingWords(run, 'rslora', true)]);
  const fraction = `s = ${written(alpha.value)}/${count(rank.value)} = ${written(scale.value)}`;
  return {
    ...{ name: 'rank64', sure: sgd ? 'likely' : 'possible', weight: sgd ? 65 : 44 },
    evidence: [...scale.places, ...(sgd ? optimiser.places : [])],
    reason: sgd
      ? `${fraction}, and ${optimiserName} feels it: at rank 8 it would be ${written(eight)}.${words}`
      : `${fraction}; at rank 8 it would be ${written(eight)}. Adam feels it less than SGD.${words}`,
    expect: 'A smaller rank learns faster with the same α and rate; α/√r brings the large one back.',
  };
};

const manyEpochs: ConfigRule = (_facts, { epochs, samples, repeats }, { tool }) => {
  if (!epochs) return null;
  const sights = epochs.value * (repeats?.value ?? 1);
  const few = samples !== undefined && samples.value <= 300;
  const most = tool === 'kohya' ? (repeats ? 400 : 60) : few ? 3 : 10;
  if (sights < most) return null;
  const seen = repeats
    ? `${count(epochs.value)} epochs of ${count(repeats.value)} repeats show each picture ${count(sights)} times`
    : `It sees each sample ${written(epochs.value)} times`;
  return {
    ...{ name: 'overfit', sure: 'possible', weight: few ? 55 : 49 },
    evidence: [epochs, ...(repeats ? [repeats] : []), ...(few && samples ? [samples] : [])],
    reason: few && samples ? `${seen}, and there are ${count(samples.value)}.` : `${seen}.`,
    expect: 'The held-out loss turns up while the training loss still falls.',
  };
};

const stairsOfEpochs: ConfigRule = (_facts, { epochs, repeats }, { tool }) =>
  epochs && !repeats && epochs.value >= (tool === 'kohya' ? 80 : 10)
    ? {
        ...{ name: 'staircase', sure: 'possible', weight: 36, evidence: [epochs] },
        reason: `${written(epochs.value)} epochs: from the second on, every sample has been seen.`,
        expect: 'The training loss drops at the start of each epoch and is flat within it.',
      }
    : null;

const Q_AND_V = /(^|[._])(q|v|q_proj|v_proj|query|value|to_q|to_v|q_lin|v_lin|query_key_value_q|wq|wv)$/i;
const MLP =
  /(^|[._])(up_proj|down_proj|gate_proj|up|down|gate|fc1|fc2|w1|w2|w3|c_fc|dense_h_to_4h|dense_4h_to_h|mlp)$/i;

const fewModules: ConfigRule = ({ rank }, { targets, textOnly }, { tool, syntax }) => {
  if (textOnly?.value)
    return {
      ...{ name: 'modules', sure: 'possible', weight: 45, evidence: [textOnly] },
      reason: 'Only the text encoder is trained: no matrix of the U-Net moves.',
      expect: 'New words are learned, a new style is not.',
    };
  if (!targets || !rank) return null;
  const names = targets.value;
  const onlyMlp = names.every((name) => MLP.test(name));
  const onlyQv = names.every((name) => Q_AND_V.test(name));
  if (onlyMlp)
    return {
      ...{ name: 'modules', sure: 'possible', weight: 52, evidence: [targets] },
      reason: `${listed(names.slice(0, 4))} only: no matrix of attention is trained, so it cannot learn where to look.`,
      expect: 'Tasks that move symbols stay at chance, whatever the rank.',
    };
  // Other methods of PEFT spend their rank otherwise.
  const plain = tool !== 'peft' || syntax === 'JSON' || targets.place === 'LoraConfig';
  if (!onlyQv || rank.value < 32 || !plain) return null;
  return {
    ...{ name: 'modules', sure: 'possible', weight: 34, evidence: [targets, ...rank.places] },
    reason: `${listed(names.slice(0, 4))} only, at rank ${count(rank.value)}. Enough for some tasks; at equal size a smaller rank in all matrices does more.`,
    expect: 'A larger rank changes little; more modules at a smaller rank do.',
  };
};

const mergedFourBits: ConfigRule = (_facts, { merge, exported, adapter, fourBits, bits }) => {
  const quantised = fourBits?.value ? fourBits : bits && bits.value <= 8 ? bits : null;
  const merges = merge?.value ? merge : exported && adapter ? exported : null;
  return quantised && merges
    ? {
        ...{ name: 'merged', sure: 'likely', weight: 70, evidence: [quantised, merges] },
        reason: `It merges into ${quantised === bits ? `${bits?.value}-bit` : '4-bit'} weights: a change smaller than their steps is rounded away. Load the base without them, in float32, merge and save that; or keep the adapter beside it.`,
        expect: 'The adapter works until it is merged, and hardly after.',
      }
    : null;
};

const mergedHalf: ConfigRule = (
  _facts,
  { merge, precision, mergePrecision, savePrecision, mergedModels, fourBits },
) => {
  const half16 = (text: string | undefined) => /bf16|bfloat16|fp16|float16|half/i.test(text ?? '');
  const place = merge?.value && !fourBits?.value ? precision : mergedModels ? mergePrecision : undefined;
  if (!place || !half16(place.value)) return null;
  const b = /bf/i.test(place.value);
  if (!b && !mergedModels) return null;
  return {
    ...{ name: 'merged', sure: 'possible', weight: 53, evidence: [place, ...(merge ? [merge] : [])] },
    reason: `It merges in ${b ? 'bfloat16: a change below 0.2 to 0.4% of a weight is rounded away' : 'float16: the sum is rounded at every adapter'}${savePrecision && /float$/i.test(savePrecision.value) ? ', before it is saved in float32' : ''}.`,
    expect: 'Most weights are the same after merging; in float32 they are not.',
  };
};

const largeFile: ConfigRule = ({ rank, variant }, { saved, saveEmbeddings }) => {
  const whole = saved?.value.filter((name) => /embed|lm_head|wte|tok/i.test(name)) ?? [];
  if (saved && whole.length > 0)
    return {
      ...{ name: 'size', sure: 'possible', weight: 57, evidence: [saved] },
      reason: `${listed(whole.slice(0, 3))} ${whole.length === 1 ? 'is' : 'are'} saved whole: far more numbers than B and A have. New tokens need it, nothing else does.`,
      expect: 'A file of a gigabyte or more, and nearly all of it embeddings.',
    };
  if (saveEmbeddings?.value)
    return {
      ...{ name: 'size', sure: 'likely', weight: 58, evidence: [saveEmbeddings] },
      reason: 'The embeddings are saved whole, trained or not.',
      expect: 'A file of a gigabyte or more, and nearly all of it embeddings.',
    };
  // VeRA saves vectors, not factors of its rank.
  if (!rank || rank.value < 128 || variant) return null;
  return {
    ...{ name: 'size', sure: 'possible', weight: rank.value >= 256 ? 51 : 43, evidence: rank.places },
    reason: `Rank ${count(rank.value)}: the file has ${count(rank.value)} directions a matrix, and pays for each whether or not it holds anything.`,
    expect: 'Singular values that fall to nothing long before the last.',
  };
};

const summed: ConfigRule = (_facts, { weights, mergedModels, combination, adapter, together }, { promptWeights }) => {
  const places = weights ? [weights] : promptWeights;
  const values = weights?.value ?? (promptWeights.length > 1 ? promptWeights.map(({ weight }) => weight) : []);
  const total = values.reduce((sum, x) => sum + Math.abs(x), 0);
  if (values.length > 1 && total > 1.3 && values.filter((x) => Math.abs(x) >= 0.4).length > 1) {
    const cross = combination?.value === 'linear' ? ' “linear” also multiplies B of one by A of the other.' : '';
    const model = mergedModels ? [mergedModels] : [];
    return {
      ...{
        name: 'together',
        sure: 'likely',
        weight: 68,
        evidence: [...places, ...(cross && combination ? [combination] : []), ...model],
      },
      reason: `${count(values.length)} adapters are added with weights that sum to ${written(total)}: each was trained as if alone.${cross}`,
      expect: 'Each is fine alone; together they go too far. Weights that sum to 1 are better.',
    };
  }
  if (together && !weights && together.value.length > 1)
    return {
      ...{ name: 'together', sure: 'likely', weight: 67, evidence: [together] },
      reason: `${count(together.value.length)} adapters are in use at once without weights, so each has weight 1.`,
      expect: 'Each is fine alone; together they go too far. Weights that sum to 1 are better.',
    };
  const names = adapter?.value.split(',').filter((name) => name.trim() !== '') ?? [];
  return adapter && names.length > 1
    ? {
        ...{ name: 'together', sure: 'possible', weight: 54, evidence: [adapter] },
        reason: `${count(names.length)} adapters are merged one after another, each with its full weight.`,
        expect: 'Each is fine alone; together they go too far.',
      }
    : null;
};

const otherMethod: ConfigRule = ({ variant, rate, optimiser }) => {
  if (!variant || !rate || optimiser.value === 'free') return null;
  const scaled = /VeRA|IA|FourierFT|VB-LoRA/.test(variant.value);
  const outside = rate.value > (variant.value === 'DoRA' ? USUAL.high : 2 * USUAL.high) || rate.value < 2e-5;
  if (!outside && !(scaled && rate.value >= USUAL.low)) return null;
  return {
    ...{ name: 'variant', sure: 'possible', weight: 46, evidence: [...variant.places, ...rate.places] },
    reason: scaled
      ? `${variant.value} at ${written(rate.value)}, a usual rate of LoRA: its own best rate is far from LoRA’s.`
      : `${variant.value} at ${written(rate.value)}: at one rate two methods are compared by how far the rate is from the best of each.`,
    expect: 'At three times and a third of the rate it ends clearly elsewhere.',
  };
};

const untrained: ConfigRule = (_facts, _settings, { untrained: places }) =>
  places.length > 0
    ? {
        ...{ name: 'nothing', sure: 'likely', weight: 90, evidence: places },
        reason: 'It says itself that nothing is trained: no name of a target module matches, or all is frozen.',
        expect: 'The loss does not move at all.',
      }
    : null;

const printedZeros: ConfigRule = (_facts, _settings, { zeros }) =>
  zeros.length > 0
    ? {
        ...{ name: 'zeros', sure: 'likely', weight: 85, evidence: zeros.slice(0, 3) },
        reason: `${zeros.length === 1 ? 'A factor B is' : `${count(zeros.length)} factors B are`} printed as zeros. Before the first step that is right; after it, B is not trained: the optimiser does not hold it, or the rate is 0.`,
        expect: 'After one more step it is still 0.',
      }
    : null;

/** Only if an adapter is trained: the rates and epochs of full fine-tuning are others. */
const TRAINING_RULES: readonly ConfigRule[] = [
  ...[smallRate, noRate, lostAlpha, sgdFromZero, longWarmup, largeRate, half, brokenRate, smallScale],
  ...[manyEpochs, stairsOfEpochs, fewModules, otherMethod],
];
const OTHER_RULES: readonly ConfigRule[] = [
  ...[untrained, printedZeros, mergedFourBits, mergedHalf, largeFile, summed],
];

/** Arguments of a Trainer alone do not say what is trained; the files of the other tools do. */
export function configFindings(facts: ConfigFacts, run: PastedRun): readonly RuleFinding[] {
  const trains = facts.adapter || (run.tool === 'peft' && run.syntax === 'Python');
  const rules = trains ? [...TRAINING_RULES, ...OTHER_RULES] : OTHER_RULES;
  return rules.map((rule) => rule(facts, run.settings, run)).filter((found) => found !== null);
}
