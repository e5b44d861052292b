/** Stock TensorFlow.js on a separate page, out of reach of the flags that the engine sets on the library. */

import { autodiff } from './autodiff.ts';
import { corner } from './corner.ts';
import { startOf } from './start.ts';

Object.assign(globalThis, { workbench: corner([autodiff], startOf) });
