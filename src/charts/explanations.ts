import type { Explanation } from './chart.ts';
import { explain as effectiveRank } from './effective-rank/explanation.ts';
import { explain as error } from './error/explanation.ts';
import { explain as gradients } from './gradients/explanation.ts';
import { explain as losses } from './losses/explanation.ts';
import type { Scene } from './scene.ts';
import { explain as spectrum } from './spectrum/explanation.ts';
import { explain as timeline } from './timeline/explanation.ts';

/** What a chart's help says of a scene, by the chart's name; a page loads it with the help. */
export const EXPLANATIONS: Readonly<Record<string, (scene: Scene) => Explanation>> = {
  ...{ effectiveRank, error, gradients, losses, spectrum, timeline },
};
