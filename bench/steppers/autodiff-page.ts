/** Stock TensorFlow.js in a page of its own: what the engine sets on the library must not reach it. */

import { autodiff } from './autodiff.ts';
import { corner } from './corner.ts';

Object.assign(globalThis, { workbench: corner([autodiff]) });
