/** Whether the build that the engine takes in this browser multiplies and adds in one operation. */

import { wasmFuses } from '../../src/engine/steppers/wasm/wasm.ts';

Object.assign(globalThis, { workbench: { fuses: wasmFuses() } });
