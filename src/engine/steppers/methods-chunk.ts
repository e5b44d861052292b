import * as made from '../../experiment/layer/method-module.ts';
import * as merged from '../../experiment/layer/quantised/merged-weights.ts';
import * as quantised from '../../experiment/layer/quantised/quantised-module.ts';
import * as search from '../background/best-found.ts';
import * as chains from '../tasks/network/method-chains.ts';
import * as stepper from './method.ts';
import { methodChunk } from './method-parts.ts';
import * as orthogonal from './orthogonal.ts';
import * as pairs from './pairs.ts';
import * as regimes from './regime/regime-steps.ts';

methodChunk.give({ maker: { ...made, ...quantised, ...merged }, stepper, chains, search, orthogonal, pairs, regimes });
