import * as stepper from '../../steppers/network.ts';
import * as evaluate from './evaluate.ts';
import { fetchNetworkData } from './fetch-assets.ts';
import { networkChunk } from './network-parts.ts';
import * as problem from './problem.ts';

networkChunk.give({ problem, stepper, evaluate, data: fetchNetworkData });
