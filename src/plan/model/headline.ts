import { capital, count, display, duration, listed } from '../../experiment/numbers.ts';
import { fileText, memoryText, savingText } from './cost-text.ts';
import { adaptedModules, fileBytes, GIB, rankOf, smallestCard, timeOf, totalsOf } from './counts.ts';
import { methodName, planBytes, SPARE } from './fit.ts';
import { attentionRanks } from './models.ts';
import type { Cost } from './setting.ts';

/** A model in a sentence, by its name: after "of". */
const IN_SENTENCE: Readonly<Record<string, string>> = {
  gpt2: 'GPT-2 small',
  'llama-2-7b': 'a 7B decoder',
  'llama-3-8b': 'an 8B decoder',
  'vit-b16': 'ViT-B/16',
  'sd15-unet': 'the U-Net of Stable Diffusion 1.5',
  own: 'your model',
};

export type Adapt = 'attention' | 'all' | 'choose';

/** Which modules are adapted: all of attention, all of the table, or others. */
export function adaptOf(cost: Pick<Cost, 'model' | 'ranks'>): Adapt {
  const names = adaptedModules(cost).map(({ name }) => name);
  const attention = Object.keys(attentionRanks(cost.model, 1));
  const same = (others: readonly string[]) => names.length === others.length && others.every((n) => names.includes(n));
  if (same(cost.model.modules.map(({ name }) => name))) return 'all';
  return same(attention) ? 'attention' : 'choose';
}

/** "Rank 16", "Ranks 4 to 16"; null if nothing is adapted. */
function rankText(cost: Cost): string | null {
  const ranks = adaptedModules(cost).map((type) => rankOf(cost, type));
  if (ranks.length === 0) return null;
  const [least, most] = [Math.min(...ranks), Math.max(...ranks)];
  return least === most ? `rank ${least}` : `ranks ${least} to ${most}`;
}

function placesText(cost: Cost): string {
  const adapt = adaptOf(cost);
  if (adapt === 'all') return 'every module';
  if (adapt === 'attention') return 'the attention';
  const targets = adaptedModules(cost).map(({ target }) => target);
  return targets.length <= 3 ? listed(targets) : `${targets.length} of ${cost.model.modules.length} kinds of modules`;
}

/** Up to it the sentence has the memory itself, which every GPU has; above it the smallest card. */
const NAMED_BY_CARD = 8 * GIB;

/** The plan in a sentence. */
export function headlineOf(cost: Cost): string {
  const rank = rankText(cost);
  if (rank === null) return 'Nothing is adapted yet: check a module.';
  const bytes = planBytes(cost);
  const method = cost.quantised === 1 ? ` with ${methodName(cost)}` : '';
  const gib = `${memoryText(bytes)}\u00a0GiB`;
  const least = smallestCard(bytes);
  const card = smallestCard(bytes + SPARE * GIB);
  // As the panel of the GPU says it: buffers may not fit.
  const tight = least !== card ? `${least} GB` : null;
  const trains =
    bytes <= NAMED_BY_CARD
      ? `trains${method} in ${gib}`
      : least === null
        ? `needs ${gib} to train${method}, more than one 80 GB GPU has`
        : card === null
          ? `only just trains${method} on ${withArticle(`${least} GB GPU`)}`
          : `trains${method} on ${withArticle(`${card} GB GPU`)}${tight ? `; ${tight} only just` : ''}`;
  const file = fileText(fileBytes(totalsOf(cost).trained, 'bf16')).replace(/(\.0)? /, '\u00a0');
  return `${capital(rank)} on ${placesText(cost)} of ${IN_SENTENCE[cost.model.name]} is ${withArticle(`${file} file`)}, and ${trains}.`;
}

/** The estimated time and what it is for; for a model without one, how many times fewer numbers are trained. */
export function timeWords(cost: Cost): readonly [string, string] {
  const time = timeOf(cost);
  const { steps, speed, seconds } = cost;
  if (time === null) {
    const { fewer, trained } = totalsOf(cost);
    return trained === 0 ? ['–', 'nothing is adapted'] : [savingText(fewer), 'fewer than the adapted matrices have'];
  }
  const how = seconds > 0 ? `${seconds} s each, as measured` : `${display(speed)} TFLOP/s`;
  const full = time.full === null ? '' : `; full fine-tuning ${duration(time.full)}`;
  return [`about ${duration(time.seconds)}`, `for ${count(steps)} steps ${seconds > 0 ? 'of' : 'at'} ${how}${full}`];
}

/** "7B decoder, rank 16": for the title of the document. */
export function planTitle(cost: Cost): string {
  const name = capital((IN_SENTENCE[cost.model.name] ?? '').replace(/^(a|an|the) /, ''));
  return `${name}, ${rankText(cost) ?? 'nothing adapted'} · Plan a run`;
}

/** "an 80 MB file", "a 16 GB GPU": eight, eleven and eighteen begin with a vowel, 110 does not. */
function withArticle(text: string): string {
  return `${/^(8|1[18](?!\d))/.test(text) ? 'an' : 'a'} ${text}`;
}
