import * as maker from '../../experiment/layer/method-module.ts';
import * as search from '../background/best-found.ts';
import * as stepper from './method.ts';
import { methodChunk } from './method-parts.ts';

methodChunk.give({ maker, stepper, search });
