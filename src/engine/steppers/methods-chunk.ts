import * as maker from '../../experiment/layer/method-module.ts';
import * as search from '../background/best-found.ts';
import * as chains from '../tasks/network/method-chains.ts';
import * as stepper from './method.ts';
import { methodChunk } from './method-parts.ts';
import * as orthogonal from './orthogonal.ts';
import * as pairs from './pairs.ts';

methodChunk.give({ maker, stepper, chains, search, orthogonal, pairs });
